import { describe, expect, test } from 'vitest'
import { rebase, rosterChanges, threeWay } from '@/lib/changes'

describe('two people change one record', () => {
  const base = { name: '王', phone: '1', skills: ['a'], version: 1 }
  test('shows what each changed and where they clash', () => {
    const changes = threeWay(base, { ...base, name: '李', phone: '2' }, { ...base, phone: '3', skills: ['a', 'b'], version: 2 })
    expect(changes.map(({ field, clash }) => [field, clash])).toEqual([['name', false], ['phone', true], ['skills', false]])
  })
  test('the same change on both sides is no clash', () => {
    expect(threeWay(base, { ...base, name: '李' }, { ...base, name: '李' })).toMatchObject([{ field: 'name', clash: false }])
  })
  test('nothing and null are the same, so fields the server fills in do not show', () => {
    expect(threeWay({ name: '王' }, { name: '王' }, { name: '王', phone: null })).toEqual([])
  })
  test('my changes go on top of theirs, and only mine', () => {
    const result = rebase(base, { ...base, name: '李' }, { ...base, phone: '3', version: 2 })
    expect(result).toEqual({ name: '李', phone: '3', skills: ['a'], version: 2 })
  })
})

describe('two rosters', () => {
  const d = (person: string, post: string) => ({ person, post })
  test('name whose duties differ, most first', () => {
    const changes = rosterChanges([d('a', '1'), d('b', '2'), d('c', '3')], [d('a', '1'), d('b', '4'), d('e', '3')])
    expect(changes.map((one) => [one.person, one.added.length, one.removed.length])).toEqual([['b', 1, 1], ['c', 0, 1], ['e', 1, 0]])
  })
  test('that are the same change nobody', () => expect(rosterChanges([d('a', '1')], [d('a', '1')])).toEqual([]))
})
