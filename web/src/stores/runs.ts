/** Planning runs that are followed live: one event stream each, kept while the user walks through the app. */
import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import { planning, type ProgressPoint, type Run, type Schedule } from '@/api/planning'
import { hasMoved, shareOf } from '@/lib/progress'

export interface Followed {
  schedule: Schedule
  run: Run
  /** What it had reached and when, as the server keeps it. */
  points: readonly ProgressPoint[]
  stopping: boolean
  /** How far it has been seen to be, 0 to 1; never less than before. */
  share: number
}

type Ended = (schedule: Schedule) => void

const FINAL = new Set(['done', 'stopped', 'failed'])
export const isFinal = (run: Run | null | undefined): boolean => !run || FINAL.has(run.status)

export const useRuns = defineStore('runs', () => {
  const followed = shallowReactive(new Map<string, Followed>())
  const streams = new Map<string, EventSource>()
  const asked = new Set<string>()
  const ended = new Map<string, Set<Ended>>()
  const active = computed(() => [...followed.values()].filter((one) => !isFinal(one.run)))

  /** Follows a schedule's run until it ends. */
  function follow(schedule: Schedule): void {
    if (!schedule.run || isFinal(schedule.run) || streams.has(schedule.id)) return
    note(schedule, schedule.run)
    const stream = new EventSource(`/api/v1/schedules/${encodeURIComponent(schedule.id)}/events`)
    streams.set(schedule.id, stream)
    stream.addEventListener('progress', (event) => note(schedule, JSON.parse((event as MessageEvent<string>).data) as Run))
    stream.addEventListener('finished', (event) => {
      note(schedule, JSON.parse((event as MessageEvent<string>).data) as Run)
      void finish(schedule.id)
    })
    // The stream answers 410 for a run that has just ended, and breaks when the server restarts: ask how it stands.
    stream.addEventListener('error', () => {
      if (stream.readyState === EventSource.CLOSED) void finish(schedule.id)
    })
  }

  function note(schedule: Schedule, run: Run): void {
    const known = followed.get(schedule.id)
    const share = Math.max(known?.share ?? 0, shareOf(run, schedule.timeLimitSeconds, Date.now()))
    followed.set(schedule.id, { schedule, run, points: known?.points ?? [], stopping: known?.stopping ?? run.stopRequested, share })
    if (hasMoved(known?.run, run) || isFinal(run)) void readCourse(schedule.id)
  }

  /** Reads what the run has reached; what it reaches meanwhile is read after that. */
  async function readCourse(id: string): Promise<void> {
    if (asked.has(id)) return
    asked.add(id)
    const before = followed.get(id)?.run
    const points = await planning.progress(id).catch(() => undefined)
    asked.delete(id)
    const known = followed.get(id)
    if (!known) return
    if (points) followed.set(id, { ...known, points })
    if (points && (hasMoved(before, known.run) || isFinal(before) !== isFinal(known.run))) await readCourse(id)
  }

  async function finish(id: string): Promise<void> {
    streams.get(id)?.close()
    streams.delete(id)
    const schedule = await planning.schedule(id).catch(() => undefined)
    if (!schedule?.run) return
    note(schedule, schedule.run)
    if (!isFinal(schedule.run)) {
      follow(schedule)
      return
    }
    for (const tell of ended.get(id) ?? []) tell(schedule)
  }

  /** Asks the run to stop; it ends with the best roster found. */
  async function stop(id: string): Promise<void> {
    const known = followed.get(id)
    if (known) followed.set(id, { ...known, stopping: true })
    await planning.stop(id)
  }

  /** Calls back when a schedule's run ends; the answer takes the callback away. */
  function onEnd(id: string, tell: Ended): () => void {
    const tellers = ended.get(id) ?? new Set<Ended>()
    ended.set(id, tellers.add(tell))
    return () => tellers.delete(tell)
  }

  return { followed, active, follow, stop, onEnd }
})
