/** The fixed words of the interface; their texts are in i18n under the same names. */
export const LEVELS = ['city', 'district', 'street', 'community', 'point'] as const
export const KINDS = ['guidanceCentre', 'generalStation', 'workStation', 'servicePoint', 'serviceBase'] as const
export const CATEGORIES = ['secondedCadre', 'reassignedStaff', 'recruitedStaff', 'volunteer', 'deputy', 'informationOfficer'] as const
export const AVAILABILITY = ['unavailable', 'undesired', 'desired'] as const
export const TEMPLATE_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'offDays'] as const
export const HOUR_DAYS = ['1-monday', '2-tuesday', '3-wednesday', '4-thursday', '5-friday', '6-saturday', '7-sunday', 'off-day'] as const

/** The server's word as the key of a text: `constraint profile` and `book-matter` in camel case. */
export function wordKey(word: string): string {
  const joined = word.replace(/[ -](\w)/g, (_, letter: string) => letter.toUpperCase())
  return joined.startsWith('API') ? joined.replace('API', 'api') : joined
}

const DASHED: ReadonlySet<string> = new Set(['bookMatter', 'transferCases', 'stepUp'])
const lower = (key: string, between: string) => key.replace(/[A-Z]/g, (letter) => between + letter.toLowerCase())

/** The server's word of a key: `wordKey` the other way round. */
export const actionWord = (key: string): string => (DASHED.has(key) ? lower(key, '-') : key)
export const kindWord = (key: string): string => (key === 'apiKey' ? 'API key' : lower(key, ' '))
