import { expect, test } from 'vitest'
import { stationRows, cellAt, type BoardDuty, type BoardPost } from '@/lib/board'
import { answersTo, mightTake, momentOf, stepsOf, type Self } from '@/lib/duties'
import { changeOf, handOver, inverse, landings, moveTo, signed, verdict } from '@/lib/effects'
import { rulePrice, rulesPatch } from '@/lib/rules'

const post = (id: string, station: string, startMinute: number, maxHeads = 1): BoardPost => ({
  id, station, date: '2026-12-01', startMinute, endMinute: startMinute + 180, skill: null, skillLevel: 1, minHeads: 1, targetHeads: 1, maxHeads, priority: 1, mix: false,
})
const duty = (id: number, person: string, at: BoardPost): BoardDuty => ({
  id, person, post: at.id, station: at.station, date: at.date, startMinute: at.startMinute, endMinute: at.endMinute, pinned: false,
})
const [a, b, c] = [post('a', 'st-1', 540), post('b', 'st-2', 540), post('c', 'st-2', 600, 2)]
const carried = duty(1, 'p-1', a)
const cell = (duties: BoardDuty[]) => cellAt(stationRows(['st-2'], [a, b, c], duties)[0]!, { date: '2026-12-01', block: 'morning' })

test('a carried duty lands at posts with room first, then in the place of each who serves there', () => {
  const other = duty(2, 'p-2', b)
  const found = landings(carried, cell([carried, other]))
  expect(found.map(({ post: at, replaces }) => [at.id, replaces?.person])).toEqual([['c', undefined], ['b', 'p-2']])
})

test('where the person serves already there is no landing', () => {
  expect(landings(carried, cell([carried, duty(2, 'p-1', b)])).map((one) => one.post.id)).toEqual(['c'])
  expect(landings(duty(3, 'p-9', b), cell([duty(3, 'p-9', b), duty(4, 'p-8', c), duty(5, 'p-7', c)])).every((one) => one.replaces !== null)).toBe(true)
})

test('moving, exchanging and handing over name exactly the duties concerned', () => {
  const other = duty(2, 'p-2', b)
  expect(moveTo(carried, { post: b, replaces: null }, true)).toEqual({ removed: [{ person: 'p-1', post: 'a' }], added: [{ person: 'p-1', post: 'b' }] })
  expect(moveTo(carried, { post: b, replaces: other }, false).removed).toEqual([{ person: 'p-1', post: 'a' }, { person: 'p-2', post: 'b' }])
  expect(moveTo(carried, { post: b, replaces: other }, true).added).toEqual([{ person: 'p-1', post: 'b' }, { person: 'p-2', post: 'a' }])
  expect(handOver(carried, 'p-3')).toEqual({ removed: [{ person: 'p-1', post: 'a' }], added: [{ person: 'p-3', post: 'a' }] })
})

test('a change and its inverse cancel out, and proposals lose what is only shown', () => {
  const change = changeOf({ removed: [{ person: 'p-1', post: 'a', name: '甲' } as never], added: [{ person: 'p-2', post: 'a' }] })
  expect(change.removed).toEqual([{ person: 'p-1', post: 'a' }])
  expect(inverse(inverse(change))).toEqual(change)
  expect(inverse(change).added).toEqual(change.removed)
})

test('the first tier that changes decides whether a change is better', () => {
  expect(verdict([0, 0, 0])).toBe('same')
  expect(verdict([-1, 50, 9])).toBe('better')
  expect(verdict([0, 2, -90])).toBe('worse')
  expect([signed(3), signed(-2.5), signed(0), signed(-0.001)]).toEqual(['+3', '−2.5', '0', '0'])
})

const shift = { date: '2026-12-01', startMinute: 540, endMinute: 720 }
const at = (minute: number) => momentOf('2026-12-01', minute)

test('what one can do with a duty follows its time and what has been done', () => {
  expect(momentOf('2026-12-01', 1500)).toBe(Date.parse('2026-12-02T01:00:00+08:00'))
  expect(stepsOf(shift, at(0))).toEqual(['confirm', 'offer', 'decline'])
  expect(stepsOf({ ...shift, confirmedAt: 'x' }, at(0))).toEqual(['offer', 'decline'])
  expect(stepsOf(shift, at(530))).toContain('checkIn')
  expect(stepsOf({ ...shift, checkedInAt: 'x' }, at(600))).toEqual(['checkOut'])
  expect(stepsOf({ ...shift, checkedInAt: 'x', checkedOutAt: 'y' }, at(600))).toEqual([])
  expect(stepsOf(shift, at(1400))).toEqual([])
})

test('an offer is answered by those whom it concerns, while it is open', () => {
  const offer = { status: 'offered', giver: 'p-1', taker: null }
  expect(answersTo(offer, 'p-1')).toEqual(['takeBack'])
  expect(answersTo(offer, 'p-2')).toEqual(['take'])
  expect(answersTo({ ...offer, taker: 'p-2' }, 'p-2')).toEqual(['take', 'refuse'])
  expect(answersTo({ ...offer, taker: 'p-2' }, 'p-3')).toEqual([])
  expect(answersTo({ ...offer, status: 'done' }, 'p-1')).toEqual([])
})

test('a patch of rules takes away what has gone, at both levels', () => {
  const before = { S30: { weight: 2 }, H06: { parameters: { rest: 600, more: 1 } }, S31: { on: false } }
  const after = { H06: { parameters: { rest: 540 } }, S31: { on: false }, S32: { weight: 4 } }
  expect(rulesPatch(before as never, after as never)).toEqual({ S30: null, H06: { parameters: { rest: 540, more: null } }, S32: { weight: 4 } })
  expect(rulePrice(null, 'H05')).toBeNull()
  expect(rulePrice({ byRule: { H05: [-1, 0, 0] } }, 'S30')).toEqual([0, 0, 0])
})

test('an open duty suits whoever has its skill and is neither on duty nor away then', () => {
  const self: Self = { skills: [{ skill: 'law' }], duties: [{ date: '2026-12-01', startMinute: 480, endMinute: 720 }], statements: [{ kind: 'unavailable', weekday: 3, startMinute: 0, endMinute: 720 }, { kind: 'undesired', fromDate: '2026-12-04', toDate: '2026-12-04', startMinute: 0, endMinute: 1440 }] }
  const open = (date: string, startMinute: number, skill: string | null = null) => mightTake({ date, startMinute, endMinute: startMinute + 240, skill }, self)
  expect([open('2026-12-01', 780), open('2026-12-01', 780, 'law'), open('2026-12-01', 780, 'medicine')]).toEqual([true, true, false])
  expect([open('2026-12-01', 600), open('2026-12-02', 480), open('2026-12-02', 720), open('2026-12-04', 480)]).toEqual([false, false, true, true])
})
