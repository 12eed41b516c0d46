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

/** How a decision ends: in words, and not by colour alone. */
export interface Ending {
  level: string
  sign: string
  word: string
}

/** The ending of what takes place, or does not. */
export const decided = (takesPlace: boolean, word: string): Ending => (takesPlace ? { level: 'level-full', sign: '✓', word } : { level: 'level-empty', sign: '!', word })

/** Those that do not take place first: somebody has to see to them. */
export const undecidedFirst = <T>(list: readonly T[], takesPlace: (one: T) => boolean): T[] => [...list].sort((one, other) => Number(takesPlace(one)) - Number(takesPlace(other)))

export const HAPPENINGS = ['sick', 'resigned', 'closed', 'withdrawn', 'newCase', 'newPost'] as const

export interface Happened {
  kind: (typeof HAPPENINGS)[number]
  person: string
  station: string
  venue: string
  case: string
  post: string
  from: string | null
  /** The last day, which counts in full. */
  to: string | null
}

/** What each kind is about. */
export const ABOUT = { sick: 'person', resigned: 'person', closed: 'station', withdrawn: 'venue', newCase: 'case', newPost: 'post' } as const satisfies Record<Happened['kind'], keyof Happened>

/** Which days a kind asks for. */
export const asksDays = (kind: Happened['kind']): 'none' | 'first' | 'both' => (kind === 'newCase' || kind === 'newPost' ? 'none' : kind === 'resigned' ? 'first' : 'both')

/** The event for the server; none while something is missing. */
export function happening(told: Happened): Happening | null {
  const { kind, person, station, venue, post, from, to } = told
  if (!told[ABOUT[kind]]) return null
  if (kind === 'newCase') return { kind, case: told.case }
  if (kind === 'newPost') return { kind, post }
  if (!from) return null
  if (kind === 'resigned') return { kind, person, from }
  if (!to || to < from) return null
  const times = { start: `${from}T00:00`, end: `${addDays(to, 1)}T00:00` }
  if (kind === 'sick') return { kind, person, ...times }
  return kind === 'withdrawn' ? { kind, venue, ...times } : { kind, station, ...times }
}
