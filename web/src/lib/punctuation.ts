/** Signs between words, as the language that is shown has them. */
import { i18n } from '@/i18n'

const isEnglish = () => i18n.global.locale.value === 'en'

export const listed = (items: readonly string[]): string => items.join(isEnglish() ? ', ' : '、')
export const clauses = (items: readonly string[]): string => items.filter(Boolean).join(isEnglish() ? ', ' : '，')
export const apart = (items: readonly string[]): string => items.join(isEnglish() ? '; ' : '；')
export const aside = (text: string): string => (isEnglish() ? ` (${text})` : `（${text}）`)
export const said = (what: string, text: string): string => (isEnglish() ? `${what}: ${text}` : `${what}：${text}`)
