import { expect, test } from 'vitest'
import { leastChange } from '@/lib/certificate'
import { shareOf } from '@/lib/progress'
import type { Run } from '@/api/planning'

const street = (people: number, proven = true) => ({ forced: 1, people: { value: people, bound: proven ? people : 1, proven }, tier1: { value: 3200, bound: 3200, proven: true } })

test('a version of a week in force claims the fewest changes, not a gap', () => {
  expect(leastChange({ solver: { seed: 7 } })).toBeNull()
  expect(leastChange({ solver: { replannedStreets: [street(1), street(2)] } })).toMatchObject({ people: 3, forced: 2, peopleProven: true, residents: 6400, residentsProven: true })
  expect(leastChange({ solver: { replannedStreets: [street(1), street(4, false)] } })).toMatchObject({ people: 5, peopleBound: 2, peopleProven: false })
})

test('a run’s share counts streets solved and time, and no later phase’s parts', () => {
  const run = (phase: string, partsDone: number, parts: number) => ({ phase, partsDone, parts, startedAt: '2026-11-29T00:00:00Z', finishedAt: null }) as Run
  const at = Date.parse('2026-11-29T00:00:12Z')
  expect(shareOf(run('parts', 3, 4), 60, at)).toBeCloseTo(0.45)
  expect(shareOf(run('finish', 1, 1), 60, at)).toBeCloseTo(0.2)
  expect(shareOf(run('finish', 0, 1), 5, at)).toBeLessThan(1)
})
