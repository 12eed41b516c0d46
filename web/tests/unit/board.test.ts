import { describe, expect, test } from 'vitest'
import { blockOf, byUrgency, cellAt, columnsOf, personRows, stationRows, type BoardDuty, type BoardPost } from '@/lib/board'
import { coverage, shareMet } from '@/lib/coverage'

const post = (id: string, part: Partial<BoardPost> = {}): BoardPost => ({
  id, station: 's1', date: '2026-11-30', startMinute: 480, endMinute: 720, skill: null, skillLevel: 1, minHeads: 1, targetHeads: 2, maxHeads: 3, priority: 1, mix: false, ...part,
})
let number = 0
const duty = (person: string, at: BoardPost, part: Partial<BoardDuty> = {}): BoardDuty => ({
  id: ++number, person, post: at.id, station: at.station, date: at.date, startMinute: at.startMinute, endMinute: at.endMinute, pinned: false, ...part,
})
const MORNING = { date: '2026-11-30', block: 'morning' } as const

test('the posts that are short are shown with the highest priority first, then by time', () => {
  const list = [post('late', { date: '2026-12-01' }), post('early'), post('urgent', { priority: 3, date: '2026-12-06' })]
  expect(list.sort(byUrgency).map((one) => one.id)).toEqual(['urgent', 'early', 'late'])
})

describe('coverage', () => {
  const one = (filled: number, min = 1, target = 2) => coverage([{ filled, min, target, max: 3 }])
  test('has a level for nobody, too few, enough and all', () => {
    expect([one(0).level, one(1, 2).level, one(1).level, one(2).level]).toEqual(['empty', 'short', 'met', 'full'])
    expect(coverage([]).level).toBe('none')
  })
  test('a surplus at one post does not make up for a lack at another', () => {
    const both = coverage([{ filled: 3, min: 1, target: 1, max: 3 }, { filled: 0, min: 1, target: 1, max: 1 }])
    expect(both).toMatchObject({ level: 'short', missing: 1, filled: 3 })
    expect(shareMet(both)).toBe(0.5)
  })
  test('a post that asks for nobody is met by nobody', () => {
    expect(one(0, 0, 0).level).toBe('full')
    expect(shareMet(one(0, 0, 0))).toBe(1)
  })
})

test('half days follow the start of a post', () => {
  expect([480, 719, 720, 1049, 1050, 1080].map(blockOf)).toEqual(['morning', 'morning', 'afternoon', 'afternoon', 'evening', 'evening'])
  expect(columnsOf('2026-11-30')).toHaveLength(21)
})

describe('rows of stations', () => {
  test('gather posts and duties by half day and keep stations without any', () => {
    const [a, b] = [post('a'), post('b', { startMinute: 780, endMinute: 1020 })]
    const rows = stationRows(['s1', 's2'], [a, b], [duty('p1', a), duty('p2', a), duty('p1', b)])
    expect(rows.map((row) => row.id)).toEqual(['s1', 's2'])
    const [first, second] = rows
    expect(cellAt(first!, MORNING).coverage).toMatchObject({ level: 'full', filled: 2 })
    expect(cellAt(first!, { ...MORNING, block: 'afternoon' }).coverage.level).toBe('met')
    expect(cellAt(first!, { ...MORNING, block: 'evening' }).posts).toEqual([])
    expect(first!.minutes).toBe(240 * 3)
    expect(second!.coverage.level).toBe('none')
  })
  test('trainees serve and do not count', () => {
    const a = post('a')
    const [row] = stationRows(['s1'], [a], [duty('t', a)], new Set(['t']))
    expect(cellAt(row!, MORNING)).toMatchObject({ coverage: { level: 'empty', missing: 1 }, duties: [{ person: 't' }] })
  })
  test('leave out what belongs to other stations', () => {
    const a = post('a', { station: 'elsewhere' })
    const [row] = stationRows(['s1'], [a], [duty('p', a)])
    expect(row!.cells.size).toBe(0)
  })
})

test('rows of people keep the free ones and sum up minutes', () => {
  const a = post('a')
  const [busy, free] = personRows(['p1', 'p2'], new Map([[a.id, a]]), [duty('p1', a), duty('unknown', a)])
  expect(busy).toMatchObject({ id: 'p1', minutes: 240 })
  expect(cellAt(busy!, MORNING).posts).toEqual([a])
  expect(free).toMatchObject({ id: 'p2', minutes: 0 })
})
