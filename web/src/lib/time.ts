/** Days, weeks and minutes as the interface writes them. A day is `YYYY-MM-DD`; nothing here knows a time zone but `today`. */

const DAY = 86_400_000

function utc(day: string): Date {
  return new Date(`${day}T00:00:00Z`)
}

function text(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** Today where the stations are. */
export function today(now: Date = new Date()): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(now)
}

export function addDays(day: string, count: number): string {
  return text(new Date(utc(day).getTime() + count * DAY))
}

export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / DAY)
}

/** 1 Monday to 7 Sunday. */
export function weekday(day: string): number {
  return utc(day).getUTCDay() || 7
}

export function mondayOf(day: string): string {
  return addDays(day, 1 - weekday(day))
}

/** The ISO week of a day, as `2026-W49`. */
export function weekOf(day: string): string {
  const thursday = addDays(mondayOf(day), 3)
  const year = thursday.slice(0, 4)
  const number = Math.floor(daysBetween(`${year}-01-01`, thursday) / 7) + 1
  return `${year}-W${String(number).padStart(2, '0')}`
}

/** The Monday of an ISO week; undefined when it is none. */
export function mondayOfWeek(week: string): string | undefined {
  const match = /^(\d{4})-W(\d{2})$/.exec(week)
  if (!match) return undefined
  const monday = addDays(mondayOf(`${match[1]}-01-04`), (Number(match[2]) - 1) * 7)
  return weekOf(monday) === week ? monday : undefined
}

export function weekDays(monday: string): string[] {
  return Array.from({ length: 7 }, (_, index) => addDays(monday, index))
}

export function shiftWeek(week: string, count: number): string {
  const monday = mondayOfWeek(week) ?? mondayOf(today())
  return weekOf(addDays(monday, count * 7))
}

/** `08:30`; minutes past midnight count on, so 1500 is `25:00`, as shift plans write a duty that ends the next day. */
export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

export function span(start: number, end: number): string {
  return `${clock(start)}-${clock(end)}`
}

/** Minutes of `08:30`; undefined when it is no time of day. `24:00` is the end of the day. */
export function minuteOf(time: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(time)
  if (!match) return undefined
  const minute = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minute <= 1440 ? minute : undefined
}

/** Hours with at most one decimal. */
export function hours(minutes: number): string {
  return String(Math.round(minutes / 6) / 10)
}

/** `12-05` of `2026-12-05`. */
export function monthDay(day: string): string {
  return day.slice(5)
}
