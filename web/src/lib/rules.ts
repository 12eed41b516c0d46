/** Settings of a constraint profile against the catalogue. */
import type { Rule, RuleSetting } from '@/api/planning'

export interface EffectiveRule {
  on: boolean
  weight: number
  parameters: Record<string, number>
}

export function effective(rule: Rule, setting?: RuleSetting): EffectiveRule {
  const chosen = (setting?.parameters ?? {}) as Record<string, number>
  return {
    on: setting?.on ?? rule.on,
    weight: setting?.weight ?? rule.weight,
    parameters: Object.fromEntries(rule.parameters.map((one) => [one.key, chosen[one.key] ?? one.default])),
  }
}

/** Only what differs from the catalogue, so that a profile says what its makers decided and nothing else. */
export function settingOf(rule: Rule, wanted: EffectiveRule, tier?: number | null): RuleSetting | undefined {
  const setting: RuleSetting = {}
  if (wanted.on !== rule.on) setting.on = wanted.on
  if (rule.tier > 0 && wanted.weight !== rule.weight) setting.weight = wanted.weight
  if (tier !== undefined && tier !== null && tier !== rule.tier) setting.tier = tier
  const parameters = Object.fromEntries(
    rule.parameters
      .filter((one) => wanted.parameters[one.key] !== one.default)
      .map((one) => [one.key, wanted.parameters[one.key]]),
  )
  if (Object.keys(parameters).length > 0) setting.parameters = parameters as RuleSetting['parameters']
  return Object.keys(setting).length > 0 ? setting : undefined
}

export interface RuleChange {
  code: string
  what: 'on' | 'weight' | 'tier' | string
  before: unknown
  after: unknown
}

/** What differs between two sets of settings, rule by rule, in the catalogue's order. */
export function ruleChanges(
  catalogue: readonly Rule[],
  before: Record<string, RuleSetting>,
  after: Record<string, RuleSetting>,
): RuleChange[] {
  const changes: RuleChange[] = []
  for (const rule of catalogue) {
    const a = effective(rule, before[rule.code])
    const b = effective(rule, after[rule.code])
    if (a.on !== b.on) changes.push({ code: rule.code, what: 'on', before: a.on, after: b.on })
    if (a.weight !== b.weight) changes.push({ code: rule.code, what: 'weight', before: a.weight, after: b.weight })
    for (const { key } of rule.parameters) {
      if (a.parameters[key] !== b.parameters[key]) {
        changes.push({ code: rule.code, what: key, before: a.parameters[key], after: b.parameters[key] })
      }
    }
  }
  return changes
}
