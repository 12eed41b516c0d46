/** Statutory days: what a calendar says of a date. */
import { weekday } from './time'

export interface DayEntry {
  date: string
  isOff: boolean
  name?: string | null
}

export interface Year {
  year: number
  published: boolean
  days: readonly DayEntry[]
}

export interface DayKind {
  off: boolean
  /** The calendar departs from the weekday, or names the day. */
  marked: boolean
  name: string
}

export function dayKind(date: string, years: readonly Year[]): DayKind {
  const year = years.find((one) => one.year === Number(date.slice(0, 4)))
  const entry = year?.days.find((one) => one.date === date)
  const weekend = weekday(date) >= 6
  if (!entry) return { off: weekend, marked: false, name: '' }
  return { off: entry.isOff, marked: entry.isOff !== weekend || Boolean(entry.name), name: entry.name ?? '' }
}

/** Days of a month as weeks from Monday; blanks before the first and after the last. */
export function monthGrid(year: number, month: number): (string | null)[] {
  const pad = (n: number) => String(n).padStart(2, '0')
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const days: (string | null)[] = Array.from({ length: count }, (_, index) => `${year}-${pad(month)}-${pad(index + 1)}`)
  const lead = weekday(`${year}-${pad(month)}-01`) - 1
  const grid = [...Array<null>(lead).fill(null), ...days]
  while (grid.length % 7 !== 0) grid.push(null)
  return grid
}
