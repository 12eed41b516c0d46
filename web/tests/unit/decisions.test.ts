import { expect, test } from 'vitest'
import { counted, happening, type Happened } from '@/lib/decisions'

test('outcomes of cases are counted apart', () => {
  const list = ['worked', 'late', 'worked', 'explained'].map((settlement) => ({ settlement }))
  expect(counted(list)).toEqual({ worked: 2, escalated: 0, explained: 1, waiting: 0, late: 1 })
})

test('what has happened is told with whole days, and not before it is complete', () => {
  const form: Happened = { kind: 'sick', person: 'p-1', station: '', venue: '', case: '', post: '', from: '2026-12-01', to: '2026-12-02' }
  expect(happening(form)).toEqual({ kind: 'sick', person: 'p-1', start: '2026-12-01T00:00', end: '2026-12-03T00:00' })
  expect(happening({ ...form, kind: 'resigned', to: null })).toEqual({ kind: 'resigned', person: 'p-1', from: '2026-12-01' })
  expect(happening({ ...form, kind: 'closed', station: 'st-1' })).toMatchObject({ kind: 'closed', station: 'st-1' })
  expect([happening({ ...form, person: '' }), happening({ ...form, to: '2026-11-30' }), happening({ ...form, kind: 'closed' })]).toEqual([null, null, null])
  expect(happening({ ...form, kind: 'withdrawn', venue: 're-1' })).toEqual({ kind: 'withdrawn', venue: 're-1', start: '2026-12-01T00:00', end: '2026-12-03T00:00' })
  // What is new has no days of its own.
  expect(happening({ ...form, kind: 'newCase', case: 'ca-1', from: null, to: null })).toEqual({ kind: 'newCase', case: 'ca-1' })
  expect(happening({ ...form, kind: 'newPost', post: 'po-1', from: null, to: null })).toEqual({ kind: 'newPost', post: 'po-1' })
  expect([happening({ ...form, kind: 'withdrawn' }), happening({ ...form, kind: 'newCase' }), happening({ ...form, kind: 'newPost' })]).toEqual([null, null, null])
})
