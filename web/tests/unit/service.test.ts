import { expect, test } from 'vitest'
import { due, movesFor, requestKey } from '@/lib/cases'
import { byDay, lastDay, shiftMonth } from '@/lib/months'
import { lacks, linesFor, recordOf } from '@/lib/record'
import { backTo, holds, holdsAt, homeOf } from '@/lib/rights'
import { clash, peak, withdrawnOn } from '@/lib/sharing'

test('the session’s rights say what one may do and where, and lead to a first page', () => {
  const held = (...rights: string[]) => rights.map((right) => ({ right, units: ['street'] }))
  const admin = [{ right: 'administer', units: null }, { right: 'edit', units: null }]
  expect([holds(admin, 'administer'), holds(held('edit'), 'administer')]).toEqual([true, false])
  expect(holdsAt(held('edit'), 'edit', ['community', 'street', 'district'])).toBe(true)
  expect(holdsAt(held('edit'), 'edit', ['other', 'district'])).toBe(false)
  // What belongs to no unit is for those who have the right everywhere.
  expect([holdsAt(held('edit'), 'edit', []), holdsAt(admin, 'edit', []), holdsAt(admin, 'plan', ['street'])]).toEqual([false, true, false])
  expect(homeOf(held('see', 'follow', 'receive'), 'p-1')).toBe('/my-week')
  expect(homeOf(held('see', 'register'), null)).toBe('/cases/new')
  expect(homeOf(held('see', 'inspect'), null)).toBe('/board')
})

test('only addresses within the app are come back to', () => {
  expect(backTo('/cases?unit=1')).toBe('/cases?unit=1')
  for (const bad of ['//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in', undefined]) expect(backTo(bad)).toBeNull()
})

test('a deadline is late after its day, soon the day before', () => {
  const one = (deadline: string, status = 'assigned') => due({ deadline, status, isOverdue: false }, '2026-12-01')
  expect([one('2026-11-30'), one('2026-12-01'), one('2026-12-02'), one('2026-12-03'), one('2026-11-01', 'solved')]).toEqual(['late', 'soon', 'soon', 'open', 'closed'])
})

test('a handler moves the own case, and only editors distribute', () => {
  const item = { legalMoves: ['assign', 'accept', 'return', 'extend'], handler: 'p-1' }
  const who = (person: string, ...rights: string[]) => ({ person, may: (right: string) => rights.includes(right) })
  expect(movesFor(item, who('p-1', 'handle'))).toEqual(['accept', 'return', 'extend'])
  expect(movesFor(item, who('p-2', 'handle'))).toEqual([])
  expect(movesFor(item, who('p-2', 'handle', 'edit'))).toEqual(['assign', 'accept', 'return', 'extend'])
  expect(requestKey()).toMatch(/^[0-9a-f]{32}$/)
})

test('a record has one outcome for each booked matter, and walk-ins with their residents', () => {
  const lines = linesFor([{ number: 1, status: 'booked' }, { number: 2, status: 'cancelled' }], [])
  expect(lines.map((one) => one.number)).toEqual([1])
  expect(lacks(lines[0]!)).toBe('outcome')
  lines[0]!.outcome = 'answered'
  expect(lacks(lines[0]!)).toBe('answer')
  lines[0]!.note = '已说明'
  const walkIn = { number: null, outcome: 'case' as const, note: '', category: 'housing', urgency: 3, subject: '', startMinute: 810 }
  expect(lacks(walkIn)).toBe('subject')
  walkIn.subject = '漏水'
  expect(recordOf([...lines, walkIn], [{ name: '王', phone: '' }]).matters).toEqual([
    { number: 1, outcome: 'answered', note: '已说明', category: null, urgency: null },
    { subject: '漏水', startMinute: 810, resident: { name: '王', phone: null }, outcome: 'case', note: null, category: 'housing', urgency: 3 },
  ])
  // What was typed stays when the bookings are read again.
  expect(linesFor([{ number: 1, status: 'booked' }, { number: 3, status: 'booked' }], lines).map((one) => one.note)).toEqual(['已说明', ''])
})

test('a venue has one user at a time, a pool so many', () => {
  const use = (start: number, end: number, quantity = 1) => ({ resource: 'r', date: '2026-12-01', startMinute: start, endMinute: end, quantity, status: 'booked' })
  const wanted = { date: '2026-12-01', startMinute: 600, endMinute: 660, quantity: 1 }
  expect(clash({ id: 'r', kind: 'venue', quantity: 1 }, [use(540, 600), use(660, 700)], wanted).kind).toBe('none')
  expect(clash({ id: 'r', kind: 'venue', quantity: 1 }, [use(540, 601)], wanted).kind).toBe('taken')
  // One after the other leaves a vehicle of two free.
  const cars = [use(540, 620), use(620, 700)]
  expect(peak(cars, 600)).toBe(1)
  expect(clash({ id: 'r', kind: 'vehicle', quantity: 2 }, cars, wanted).kind).toBe('none')
  expect(clash({ id: 'r', kind: 'vehicle', quantity: 2 }, [...cars, use(500, 700)], wanted).kind).toBe('pool')
  expect(withdrawnOn({ withdrawnFrom: '2026-12-01', withdrawnTo: null }, '2027-01-01')).toBe(true)
  expect(withdrawnOn({ withdrawnFrom: '2026-12-01', withdrawnTo: '2026-12-02' }, '2026-12-03')).toBe(false)
})

test('months follow each other over the year', () => {
  expect([shiftMonth('2026-12', 1), shiftMonth('2026-01', -1), lastDay('2028-02')]).toEqual(['2027-01', '2025-12', '2028-02-29'])
  expect(byDay([{ date: 'a' }, { date: 'b' }, { date: 'a' }]).get('a')).toHaveLength(2)
})
