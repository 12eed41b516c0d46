/** How a run goes: the points of its chart, collected from its events. */
import type { Run } from '@/api/planning'

export interface Point {
  seconds: number
  parts: number
  incumbent: readonly number[] | null
  bound: readonly number[] | null
}

export interface Progress {
  startedAt: number
  points: readonly Point[]
}

/** Adds an event; events that change nothing but the time replace the last point, so that the list stays short. */
export function follow(progress: Progress | undefined, run: Run, now: number): Progress {
  const startedAt = progress?.startedAt ?? (run.startedAt ? Date.parse(run.startedAt) : now)
  const point: Point = {
    seconds: Math.max(0, (now - startedAt) / 1000),
    parts: run.parts > 0 ? run.partsDone / run.parts : 0,
    incumbent: run.incumbent ?? null,
    bound: run.bound ?? null,
  }
  const points = [...(progress?.points ?? [])]
  const [last, before] = [points.at(-1), points.at(-2)]
  if (last && before && alike(last, point) && alike(before, last)) points.pop()
  points.push(point)
  return { startedAt, points }
}

function alike(a: Point, b: Point): boolean {
  return (
    a.parts === b.parts &&
    JSON.stringify(a.incumbent) === JSON.stringify(b.incumbent) &&
    JSON.stringify(a.bound) === JSON.stringify(b.bound)
  )
}

/** The first tier whose value is not yet proven: the one worth watching. */
export function openTier(run: Run): number | null {
  const { incumbent, bound } = run
  if (!incumbent || !bound) return null
  const index = incumbent.findIndex((value, tier) => value > (bound[tier] ?? Number.NEGATIVE_INFINITY))
  return index < 0 ? null : index + 1
}
