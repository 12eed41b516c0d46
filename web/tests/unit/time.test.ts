import { describe, expect, test } from 'vitest'
import { addDays, clock, daysBetween, hours, minuteOf, mondayOf, mondayOfWeek, shiftWeek, today, weekDays, weekOf, weekday } from '@/lib/time'
import { monthOfWeek } from '@/lib/months'

describe('weeks', () => {
  test('belong to the year that holds their Thursday', () => {
    expect(weekOf('2026-11-30')).toBe('2026-W49')
    expect(weekOf('2026-12-31')).toBe('2026-W53')
    expect(weekOf('2027-01-03')).toBe('2026-W53')
    expect(weekOf('2027-01-04')).toBe('2027-W01')
    expect(weekOf('2024-12-30')).toBe('2025-W01')
  })
  test('begin on their Monday, and weeks that do not exist have none', () => {
    expect(mondayOfWeek('2026-W49')).toBe('2026-11-30')
    expect(mondayOfWeek('2026-W53')).toBe('2026-12-28')
    expect(mondayOfWeek('2025-W53')).toBeUndefined()
    expect(mondayOfWeek('2026-W00')).toBeUndefined()
    expect(mondayOfWeek('next')).toBeUndefined()
  })
  test('step over the end of the year', () => {
    expect(shiftWeek('2026-W53', 1)).toBe('2027-W01')
    expect(shiftWeek('2026-W01', -1)).toBe('2025-W52')
  })
  test('have seven days from Monday', () => {
    expect(weekDays('2026-11-30').at(-1)).toBe('2026-12-06')
    expect(weekday('2026-12-06')).toBe(7)
    expect(mondayOf('2026-12-06')).toBe('2026-11-30')
    expect(daysBetween('2026-02-28', addDays('2026-02-28', 2))).toBe(2)
  })
})

test('today is the day in Shanghai, not the browser’s', () => {
  expect(today(new Date('2026-11-30T17:00:00Z'))).toBe('2026-12-01')
  expect(today(new Date('2026-11-30T15:59:00Z'))).toBe('2026-11-30')
})

test('times are read and written as minutes', () => {
  expect(clock(510)).toBe('08:30')
  expect(clock(1500)).toBe('25:00')
  expect(minuteOf('8:30')).toBe(510)
  expect(minuteOf('24:00')).toBe(1440)
  expect(minuteOf('24:01')).toBeUndefined()
  expect(minuteOf('10:75')).toBeUndefined()
  expect(minuteOf('noon')).toBeUndefined()
  expect(hours(150)).toBe('2.5')
})

test('a week belongs to the month that most of its days lie in', () => {
  expect([monthOfWeek('2026-11-30'), monthOfWeek('2026-11-23'), monthOfWeek('2025-12-29')]).toEqual(['2026-12', '2026-11', '2026-01'])
})
