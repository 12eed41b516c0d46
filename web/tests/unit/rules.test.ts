import { expect, test } from 'vitest'
import type { Rule } from '@/api/planning'
import { effective, ruleChanges, settingOf } from '@/lib/rules'

const rule: Rule = {
  code: 'S31', name: 'fairness', tier: 3, on: true, weight: 5, zh: '公平', en: 'fair',
  parameters: [{ key: 'evening_from_minute', default: 1080, min: 0, max: 1440, zh: '', en: '' }],
}

test('a profile says only what departs from the catalogue', () => {
  expect(settingOf(rule, effective(rule))).toBeUndefined()
  expect(settingOf(rule, { on: false, weight: 5, parameters: { evening_from_minute: 1080 } })).toEqual({ on: false })
  expect(settingOf(rule, { on: true, weight: 0, parameters: { evening_from_minute: 1020 } })).toEqual({ weight: 0, parameters: { evening_from_minute: 1020 } })
})

test('a tier that somebody moved is kept while other values change', () => {
  expect(settingOf(rule, effective(rule), 2)).toEqual({ tier: 2 })
})

test('settings and back are the same', () => {
  const wanted = { on: true, weight: 9, parameters: { evening_from_minute: 1000 } }
  expect(effective(rule, settingOf(rule, wanted))).toEqual(wanted)
})

test('changes are named value by value', () => {
  expect(ruleChanges([rule], {}, { S31: { weight: 7, parameters: { evening_from_minute: 1000 } } })).toEqual([
    { code: 'S31', what: 'weight', before: 5, after: 7 },
    { code: 'S31', what: 'evening_from_minute', before: 1080, after: 1000 },
  ])
  expect(ruleChanges([rule], { S31: { weight: 5 } }, {})).toEqual([])
})
