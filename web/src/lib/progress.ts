/** How a run came to its values and bounds, tier by tier, for its charts. */
import type { Run, ProgressPoint } from '@/api/planning'

export type Step = readonly [seconds: number, value: number]

/** One tier of a run. */
export interface Course {
  tier: number
  /** Each time at which the best value was another one. */
  incumbent: readonly Step[]
  bound: readonly Step[]
  /** Where both stand now; none before the first roster or proof. */
  value: number | null
  proven: number | null
}

export const TIERS = [1, 2, 3] as const

/** The steps of a tier, the last of them drawn on to `until`. */
export function courseOf(points: readonly ProgressPoint[], tier: number, until: number): Course {
  const steps = (pick: (point: ProgressPoint) => number[] | null | undefined): Step[] => {
    const found: Step[] = []
    for (const point of points) {
      const value = pick(point)?.[tier - 1]
      if (value !== undefined && value !== found.at(-1)?.[1]) found.push([point.seconds, value])
    }
    return found
  }
  const on = (list: Step[]): Step[] => {
    const last = list.at(-1)
    return last && last[0] < until ? [...list, [until, last[1]]] : list
  }
  const [incumbent, bound] = [steps((point) => point.incumbent), steps((point) => point.bound)]
  return { tier, incumbent: on(incumbent), bound: on(bound), value: incumbent.at(-1)?.[1] ?? null, proven: bound.at(-1)?.[1] ?? null }
}

/** Whether a run has reached something since: then its course is worth asking for again. */
export function hasMoved(before: Run | undefined, now: Run): boolean {
  return JSON.stringify([before?.incumbent, before?.bound]) !== JSON.stringify([now.incumbent, now.bound])
}

/** Streets solved count for this part of a run; improving and proving what they make takes the rest. */
const STREETS_SHARE = 0.6
const ALMOST = 0.98

/** How far a run is, 0 to 1: by the streets solved or by its time limit, whichever is further. Phases count their own parts anew, so that only those of the first say anything about the whole. */
export function shareOf(run: Run, limitSeconds: number, now: number): number {
  const byParts = run.phase === 'parts' && run.parts > 0 ? (STREETS_SHARE * run.partsDone) / run.parts : 0
  const byTime = limitSeconds > 0 ? secondsOf(run, now) / limitSeconds : 0
  return Math.min(ALMOST, Math.max(byParts, byTime))
}

/** Seconds that a run has taken by now, or in all. */
export function secondsOf(run: Run, now: number): number {
  if (!run.startedAt) return 0
  const end = run.finishedAt ? Date.parse(run.finishedAt) : now
  return Math.max(0, (end - Date.parse(run.startedAt)) / 1000)
}
