/** Loading with the states every page shows: busy, error, data. A newer call makes an older answer void. */
import { Offline } from '@/api/problem'
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export interface Load<T, A extends unknown[]> {
  data: ShallowRef<T | null>
  error: Ref<unknown>
  busy: Ref<boolean>
  run: (...args: A) => Promise<T | undefined>
  /** Reads the same anew beside what is shown; when that fails, what is shown stays. */
  refresh: () => Promise<void>
}

export function useLoad<T, A extends unknown[]>(fetch: (...args: A) => Promise<T>): Load<T, A> {
  const data = shallowRef<T | null>(null)
  const error = ref<unknown>(null)
  const busy = ref(false)
  let latest = 0
  let asked: A | undefined
  async function run(...args: A): Promise<T | undefined> {
    const mine = ++latest
    asked = args
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
  async function refresh(): Promise<void> {
    // What could not be read for want of a connection is read as at first.
    if (asked && error.value instanceof Offline && !busy.value) return void (await run(...asked))
    // What is being read right now may be from before the change.
    if (!asked || (data.value === null && !busy.value)) return
    const mine = latest
    const answer = await fetch(...asked).catch(() => undefined)
    if (answer === undefined || mine !== latest) return
    data.value = answer
    error.value = null
  }
  return { data, error, busy, run, refresh }
}
