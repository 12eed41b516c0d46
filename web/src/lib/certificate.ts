/** What a certificate claims: bounds of the three tiers, or, for a new version of a week in force, the fewest changes. */

/** What replanning the streets proved together; none where every tier has a bound of its own. */
export interface LeastChange {
  /** How many people's duties change, how many could not be spared, and the least that any roster could do with. */
  people: number
  forced: number
  peopleBound: number
  peopleProven: boolean
  /** The residents' tier within these streets. */
  residents: number
  residentsBound: number
  residentsProven: boolean
}

interface Proof { value: number; bound?: number | null; proven: boolean }
interface Street { people: Proof; forced: number; tier1: Proof }

export function leastChange(certificate: { solver?: unknown }): LeastChange | null {
  const streets = (certificate.solver as { replannedStreets?: Street[] } | null | undefined)?.replannedStreets
  if (!Array.isArray(streets) || streets.length === 0) return null
  const sum = (pick: (street: Street) => number) => streets.reduce((all, street) => all + pick(street), 0)
  return {
    people: sum((one) => one.people.value),
    forced: sum((one) => one.forced),
    peopleBound: sum((one) => one.people.bound ?? 0),
    peopleProven: streets.every((one) => one.people.proven),
    residents: sum((one) => one.tier1.value),
    residentsBound: sum((one) => one.tier1.bound ?? 0),
    residentsProven: streets.every((one) => one.tier1.proven),
  }
}
