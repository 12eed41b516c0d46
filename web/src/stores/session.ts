/** Who is signed in, and what their roles let them do. Nothing of it is stored: the cookie is the browser's, the token lives in memory. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { door, type Session } from '@/api/accounts'
import { setCsrfToken } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import { dropDrafts } from '@/composables/useDraft'
import { holds, holdsAt, homeOf, type Right } from '@/lib/rights'
import { useNames } from './names'
import { useScope } from './scope'

export const useSession = defineStore('session', () => {
  const current = shallowRef<Session | null>(null)
  const known = ref(false)
  /** The session ended while somebody was working. */
  const ended = ref(false)
  const failed = ref<unknown>(null)
  const roles = computed(() => [...new Set((current.value?.grants ?? []).map((one) => one.role))])
  const rights = computed(() => current.value?.rights ?? [])
  const home = computed(() => homeOf(rights.value, current.value?.person))

  function take(session: Session | null): void {
    current.value = session
    known.value = true
    failed.value = null
    setCsrfToken(session?.csrfToken)
    if (session) ended.value = false
  }

  /** Asks once who is there; again after signing out or a failure. */
  async function boot(): Promise<void> {
    if (known.value) return
    await ask()
  }

  async function ask(): Promise<string | null> {
    try {
      take(await door.session())
    } catch (error) {
      if (!(error instanceof ApiProblem && error.status === 401)) {
        failed.value = error
        throw error
      }
      take(null)
    }
    return current.value?.csrfToken ?? null
  }

  async function signIn(name: string, password: string): Promise<void> {
    forget()
    take(await door.signIn(name, password))
  }

  async function signOut(): Promise<void> {
    await door.signOut()
    take(null)
    forget()
    dropDrafts()
  }

  /** What was fetched for somebody is not shown to the next one. */
  function forget(): void {
    useScope().reset()
    useNames().forget()
  }

  /** The server no longer knows the session. */
  function lost(): void {
    // Several requests may be refused at once; the first of them knows that somebody was working.
    ended.value ||= current.value !== null
    take(null)
    forget()
  }

  /** The name of the account's person, for those who cannot look people up. */
  async function ownName(): Promise<void> {
    const me = await door.me()
    if (me.person) useNames().keepPeople([me.person])
  }

  return {
    current, roles, home, ended, failed, boot, ask, signIn, signOut, lost, ownName,
    may: (right: Right) => holds(rights.value, right),
    /** Whether the right holds at a unit whose units above are known (`names.ensurePaths`); no unit stands for the whole network. */
    mayAt: (right: Right, unit: string | null | undefined) => holdsAt(rights.value, right, unit ? useNames().path(unit) : []),
    /** Codes of the units at which a right begins to hold; none where it holds over the whole network. */
    rootsOf: (right: Right) => rights.value.find((one) => one.right === right)?.units ?? null,
    /** The account's person; none when nobody signs in. */
    person: computed(() => current.value?.person ?? null),
    open: computed(() => current.value?.open ?? false),
  }
})
