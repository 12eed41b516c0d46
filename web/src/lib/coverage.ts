/** How well posts are covered. One scale for board, map, heat map and print; each level has a colour and a sign. */

export interface Need {
  min: number
  target: number
  max: number
}

export type Level = 'none' | 'short' | 'empty' | 'met' | 'full'

export interface Coverage {
  level: Level
  filled: number
  min: number
  target: number
  /** Heads missing from the minimum, summed over posts: a surplus at one post does not help another. */
  missing: number
}

export interface Filled extends Need {
  filled: number
}

/** Coverage of some posts together. */
export function coverage(posts: Iterable<Filled>): Coverage {
  const sum = { filled: 0, min: 0, target: 0, missing: 0, toTarget: 0, count: 0 }
  for (const post of posts) {
    sum.count += 1
    sum.filled += post.filled
    sum.min += post.min
    sum.target += post.target
    sum.missing += Math.max(0, post.min - post.filled)
    sum.toTarget += Math.max(0, post.target - post.filled)
  }
  const { filled, min, target, missing } = sum
  return { filled, min, target, missing, level: levelOf(sum) }
}

/** The level of some posts together. */
export function levelOf(sum: { count: number; filled: number; missing: number; toTarget: number }): Level {
  if (sum.count === 0) return 'none'
  if (sum.missing > 0) return sum.filled === 0 ? 'empty' : 'short'
  return sum.toTarget > 0 ? 'met' : 'full'
}

/** Sign of a level: colour alone never tells. */
export const SIGN: Record<Level, string> = { none: '', empty: '✕', short: '!', met: '◐', full: '✓' }

/** Share of the minimum that is met, 0 to 1; 1 where nothing is asked. */
export function shareMet(one: Coverage): number {
  return one.min === 0 ? 1 : (one.min - one.missing) / one.min
}

/** Colours of shares from half of the minimum to all of it, worst first; the share itself always stands beside them. */
export const HEAT = ['#b3261e', '#e08a2c', '#f3d37a', '#9cc9a4', '#2f7d4a'] as const
export const HEAT_FROM = 0.5

export function heatColour(share: number): string {
  // Only what is wholly met has the last colour.
  const step = Math.floor(((share - HEAT_FROM) / (1 - HEAT_FROM)) * (HEAT.length - 1))
  return HEAT[Math.min(HEAT.length - 1, Math.max(0, step))] ?? HEAT[0]
}
