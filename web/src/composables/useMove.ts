/** A step on a document that others move too: when it has moved meanwhile, shows what changed and asks whether to go on. */
import { ApiProblem } from '@/api/problem'
import { threeWay } from '@/lib/changes'
import { ask, GivenUp, useSave } from './useSave'

interface Moving<D, T> {
  base: D
  act: (version: number) => Promise<T>
  reload: () => Promise<D>
  /** The newer state, when the step was given up for it. */
  newer: (document: D) => void
}

export function useMove() {
  const { saving, attempt, tell } = useSave()
  async function move<D extends object & { version: number }, T>(step: Moving<D, T>, done?: string): Promise<T | undefined> {
    let base = step.base
    return attempt(async () => {
      for (;;) {
        try {
          return await step.act(base.version)
        } catch (error) {
          // A state that does not allow the step any more is shown as it is now, beside the server's reason.
          if (error instanceof ApiProblem && error.status === 409) step.newer(await step.reload())
          if (!(error instanceof ApiProblem && error.stale)) throw error
        }
        const theirs = await step.reload()
        if ((await ask(threeWay(base, base, theirs))) !== 'mine') {
          step.newer(theirs)
          throw new GivenUp()
        }
        base = theirs
      }
    }, done)
  }
  return { saving, attempt, move, tell }
}
