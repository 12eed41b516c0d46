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

/** The merge patch that turns one set of settings into another: what has gone is `null`, at both levels. */
export function rulesPatch(before: Record<string, RuleSetting>, after: Record<string, RuleSetting>): Record<string, RuleSetting | null> {
  const patch: Record<string, RuleSetting | null> = {}
  for (const code of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[code], after[code]]
    if (JSON.stringify(old) === JSON.stringify(now)) continue
    patch[code] = now ? (merge(old ?? {}, now) as RuleSetting) : null
  }
  return patch
}

function merge(before: object, after: object): object {
  const old = before as Record<string, unknown>
  const now = after as Record<string, unknown>
  const nested = (value: unknown): value is object => typeof value === 'object' && value !== null
  return Object.fromEntries(
    [...new Set([...Object.keys(old), ...Object.keys(now)])].map((key) => {
      const [was, is] = [old[key], now[key]]
      return [key, nested(is) && nested(was) ? merge(was, is) : (is ?? null)]
    }),
  )
}

/** Shadow prices of a rule by tier; none before prices were asked for, zeros for a rule that binds nowhere. */
export function rulePrice(prices: { byRule: object } | null, code: string): readonly number[] | null {
  if (!prices) return null
  return (prices.byRule as Record<string, readonly number[]>)[code] ?? [0, 0, 0]
}
