/** What differs between two states of the same thing: documents (for conflicts) and rosters (for comparing plans). */

export interface FieldChange {
  field: string
  base: unknown
  mine: unknown
  theirs: unknown
  /** Both sides changed it, and not to the same. */
  clash: boolean
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** What follows from the rest of a record, or counts its changes. */
const BOOKKEEPING = ['version', 'legalMoves', 'windows', 'freeWindows', 'inputHash', 'run', 'oneTimePassword']

/** Fields in which either side left the base, without bookkeeping fields. */
export function threeWay(base: object, mine: object, theirs: object): FieldChange[] {
  const at = (document: object, field: string) => (document as Record<string, unknown>)[field]
  const fields = new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])
  for (const field of BOOKKEEPING) fields.delete(field)
  const changes: FieldChange[] = []
  for (const field of [...fields].sort()) {
    const [b, m, t] = [at(base, field), at(mine, field), at(theirs, field)]
    const byMe = !same(b, m)
    const byThem = !same(b, t)
    if (byMe || byThem) changes.push({ field, base: b, mine: m, theirs: t, clash: byMe && byThem && !same(m, t) })
  }
  return changes
}

/** Their document with my changes on top. */
export function rebase<T extends object>(base: T, mine: T, theirs: T): T {
  const result = { ...theirs } as Record<string, unknown>
  for (const change of threeWay(base, mine, theirs)) {
    if (!same(change.base, change.mine)) result[change.field] = change.mine
  }
  return result as T
}

interface Duty {
  person: string
  post: string
}

export interface RosterChange<D extends Duty> {
  person: string
  added: D[]
  removed: D[]
}

/** Whose duties differ between two rosters, most changes first. */
export function rosterChanges<D extends Duty>(before: readonly D[], after: readonly D[]): RosterChange<D>[] {
  const key = (duty: D) => `${duty.person}\n${duty.post}`
  const old = new Set(before.map(key))
  const fresh = new Set(after.map(key))
  const byPerson = new Map<string, RosterChange<D>>()
  const of = (person: string) => {
    const known = byPerson.get(person) ?? { person, added: [], removed: [] }
    byPerson.set(person, known)
    return known
  }
  for (const duty of after) if (!old.has(key(duty))) of(duty.person).added.push(duty)
  for (const duty of before) if (!fresh.has(key(duty))) of(duty.person).removed.push(duty)
  return [...byPerson.values()].sort(
    (a, b) =>
      b.added.length + b.removed.length - a.added.length - a.removed.length || a.person.localeCompare(b.person),
  )
}
