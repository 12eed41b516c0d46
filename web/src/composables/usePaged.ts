/** A long list read page by page as the user scrolls. */
import { Offline } from '@/api/problem'
import { ref, shallowRef } from 'vue'
import { follow, type PageOf } from '@/api/client'

export function usePaged<T>(first: () => Promise<PageOf<T>>) {
  const items = shallowRef<T[]>([])
  const error = ref<unknown>(null)
  const busy = ref(false)
  const loaded = ref(false)
  let next: string | null = null
  let turn = 0

  async function take(page: Promise<PageOf<T>>, fresh: boolean): Promise<void> {
    const mine = fresh ? ++turn : turn
    busy.value = true
    error.value = null
    try {
      const answer = await page
      if (mine !== turn) return
      items.value = fresh ? answer.items : [...items.value, ...answer.items]
      next = answer.next ?? null
      loaded.value = true
    } catch (cause) {
      if (mine === turn) error.value = cause
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  /** Reads as much anew as is shown, beside it; when that fails, what is shown stays. */
  async function refresh(): Promise<void> {
    if (busy.value) return
    if (error.value instanceof Offline) return take(first(), true)
    if (!loaded.value) return
    const mine = turn
    const fresh: T[] = []
    try {
      let page = await first()
      fresh.push(...page.items)
      while (page.next && fresh.length < items.value.length) {
        page = await follow<PageOf<T>>(page.next)
        fresh.push(...page.items)
      }
      if (mine !== turn || busy.value) return
      items.value = fresh
      next = page.next ?? null
    } catch {
      // The next change tries again.
    }
  }

  return {
    items,
    error,
    busy,
    loaded,
    reload: () => take(first(), true),
    refresh,
    more: async () => {
      if (next && !busy.value) await take(follow<PageOf<T>>(next), false)
    },
    hasMore: () => next !== null,
  }
}
