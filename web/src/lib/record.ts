/** The record of a reception as it is typed, and as it is sent. */
import type { Schemas } from '@/api/client'

export interface Line {
  number: number | null
  outcome: '' | 'case' | 'answered' | 'absent'
  note: string
  category: string
  urgency: number
  subject: string
  startMinute: number | null
}

export const OUTCOMES = ['case', 'answered', 'absent'] as const

/** A line for every matter that still waits for its outcome; what was typed before is kept. */
export function linesFor(matters: readonly { number: number; status: string }[], before: readonly Line[]): Line[] {
  const booked = matters.filter((one) => one.status === 'booked')
  const lines = booked.map(({ number }) => before.find((one) => one.number === number) ?? { number, outcome: '' as const, note: '', category: '', urgency: 1, subject: '', startMinute: null })
  return [...lines, ...before.filter((one) => one.number === null)]
}

/** What a line still lacks. */
export function lacks(line: Line): 'outcome' | 'answer' | 'subject' | null {
  if (line.number === null && !line.subject.trim()) return 'subject'
  if (!line.outcome) return 'outcome'
  return line.outcome === 'answered' && !line.note.trim() ? 'answer' : null
}

export function recordOf(lines: readonly Line[], residents: readonly { name: string; phone: string }[]): Schemas['RecordInput'] {
  let walkIn = 0
  return {
    matters: lines.map((line) => {
      const isCase = line.outcome === 'case'
      const common = { outcome: line.outcome, note: line.note.trim() || null, category: isCase && line.category ? line.category : null, urgency: isCase ? line.urgency : null }
      if (line.number !== null) return { number: line.number, ...common }
      const who = residents[walkIn++] ?? { name: '', phone: '' }
      return { subject: line.subject.trim(), startMinute: line.startMinute, resident: { name: who.name.trim() || null, phone: who.phone.trim() || null }, ...common }
    }),
  }
}
