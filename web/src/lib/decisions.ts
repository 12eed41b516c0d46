/** What a roster decides about cases, counted; and what has happened to a roster in force, as the server is told. */
import type { Happening } from '@/api/planning'
import { addDays } from './time'

/** The outcomes kept apart: explained is not failed, waiting is not late. */
export const SETTLEMENTS = ['worked', 'escalated', 'explained', 'waiting', 'late'] as const
export type Settlement = (typeof SETTLEMENTS)[number]

export function counted(list: readonly { settlement: string }[]): Record<Settlement, number> {
  const counts = { worked: 0, escalated: 0, explained: 0, waiting: 0, late: 0 }
  for (const one of list) if (one.settlement in counts) counts[one.settlement as Settlement] += 1
  return counts
}

export const HAPPENINGS = ['sick', 'resigned', 'closed'] as const

export interface Happened {
  kind: (typeof HAPPENINGS)[number]
  person: string
  station: string
  from: string | null
  /** The last day, which counts in full. */
  to: string | null
}

/** The event for the server; none while something is missing. */
export function happening({ kind, person, station, from, to }: Happened): Happening | null {
  if (!from) return null
  if (kind === 'resigned') return person ? { kind, person, from } : null
  if (!to || to < from) return null
  const times = { start: `${from}T00:00`, end: `${addDays(to, 1)}T00:00` }
  if (kind === 'sick') return person ? { kind, person, ...times } : null
  return station ? { kind, station, ...times } : null
}
