/** Texts in two languages. Each text is written once as a pair [zh-CN, en], so that neither can be missing. */
import { createI18n } from 'vue-i18n'
import { common } from './texts/common'
import { planning } from './texts/planning'
import { network } from './texts/network'
import { rules } from './texts/rules'
import { reports } from './texts/reports'
import { cases } from './texts/cases'
import { receptions } from './texts/receptions'
import { sharing } from './texts/sharing'
import { tables } from './texts/tables'
import { fields } from './texts/fields'
import { access } from './texts/access'
import { audit } from './texts/audit'
import { adjusting } from './texts/adjusting'
import { personal } from './texts/personal'
import { notices } from './texts/notices'

export type Pair = readonly [zh: string, en: string]
export interface Texts {
  [key: string]: Pair | Texts
}
interface Messages {
  [key: string]: string | Messages
}

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const texts = { ...common, ...planning, ...network, ...rules, ...reports, ...access, ...audit, ...cases, ...receptions, ...sharing, ...adjusting, ...personal, ...notices, ...tables, ...fields } satisfies Texts

/** One language's side of the pairs. */
export function side(source: Texts, index: 0 | 1): Messages {
  return Object.fromEntries(
    Object.entries(source).map(([key, value]) => [
      key,
      Array.isArray(value) ? (value as Pair)[index] : side(value as Texts, index),
    ]),
  )
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN' as Language,
  fallbackLocale: 'en',
  messages: { 'zh-CN': side(texts, 0), en: side(texts, 1) },
  missingWarn: true,
})
