/** Saving with optimistic concurrency: a 412, or a 428 after somebody else's change, is answered by showing what changed, never by overwriting. */
import { ElMessage } from 'element-plus'
import { ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiProblem, Offline } from '@/api/problem'
import { i18n } from '@/i18n'
import { rebase, threeWay, type FieldChange } from '@/lib/changes'
import { fieldWord } from '@/lib/fields'
import { clauses, said } from '@/lib/punctuation'

export interface Conflict {
  changes: FieldChange[]
  resolve: (choice: 'mine' | 'theirs' | 'cancel') => void
}

/** The conflict on screen; there is one dialog for the whole app. */
export const conflict = shallowRef<Conflict | null>(null)

/** The user took the other side's state: nothing failed, nothing was done. */
export class GivenUp extends Error {}

interface Versioned {
  version?: number | null
}

export interface Save<D> {
  base: D
  mine: D
  replace: (document: D, version: number) => Promise<D>
  reload: () => Promise<D>
}

export function useSave() {
  const { t } = useI18n()
  const saving = ref(false)

  function tell(error: unknown): void {
    const message = wording(error, t('state.offline'))
    // Long enough to be read.
    ElMessage({ message, type: 'error', duration: Math.max(6000, message.length * 80), showClose: true, grouping: true })
  }

  /** Runs a change; tells and answers undefined when it fails. */
  async function attempt<T>(change: () => Promise<T>, done?: string): Promise<T | undefined> {
    saving.value = true
    try {
      const answer = await change()
      if (done) ElMessage({ message: done, type: 'success', duration: 2500, grouping: true })
      return answer
    } catch (error) {
      if (!(error instanceof GivenUp)) tell(error)
      return undefined
    } finally {
      saving.value = false
    }
  }

  /** Replaces a document; when somebody else was faster, shows what changed and lets the user choose. */
  async function replace<D extends object & Versioned>(save: Save<D>, done?: string): Promise<D | undefined> {
    return attempt(async () => {
      let { base, mine } = save
      for (;;) {
        let unversioned: ApiProblem | null = null
        try {
          return await save.replace(mine, base.version ?? 0)
        } catch (error) {
          if (!(error instanceof ApiProblem && (error.stale || error.unversioned))) throw error
          if (error.unversioned) unversioned = error
        }
        const theirs = await save.reload()
        // A version that does not arrive would not arrive again: only what somebody else changed is worth asking about.
        if (unversioned && theirs.version === base.version) throw unversioned
        const choice = await ask(threeWay(base, mine, theirs))
        if (choice === 'theirs') return theirs
        if (choice === 'cancel') throw new GivenUp()
        mine = rebase(base, mine, theirs)
        base = theirs
      }
    }, done)
  }

  return { saving, attempt, replace, tell }
}

export function ask(changes: FieldChange[]): Promise<'mine' | 'theirs' | 'cancel'> {
  return new Promise((resolve) => {
    conflict.value = {
      changes,
      resolve: (choice) => {
        conflict.value = null
        resolve(choice)
      },
    }
  })
}

/** An error in words for the user: the server's own, with each wrong place. */
export function wording(error: unknown, offline: string): string {
  if (error instanceof Offline) return offline
  if (error instanceof ApiProblem) {
    if (error.unversioned) return i18n.global.t('conflict.unversioned')
    const { title, detail, errors } = error.document
    const causes = errors.map((one) => (one.pointer ? said(fieldWord(one.pointer), bare(one.cause)) : bare(one.cause)))
    // Several faults are often mended in one way: it is said once.
    const actions = [...new Set(errors.map((one) => bare(one.action)).filter(Boolean))]
    // What may be done here is a matter of roles, which only an administrator can change: say so.
    const next = error.status === 403 ? i18n.global.t('session.forbiddenNext') : ''
    // A detail may begin with the title.
    const head = detail?.startsWith(title) ? detail : [title, detail].filter(Boolean).join(' · ')
    return [head, ...causes, clauses(actions), next].filter(Boolean).join('\n')
  }
  return error instanceof Error ? error.message : String(error)
}

/** A sentence without its full stop, to stand in a list. */
const bare = (text: string): string => text.trim().replace(/[。.;；]+$/, '')
