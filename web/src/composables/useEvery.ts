/** Looks again from time to time, while somebody looks at the page: for what the server tells nobody of. */
import { onScopeDispose } from 'vue'

export function useEvery(ms: number, look: () => Promise<unknown>): void {
  const timer = setInterval(() => {
    if (document.visibilityState !== 'hidden') void look().catch(() => undefined)
  }, ms)
  onScopeDispose(() => clearInterval(timer))
}
