/** Names of fields as people know them: of two versions of a record, and of the places that the server finds fault with. */
import { i18n } from '@/i18n'
import { listed } from '@/lib/punctuation'
import { clock } from '@/lib/time'
import { useNames } from '@/stores/names'

/** The last name in a JSON pointer or a field's own name, in words; unknown ones stay as they are. */
export function fieldWord(place: string): string {
  const { t, te } = i18n.global
  const steps = place.split('/').filter((step) => step !== '' && !/^\d+$/.test(step))
  const name = steps.at(-1) ?? place
  return te(`fieldName.${name}`) ? t(`fieldName.${name}`) : name
}

const NAMED = ['name', 'title', 'skill', 'rule', 'role', 'id']
const PEOPLE = new Set(['person', 'host', 'handler', 'lead', 'deputy', 'deputies', 'excluded'])
const UNITS = new Set(['unit', 'homeUnit', 'hostUnit', 'parent', 'scope'])

/** A field's value in words, as far as the app knows the names of what it refers to. */
export function valueText(value: unknown, field = ''): string {
  const { t, te } = i18n.global
  if (value === null || value === undefined || value === '') return '—'
  if (typeof value === 'boolean') return t(value ? 'fieldName.yes' : 'fieldName.no')
  if (Array.isArray(value)) return value.length === 0 ? '—' : listed(value.map((one) => valueText(one, field)))
  if (typeof value === 'object') return recordText(value as Record<string, unknown>)
  const text = String(value)
  if (/Minute$/.test(field) && typeof value === 'number') return clock(value)
  if (typeof value !== 'string') return text
  const names = useNames()
  if (PEOPLE.has(field)) return names.person(text)
  if (UNITS.has(field)) return names.unit(text)
  if (field === 'station') return names.station(text)
  if (field === 'skill') return names.skill(text)
  return te(`${field}.${text}`) ? t(`${field}.${text}`) : text
}

/** What a part of a record is called first, then what else it says. */
function recordText(record: Record<string, unknown>): string {
  const said = Object.entries(record).filter(([, one]) => one !== null && one !== undefined && one !== '')
  const first = said.find(([key]) => NAMED.includes(key))
  const rest = said.filter((one) => one !== first).map(([key, one]) => `${fieldWord(key)} ${valueText(one, key)}`)
  return [first ? valueText(first[1], first[0]) : '', ...rest].filter(Boolean).join(' ')
}
