/** Keeps a page as it stands on the server: reads it anew when somebody else has changed what it shows. */
import { onScopeDispose, watch } from 'vue'
import { about } from '@/lib/live'
import { useLive } from '@/stores/live'

export interface Fresh {
  /** While this holds, as with an open form or a lifted duty, the page stays as it is; it is read anew afterwards. */
  hold?: () => boolean
  /** Only what concerns one of these ids. */
  of?: () => readonly (string | undefined)[] | undefined
  /** Least time between two readings. */
  paceMs?: number
}

export function useFresh(kinds: readonly string[], refresh: () => Promise<unknown> | undefined, fresh: Fresh = {}): void {
  const { hold = () => false, of, paceMs = 400 } = fresh
  let due = false
  let busy = false
  let gone = false

  async function go(): Promise<void> {
    due = true
    if (busy) return
    busy = true
    while (due && !gone && !hold()) {
      due = false
      await Promise.resolve(refresh()).catch(() => undefined)
      await new Promise((done) => setTimeout(done, paceMs))
    }
    busy = false
  }

  const leave = useLive().listen((changes) => {
    if (about(changes, kinds, of?.())) void go()
  })
  watch(hold, (held) => !held && due && void go())
  onScopeDispose(() => {
    gone = true
    leave()
  })
}
