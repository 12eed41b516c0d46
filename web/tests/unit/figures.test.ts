import { describe, expect, test } from 'vitest'
import { areaCoverage, areaRows, stationsOf } from '@/lib/areas'
import { heatColour, HEAT } from '@/lib/coverage'
import { nextKind, patternOf } from '@/lib/availability'
import { dayKind, monthGrid } from '@/lib/calendar'
import { fit, projection, scaleBar, toScreen, zoomAt } from '@/lib/geo'
import { binWidth, gini, histogram, percent, spread } from '@/lib/numbers'
import { printPages } from '@/lib/print'
import { courseOf, hasMoved, secondsOf } from '@/lib/progress'
import { actionWord, kindWord, wordKey } from '@/lib/words'
import { fairnessRows, groupUnits, hoursByCategory, hoursRows } from '@/lib/reports'
import type { Run } from '@/api/planning'

test('percentages keep what matters', () => {
  expect([percent(0.0674157), percent(0.409), percent(0)]).toEqual(['6.74 %', '40.9 %', '0.0 %'])
})

test('histogram counts every value once, bounds included in the upper class', () => {
  expect(histogram([0, 3.9, 4, 8], 4).map((bin) => bin.count)).toEqual([2, 1, 1])
  expect(histogram([], 4)).toEqual([{ from: 0, count: 0 }])
})

test('classes are of round widths and reach below 0 where values do', () => {
  expect([0, 11, 12, 23, 24, 59, 60, 119, 1300].map((most) => binWidth(most))).toEqual([1, 1, 2, 2, 5, 5, 10, 10, 200])
  expect(spread([-3, -1, 0, 1.5, 4], 2)).toEqual([{ from: -4, count: 1 }, { from: -2, count: 1 }, { from: 0, count: 2 }, { from: 2, count: 0 }, { from: 4, count: 1 }])
  expect(spread([], 2)).toEqual([])
})

describe('people over weeks', () => {
  const of = { unit: 'u', week: '2026-W49', weeks: 8, from: '2026-10-12', to: '2026-12-06' }
  const fair = (person: string, category: string, minutes: number, balanceMinutes: number) => ({ person, name: person, category, homeUnit: 'u', weeks: 1, duties: 1, minutes, unsocialDuties: 0, weekends: 0, balanceMinutes, balanceUnsocialDuties: 0 })
  const fairness = { ...of, rows: [fair('a', 'deputy', 60, -30), fair('b', 'volunteer', 300, 10), fair('c', 'volunteer', 120, 90)], people: 3 }
  test('are put in the order asked for and narrowed to a category', () => {
    const order = (category: string, by: 'balance' | 'minutes' | 'name') => fairnessRows(fairness, category, by).map((one) => one.person).join('')
    expect([order('', 'balance'), order('', 'minutes'), order('', 'name'), order('volunteer', 'balance')]).toEqual(['cba', 'bca', 'abc', 'cb'])
  })
  const served = (person: string, category: string, plannedDuties: number, servedDuties: number) => ({ person, name: person, category, homeUnit: 'u', plannedDuties, plannedMinutes: plannedDuties * 60, confirmedDuties: 0, servedDuties, servedMinutes: servedDuties * 50 })
  const hours = { ...of, rows: [served('a', 'deputy', 1, 1), served('b', 'volunteer', 5, 1), served('c', 'volunteer', 6, 6)], total: served('', '', 12, 8) }
  test('are known by what they did not serve, and summed by category', () => {
    expect(hoursRows(hours, '', 'missing').map((one) => one.person).join('')).toBe('bac')
    expect(hoursRows(hours, 'volunteer', 'minutes').map((one) => one.person).join('')).toBe('cb')
    expect(hoursByCategory(hours, ['volunteer', 'resident', 'deputy'])).toEqual([{ category: 'volunteer', planned: 660, served: 350 }, { category: 'deputy', planned: 60, served: 50 }])
  })
})

test('words of the trail are keys of texts', () => {
  expect(['constraint profile', 'book-matter', 'API key', 'person', 'resetPassword'].map(wordKey)).toEqual(['constraintProfile', 'bookMatter', 'apiKey', 'person', 'resetPassword'])
  for (const word of ['book-matter', 'resetPassword', 'update']) expect(actionWord(wordKey(word))).toBe(word)
  for (const word of ['constraint profile', 'API key', 'pair kept apart']) expect(kindWord(wordKey(word))).toBe(word)
})

test('inequality is 0 for equal loads and near 1 when one carries all', () => {
  expect(gini([5, 5, 5])).toBeCloseTo(0)
  expect(gini([0, 0, 0, 12])).toBeCloseTo(0.75)
  expect(gini([])).toBe(0)
})

describe('calendar', () => {
  const years = [{ year: 2026, published: true, days: [{ date: '2026-10-10', isOff: false, name: '国庆节调休' }, { date: '2026-10-01', isOff: true, name: '国庆节' }] }]
  test('make-up workdays and holidays overrule the weekday', () => {
    expect(dayKind('2026-10-10', years)).toEqual({ off: false, marked: true, name: '国庆节调休' })
    expect(dayKind('2026-10-01', years).off).toBe(true)
    expect(dayKind('2026-10-11', years)).toEqual({ off: true, marked: false, name: '' })
    expect(dayKind('2027-10-11', years).off).toBe(false)
  })
  test('months are whole weeks from Monday', () => {
    const grid = monthGrid(2026, 2)
    expect(grid).toHaveLength(35)
    expect(grid.indexOf('2026-02-01')).toBe(6)
    expect(grid.at(-1)).toBeNull()
  })
})

describe('map', () => {
  const places = [{ latitude: 43.8, longitude: 125.3 }, { latitude: 43.9, longitude: 125.4 }]
  const points = places.map(projection(places))
  const view = fit(points, 800, 600)
  test('shows every place inside its margins, north up', () => {
    const [south, north] = points.map((point) => toScreen(point, view, 800, 600))
    expect(north!.y).toBeLessThan(south!.y)
    for (const point of [south!, north!]) {
      expect(point.x).toBeGreaterThanOrEqual(27)
      expect(point.x).toBeLessThanOrEqual(773)
      expect(point.y).toBeGreaterThanOrEqual(27)
      expect(point.y).toBeLessThanOrEqual(573)
    }
  })
  test('zooming leaves what is under the cursor where it is', () => {
    const before = toScreen(points[0]!, view, 800, 600)
    const after = toScreen(points[0]!, zoomAt(view, before, 2, 800, 600), 800, 600)
    expect(after.x).toBeCloseTo(before.x)
    expect(after.y).toBeCloseTo(before.y)
  })
  test('a degree of latitude is 111 km on the scale bar', () => {
    const bar = scaleBar(view)
    expect(bar.pixels).toBeLessThanOrEqual(120)
    expect([1, 2, 5]).toContain(bar.metres / 10 ** Math.floor(Math.log10(bar.metres)))
  })
})

describe('weekly pattern of availability', () => {
  const all = { startMinute: 0, endMinute: 1440 }
  test('takes statements of one weekday and one half day', () => {
    const pattern = patternOf([{ id: 'a', kind: 'undesired', weekday: 2, startMinute: 1080, endMinute: 1230 }])
    expect(pattern.at(2, 'evening')?.id).toBe('a')
    expect(pattern.at(2, 'morning')).toBeUndefined()
  })
  test('leaves whole days, dates and single stations to the list', () => {
    const pattern = patternOf([
      { id: 'day', kind: 'unavailable', weekday: 7, ...all },
      { id: 'leave', kind: 'unavailable', weekday: 1, fromDate: '2026-01-01', startMinute: 0, endMinute: 720 },
      { id: 'place', kind: 'desired', weekday: 1, station: 's', startMinute: 0, endMinute: 720 },
    ])
    expect(pattern.used.size).toBe(0)
  })
  test('clicks go round', () => {
    expect([undefined, 'unavailable', 'undesired', 'desired'].map((kind) => nextKind(kind as never))).toEqual(['unavailable', 'undesired', 'desired', undefined])
  })
})

test('the printed roster has a line for each post and says who is missing', () => {
  const post = (id: string, date: string, startMinute: number) => ({ id, station: 's', date, startMinute, endMinute: startMinute + 240, minHeads: 1 })
  const posts = [post('b', '2026-11-30', 780), post('a', '2026-11-30', 480), { ...post('gone', '2026-12-01', 480), retired: true }]
  const duties = [{ id: 1, person: 'p', post: 'a', station: 's', date: '2026-11-30', startMinute: 480, endMinute: 720, pinned: false }]
  const sheets = printPages(['s', 'empty'], posts, duties, new Set(), '2026-11-30')
  expect(sheets).toHaveLength(1)
  expect(sheets[0]?.days.map((day) => day.lines.map((line) => [line.post, line.people, line.missing]))).toEqual([[['a', ['p'], 0], ['b', [], 1]]])
})

test('units group under the children of the root', () => {
  const unit = (id: string, parent: string | null) => ({ id, parent })
  const groups = groupUnits('city', [unit('city', null), unit('street', 'city'), unit('home', 'street'), unit('point', 'home')])
  expect([...groups]).toEqual([['city', 'city'], ['street', 'street'], ['home', 'street'], ['point', 'street']])
})

describe('progress of a run', () => {
  const run = (part: Partial<Run>): Run => ({ id: 'j', kind: 'plan', status: 'running', phase: 'parts', parts: 4, partsDone: 0, attempts: 1, createdAt: '', stopRequested: false, ...part })
  const points = [
    { seconds: 1, incumbent: [5, 20, 9], bound: null },
    { seconds: 2, incumbent: [5, 12, 9], bound: [5, 10, 3] },
    { seconds: 4, incumbent: [5, 10, 11], bound: [5, 10, 3] },
  ]
  test('a tier has a step for each change, and its last is drawn on to the present', () => {
    expect(courseOf(points, 2, 6)).toEqual({ tier: 2, incumbent: [[1, 20], [2, 12], [4, 10], [6, 10]], bound: [[2, 10], [6, 10]], value: 10, proven: 10 })
    expect(courseOf(points, 1, 4).incumbent).toEqual([[1, 5], [4, 5]])
    expect(courseOf([], 3, 9)).toEqual({ tier: 3, incumbent: [], bound: [], value: null, proven: null })
  })
  test('is asked for again when a value or a bound is another one', () => {
    expect(hasMoved(undefined, run({}))).toBe(false)
    expect(hasMoved(run({}), run({ partsDone: 3 }))).toBe(false)
    expect(hasMoved(run({ incumbent: [5, 9, 9] }), run({ incumbent: [5, 9, 8] }))).toBe(true)
    expect(hasMoved(run({ incumbent: [5, 9, 9] }), run({ incumbent: [5, 9, 9], bound: [5, 0, 0] }))).toBe(true)
  })
  test('takes time from its start to its end', () => {
    const startedAt = '2026-11-30T00:00:10Z'
    const now = Date.parse('2026-11-30T00:00:30Z')
    expect([secondsOf(run({}), now), secondsOf(run({ startedAt }), now), secondsOf(run({ startedAt, finishedAt: '2026-11-30T00:00:15Z' }), now)]).toEqual([0, 20, 5])
  })
})

describe('sums by unit', () => {
  const cell = (date: string, part: string, minimum: number, heads: number) => ({ date, part, posts: 2, minimum, target: minimum, heads, missing: Math.max(0, minimum - heads), wanted: Math.max(0, minimum - heads) })
  const area = { unit: 'u', name: '街道', isWhole: true, stations: 41, latitude: 43, longitude: 125, cells: [cell('2026-11-30', 'morning', 4, 3), cell('2026-11-30', 'evening', 2, 2), cell('2026-12-01', 'morning', 4, 4)] }
  test('are narrowed to a day and a part of it', () => {
    const sums = ([['', ''], ['2026-11-30', ''], ['', 'morning'], ['2026-12-02', '']] as const).map(([date, part]) => areaCoverage(area, date, part))
    expect(sums.map((one) => [one.min, one.missing, one.level])).toEqual([[10, 1, 'short'], [6, 1, 'short'], [8, 1, 'short'], [0, 0, 'none']])
  })
  test('are rows of the heat map, where units without posts are left out', () => {
    const rows = areaRows([area, { ...area, unit: 'v', cells: [] }], [{ date: '2026-11-30', block: 'morning' }, { date: '2026-11-30', block: 'afternoon' }], (one) => one.name)
    expect(rows.map((row) => [row.unit, row.cells.map((one) => one.level)])).toEqual([['u', ['short', 'none']]])
    expect(stationsOf([area, area])).toBe(82)
  })
  test('have the last colour only when all is met', () => {
    expect([1, 0.99, 0.5, 0].map(heatColour)).toEqual([HEAT[4], HEAT[3], HEAT[0], HEAT[0]])
  })
})
