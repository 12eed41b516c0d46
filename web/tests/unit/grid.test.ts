import { describe, expect, test } from 'vitest'
import { move, visibleRows } from '@/lib/grid'

const size = { rows: 100, columns: 21, page: 9 }
const from = { row: 5, column: 3 }

describe('keys of the grid', () => {
  test.each([
    ['ArrowRight', false, { row: 5, column: 4 }],
    ['ArrowLeft', false, { row: 5, column: 2 }],
    ['ArrowDown', false, { row: 6, column: 3 }],
    ['ArrowUp', false, { row: 4, column: 3 }],
    ['ArrowDown', true, { row: 99, column: 3 }],
    ['ArrowLeft', true, { row: 5, column: 0 }],
    ['Home', false, { row: 5, column: 0 }],
    ['End', false, { row: 5, column: 20 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', true, { row: 99, column: 20 }],
    ['PageDown', false, { row: 14, column: 3 }],
    ['PageUp', false, { row: 0, column: 3 }],
  ])('%s (ctrl %s)', (key, ctrl, to) => expect(move(from, key, ctrl, size)).toEqual(to))
  test('others do not move, and nothing leaves the grid', () => {
    expect(move(from, 'p', false, size)).toBeUndefined()
    expect(move({ row: 99, column: 20 }, 'ArrowDown', false, size)).toEqual({ row: 99, column: 20 })
    expect(move({ row: 0, column: 0 }, 'ArrowUp', false, { rows: 0, columns: 0, page: 1 })).toEqual({ row: 0, column: 0 })
  })
})

describe('drawn rows', () => {
  test('are those in sight and a few beyond', () => {
    expect(visibleRows(0, 600, 60, 6472)).toEqual({ first: 0, last: 16 })
    expect(visibleRows(6000, 600, 60, 6472)).toEqual({ first: 94, last: 116 })
  })
  test('never pass the end, also when the list has shrunk under the scroll position', () => {
    expect(visibleRows(60 * 6471, 600, 60, 6472).last).toBe(6472)
    expect(visibleRows(5000, 600, 60, 3)).toEqual({ first: 3, last: 3 })
    expect(visibleRows(0, 600, 60, 0)).toEqual({ first: 0, last: 0 })
  })
})
