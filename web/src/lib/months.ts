/** Months as `2026-12`, for calendars. */
import { addDays, mondayOf } from './time'

export const monthOf = (day: string): string => day.slice(0, 7)

/** The month that most of a week lies in: that of its Thursday. */
export const monthOfWeek = (monday: string): string => monthOf(addDays(monday, 3))

export function shiftMonth(month: string, count: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + count
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`
}

export const firstDay = (month: string): string => `${month}-01`
export const lastDay = (month: string): string => addDays(firstDay(shiftMonth(month, 1)), -1)

/** A calendar of a month shows whole weeks: from the Monday on or before its first day to the Sunday on or after its last. */
export const firstShown = (month: string): string => mondayOf(firstDay(month))
export const lastShown = (month: string): string => addDays(mondayOf(lastDay(month)), 6)

/** Items by the day they are on. */
export function byDay<T extends { date: string }>(items: readonly T[]): Map<string, T[]> {
  const days = new Map<string, T[]>()
  for (const item of items) days.set(item.date, [...(days.get(item.date) ?? []), item])
  return days
}
