import { expect, test } from 'vitest'
import { about } from '@/lib/live'

const told = (kind: string, id: string | null = null) => ({ everything: false, changes: [{ kind, id }] })

test('a page is read anew for its kinds, and for its own things when it shows single ones', () => {
  expect(about(told('case', 'ca-1'), ['case'])).toBe(true)
  expect(about(told('case', 'ca-1'), ['schedule'])).toBe(false)
  expect(about(told('case', 'ca-1'), ['case'], ['ca-2'])).toBe(false)
  expect(about(told('case', 'ca-2'), ['case'], ['ca-2'])).toBe(true)
  expect(about(told('case'), ['case'], ['ca-2'])).toBe(true)
})

test('an assignment belongs to its schedule', () => {
  expect(about(told('assignment', 'sc-1/7'), ['assignment'], ['sc-1'])).toBe(true)
  expect(about(told('assignment', 'sc-12/7'), ['assignment'], ['sc-1', undefined])).toBe(false)
})

test('after too much to be listed every page is read anew', () => {
  expect(about({ everything: true, changes: [] }, ['case'], ['ca-1'])).toBe(true)
})
