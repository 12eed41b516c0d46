/** Loading with the states every page shows: busy, error, data. A newer call makes an older answer void. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export interface Load<T, A extends unknown[]> {
  data: ShallowRef<T | null>
  error: Ref<unknown>
  busy: Ref<boolean>
  run: (...args: A) => Promise<T | undefined>
}

export function useLoad<T, A extends unknown[]>(fetch: (...args: A) => Promise<T>): Load<T, A> {
  const data = shallowRef<T | null>(null)
  const error = ref<unknown>(null)
  const busy = ref(false)
  let latest = 0
  async function run(...args: A): Promise<T | undefined> {
    const mine = ++latest
    busy.value = true
    error.value = null
    try {
      const answer = await fetch(...args)
      if (mine !== latest) return undefined
      data.value = answer
      return answer
    } catch (cause) {
      if (mine === latest) error.value = cause
      return undefined
    } finally {
      if (mine === latest) busy.value = false
    }
  }
  return { data, error, busy, run }
}
