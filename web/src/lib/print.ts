/** The lines of the printed roster: a page for each station with posts, a line for each post. */
import type { BoardDuty } from './board'
import { weekDays } from './time'

interface PrintedPost {
  id?: string | null
  station: string
  date: string
  startMinute: number
  endMinute: number
  skill?: string | null
  minHeads: number
  retired?: boolean
}

export interface Line {
  post: string
  startMinute: number
  endMinute: number
  skill: string | null
  people: string[]
  missing: number
}

export interface Sheet {
  station: string
  days: { date: string; lines: Line[] }[]
}

export function printPages(stations: readonly string[], posts: readonly PrintedPost[], duties: readonly BoardDuty[], trainees: ReadonlySet<string>, monday: string): Sheet[] {
  const peopleOf = new Map<string, string[]>()
  for (const duty of duties) peopleOf.set(duty.post, [...(peopleOf.get(duty.post) ?? []), duty.person])
  const lines = new Map<string, Line[]>()
  for (const post of posts) {
    const people = peopleOf.get(post.id ?? '') ?? []
    if (post.retired && people.length === 0) continue
    const key = `${post.station}/${post.date}`
    const line: Line = {
      post: post.id ?? '',
      startMinute: post.startMinute,
      endMinute: post.endMinute,
      skill: post.skill ?? null,
      people,
      missing: Math.max(0, post.minHeads - people.filter((id) => !trainees.has(id)).length),
    }
    lines.set(key, [...(lines.get(key) ?? []), line])
  }
  const order = (a: Line, b: Line) => a.startMinute - b.startMinute || (a.skill ?? '').localeCompare(b.skill ?? '') || a.post.localeCompare(b.post)
  return stations
    .map((station) => ({
      station,
      days: weekDays(monday)
        .map((date) => ({ date, lines: (lines.get(`${station}/${date}`) ?? []).sort(order) }))
        .filter((day) => day.lines.length > 0),
    }))
    .filter((sheet) => sheet.days.length > 0)
}
