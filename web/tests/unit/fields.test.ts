import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { ApiProblem, type ProblemDocument } from '@/api/problem'
import { conflict, useSave, wording } from '@/composables/useSave'
import { i18n } from '@/i18n'
import { fields } from '@/i18n/texts/fields'
import { fieldWord, valueText } from '@/lib/fields'
import { useNames } from '@/stores/names'

vi.mock('vue-i18n', async (original) => ({ ...(await original<typeof import('vue-i18n')>()), useI18n: () => i18n.global }))
beforeEach(() => void setActivePinia(createPinia()))

interface Schema { $ref?: string; properties?: Record<string, Schema>; items?: Schema; allOf?: Schema[]; oneOf?: Schema[]; anyOf?: Schema[] }
interface Operation { requestBody?: { content?: Record<string, { schema?: Schema }> } }
const document = JSON.parse(readFileSync(resolve(__dirname, '../../../docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** Every field that a request can carry. */
function sent(schema: Schema | undefined, found: Set<string>, done: Set<string>): void {
  if (!schema) return
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    if (done.has(name)) return
    done.add(name)
    return sent(document.components.schemas[name], found, done)
  }
  for (const part of [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) sent(part, found, done)
  sent(schema.items, found, done)
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    found.add(name)
    sent(part, found, done)
  }
}

test('every field that can be wrong or in conflict has a name in both languages', () => {
  const found = new Set<string>()
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) sent(operation.requestBody?.content?.['application/json']?.schema, found, new Set())
  }
  expect(found.size).toBeGreaterThan(150)
  expect([...found].filter((name) => !(name in fields.fieldName))).toEqual([])
})

test('places and values are said in words', () => {
  expect([fieldWord('/deputies'), fieldWord('/matters/0/outcome'), fieldWord('H03')]).toEqual(['接待的代表委员', '结果', 'H03'])
  expect([valueText(null), valueText([]), valueText(true), valueText(510, 'startMinute'), valueText('volunteer', 'category')]).toEqual(['—', '—', '是', '08:30', '党员志愿者'])
  useNames().keepPeople([{ id: 'p-1', name: '王芳' } as never])
  expect(valueText(['p-1', 'p-2'], 'deputies')).toBe('王芳、p-2')
  expect(valueText([{ skill: 'law', level: 2, validUntil: null }], 'skills')).toBe('law 层级或等级 2')
})

const problem = (status: number, part: Partial<ProblemDocument> = {}) =>
  new ApiProblem({ type: 'x', title: '标题', detail: '', status, code: 'c', instance: '', requestId: '', errors: [], ...part }, status)

test('what several faults ask for is said once, and a repeated title too', () => {
  const error = problem(409, {
    title: '会违反排班规则',
    errors: [{ pointer: 'H04', cause: '一天两班。', action: '换一个人或时间' }, { pointer: 'H05', cause: '一周三班。', action: '换一个人或时间' }],
  })
  expect(wording(error, '')).toBe('会违反排班规则\nH04：一天两班\nH05：一周三班\n换一个人或时间')
  expect(wording(problem(409, { title: '冲突', detail: '冲突（换班）' }), '')).toBe('冲突（换班）')
})

interface Record_ { name: string; version: number }
const base: Record_ = { name: '甲', version: 1 }

test('a version that did not arrive says what happened and what to do, and asks nothing', async () => {
  const tries = vi.fn(() => Promise.reject(problem(428)))
  const done = await useSave().replace<Record_>({ base, mine: { ...base, name: '乙' }, replace: tries, reload: () => Promise.resolve(base) })
  expect(done).toBeUndefined()
  expect([tries.mock.calls.length, conflict.value]).toEqual([1, null])
  expect(wording(problem(428), '')).toContain('没有保存')
})

test('a version that did not arrive after somebody else’s change shows what changed', async () => {
  const replace = vi.fn((document: Record_, version: number) => (version === 2 ? Promise.resolve({ ...document, version: 3 }) : Promise.reject(problem(428))))
  const saving = useSave().replace<Record_ & { note?: string }>({ base, mine: { ...base, name: '乙' }, replace, reload: () => Promise.resolve({ name: '甲', note: '新', version: 2 }) })
  await vi.waitFor(() => expect(conflict.value?.changes.map((one) => one.field)).toEqual(['name', 'note']))
  conflict.value?.resolve('mine')
  expect(await saving).toEqual({ name: '乙', note: '新', version: 3 })
})
