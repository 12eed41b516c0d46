/** What somebody may do and where, as the server says in the session; the server decides, this only keeps controls out of the way. */

export const ROLES = ['administrator', 'manager', 'coordinator', 'member', 'deputy', 'informationOfficer', 'reader'] as const
export type Role = (typeof ROLES)[number]

export type Right = 'see' | 'inspect' | 'edit' | 'plan' | 'publish' | 'rules' | 'register' | 'follow' | 'handle' | 'receive' | 'unmask' | 'administer'

/** A right and the roots of the subtrees that it holds in; null for the whole network. */
export interface Held {
  right: string
  units?: readonly string[] | null
}

/** Whether the right holds somewhere. */
export function holds(held: readonly Held[], right: Right): boolean {
  return held.some((one) => one.right === right)
}

/** Whether the right holds at a unit, given with the units above it; an empty path stands for the whole network. */
export function holdsAt(held: readonly Held[], right: Right, path: readonly string[]): boolean {
  const found = held.find((one) => one.right === right)
  if (!found) return false
  return !found.units || found.units.some((unit) => path.includes(unit))
}

/** Where a person with these rights begins. */
export function homeOf(held: readonly Held[], person: string | null | undefined): string {
  if (holds(held, 'inspect')) return '/board'
  if (person && holds(held, 'follow')) return '/my-week'
  if (holds(held, 'register')) return '/cases/new'
  return holds(held, 'follow') ? '/cases' : '/receptions'
}

/** An address within the app to come back to; anything else leads home. */
export function backTo(asked: unknown): string | null {
  return typeof asked === 'string' && /^\/(?![/\\])/.test(asked) && !/^\/(sign-in|password)\b/.test(asked) ? asked : null
}
