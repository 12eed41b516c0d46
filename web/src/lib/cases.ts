/** The words and the urgency of cases. */
import { addDays } from './time'

export const CHANNELS = ['hotline', 'suggestionBox', 'questionBoard', 'serviceCard', 'website', 'sms', 'informationOfficer', 'reception', 'visit'] as const
/** Channels at which somebody sits who registers by hand; receptions and visits make their cases themselves. */
export const INTAKE_CHANNELS = CHANNELS.filter((one) => one !== 'reception')
export const STATUSES = ['received', 'triaged', 'assigned', 'inProgress', 'escalated', 'returned', 'solved', 'explained'] as const
export const SATISFACTION = ['satisfied', 'mostlySatisfied', 'dissatisfied', 'noAnswer'] as const
export const MOVES = ['triage', 'assign', 'accept', 'resolve', 'explain', 'return', 'escalate', 'extend', 'callBack', 'reopen'] as const
export type Move = (typeof MOVES)[number]

/** Moves of those who distribute work; the others are also its handler's. */
const EDITORS: ReadonlySet<string> = new Set(['triage', 'assign', 'callBack', 'reopen'])
const NEED_REASON: ReadonlySet<string> = new Set(['return', 'escalate', 'extend', 'explain', 'resolve', 'reopen'])

export const isClosed = (status: string): boolean => status === 'solved' || status === 'explained'
export const needsReason = (move: string): boolean => NEED_REASON.has(move)

/** The legal moves that this reader may make, the usual next step first. */
export function movesFor(one: { legalMoves: readonly string[]; handler?: string | null }, who: { person: string | null; may: (right: 'edit' | 'handle') => boolean }): Move[] {
  return MOVES.filter((move) => {
    if (!one.legalMoves.includes(move)) return false
    if (who.may('edit')) return true
    return !EDITORS.has(move) && who.may('handle') && who.person !== null && who.person === one.handler
  })
}

export type Due = 'closed' | 'late' | 'soon' | 'open'

/** Late after the deadline, soon on it and on the day before. */
export function due(one: { status: string; deadline: string; isOverdue: boolean }, today: string): Due {
  if (isClosed(one.status)) return 'closed'
  if (one.isOverdue || one.deadline < today) return 'late'
  return one.deadline <= addDays(today, 1) ? 'soon' : 'open'
}

/** A key under which a repeated request is harmless; works without a secure context too. */
export function requestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
