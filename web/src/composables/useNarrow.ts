/** Whether the window is narrower than so many pixels. */
import { onBeforeUnmount, ref, type Ref } from 'vue'

export function useNarrow(pixels: number): Ref<boolean> {
  const query = window.matchMedia(`(max-width: ${pixels}px)`)
  const narrow = ref(query.matches)
  const update = (event: MediaQueryListEvent) => (narrow.value = event.matches)
  query.addEventListener('change', update)
  onBeforeUnmount(() => query.removeEventListener('change', update))
  return narrow
}
