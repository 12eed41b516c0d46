/** What somebody can do with a duty of their own at a moment; the server decides, this only offers what makes sense. */
import { addDays, weekday } from './time'

interface Duty {
  date: string
  startMinute: number
  endMinute: number
  confirmedAt?: string | null
  checkedInAt?: string | null
  checkedOutAt?: string | null
}

export type Step = 'confirm' | 'decline' | 'offer' | 'checkIn' | 'checkOut'

/** Check-in is offered from so long before a duty's start until its end, check-out until so long after it. */
const AROUND_MINUTES = 120

/** The moment of a minute of a day where the stations are; minutes above 1440 are on the next day. */
export function momentOf(date: string, minute: number): number {
  const day = addDays(date, Math.floor(minute / 1440))
  return Date.parse(`${day}T00:00:00+08:00`) + (minute % 1440) * 60_000
}

export function stepsOf(duty: Duty, now: number): Step[] {
  const [start, end] = [momentOf(duty.date, duty.startMinute), momentOf(duty.date, duty.endMinute)]
  const around = AROUND_MINUTES * 60_000
  const steps: Step[] = []
  if (now < start) {
    if (!duty.confirmedAt) steps.push('confirm')
    if (!duty.checkedInAt) steps.push('offer', 'decline')
  }
  if (!duty.checkedInAt && now >= start - around && now < end) steps.unshift('checkIn')
  if (duty.checkedInAt && !duty.checkedOutAt && now < end + around) steps.unshift('checkOut')
  return steps
}

/** What is known of oneself when looking for further duties. */
export interface Self {
  skills: readonly { skill: string }[]
  duties: readonly { date: string; startMinute: number; endMinute: number }[]
  statements: readonly { kind: string; weekday?: number | null; fromDate?: string | null; toDate?: string | null; startMinute: number; endMinute: number }[]
}

interface Wanted {
  date: string
  startMinute: number
  endMinute: number
  skill?: string | null
}

/** Whether an open duty asks for nothing that one lacks, at a time when one can and does not serve already. Limits of hours and distance are the server's to check. */
export function mightTake(wanted: Wanted, self: Self): boolean {
  if (wanted.skill && !self.skills.some((one) => one.skill === wanted.skill)) return false
  const overlaps = (one: { startMinute: number; endMinute: number }) => one.startMinute < wanted.endMinute && wanted.startMinute < one.endMinute
  if (self.duties.some((one) => one.date === wanted.date && overlaps(one))) return false
  return !self.statements.some(
    (one) =>
      one.kind === 'unavailable' && overlaps(one) && (!one.weekday || one.weekday === weekday(wanted.date)) &&
      (!one.fromDate || one.fromDate <= wanted.date) && (!one.toDate || wanted.date <= one.toDate),
  )
}

interface Offer {
  status: string
  giver: string
  taker?: string | null
}

/** What somebody can do with an offer: take it, refuse it, or take one's own back. */
export function answersTo(offer: Offer, person: string): ('take' | 'refuse' | 'takeBack')[] {
  if (offer.giver === person) return ['waiting', 'offered', 'taken'].includes(offer.status) ? ['takeBack'] : []
  if (offer.status !== 'offered') return []
  return offer.taker === person ? ['take', 'refuse'] : offer.taker ? [] : ['take']
}
