import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { allPages, setApiLanguage } from '@/api/client'
import { ApiProblem, Offline, problemOf } from '@/api/problem'
import { people, units } from '@/api/resource'

const answers: ((request: Request) => Response | Promise<Response>)[] = []
const asked: Request[] = []
beforeEach(() => {
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request)
    const answer = answers.shift()
    if (!answer) throw new TypeError('Failed to fetch')
    return answer(request)
  })
})
afterEach(() => {
  answers.length = 0
  asked.length = 0
  vi.unstubAllGlobals()
})
const json = (body: unknown, status = 200, type = 'application/json') => () => new Response(JSON.stringify(body), { status, headers: { 'content-type': type } })

test('lists are followed page by page by their own links', async () => {
  answers.push(json({ items: [{ id: '1' }], next: '/api/v1/units?limit=1&cursor=MQ' }), json({ items: [{ id: '2' }], next: null }))
  const all = await allPages(units.list({ limit: 1, name: '' }))
  expect(all.map((one) => one.id)).toEqual(['1', '2'])
  expect(asked[0]?.url).toMatch(/\/api\/v1\/units\?limit=1$/)
  expect(asked[1]?.url).toMatch(/cursor=MQ$/)
})

test('edits carry the version they were made on, and the language', async () => {
  setApiLanguage('en')
  answers.push(json({ id: 'p', name: '王' }))
  await people.replace('p/1', { name: '王' } as never, 7)
  expect(asked[0]?.headers.get('if-match')).toBe('"7"')
  expect(asked[0]?.headers.get('accept-language')).toBe('en')
  expect(asked[0]?.url).toMatch(/\/people\/p%2F1$/)
})

test('a problem document becomes an error that says what it is', async () => {
  answers.push(json({ type: 'x', title: '已过期', status: 412, code: 'precondition-failed', instance: '', requestId: 'r', errors: [] }, 412, 'application/problem+json'))
  const error = await people.replace('p', {} as never, 1).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ApiProblem)
  expect(error).toMatchObject({ stale: true, code: 'precondition-failed', message: '已过期' })
})

test('no answer is not the server’s fault, and other answers are still errors', async () => {
  await expect(units.get('1')).rejects.toBeInstanceOf(Offline)
  expect(problemOf('<html>Bad Gateway</html>', 502)).toMatchObject({ status: 502, code: 'unknown', stale: false })
})
