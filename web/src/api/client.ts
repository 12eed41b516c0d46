/** The typed client over the generated OpenAPI types, with this app's habits: language, problems as exceptions. */
import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './schema'
import { Offline, problemOf } from './problem'

export type Schemas = components['schemas']

let language = 'zh-CN'

/** Language in which the server words titles, details and reasons. */
export function setApiLanguage(tag: string): void {
  language = tag
}

/** Sent with every change of a session, so that no other site can make one; kept in memory only. */
let csrfToken: string | null = null

export function setCsrfToken(token: string | null | undefined): void {
  csrfToken = token ?? null
}

/** What the app does when the server asks who is there. */
export interface Doorkeeper {
  /** The session has ended, or there was none. */
  signedOut(): void
  /** The one-time password must be changed first. */
  passwordDue(): void
  /** Asks for the session again, which another window may have renewed; answers its token. */
  renew(): Promise<string | null>
}
let doorkeeper: Doorkeeper | null = null

export function setDoorkeeper(one: Doorkeeper | null): void {
  doorkeeper = one
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const habits: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language)
    if (csrfToken && !SAFE.has(request.method)) request.headers.set('X-CSRF-Token', csrfToken)
    return request
  },
}

/** The code of a refusal, read from a copy of the answer. */
async function refusal(response: Response): Promise<string> {
  if (response.status !== 401 && response.status !== 403) return ''
  const body = (await response.clone().json().catch(() => ({}))) as { code?: unknown }
  return typeof body.code === 'string' ? body.code : ''
}

/** Fetches, and tells the doorkeeper who was not let in. A stale token is renewed once. */
async function fetchThroughDoor(request: Request): Promise<Response> {
  const spare = SAFE.has(request.method) || !doorkeeper ? null : request.clone()
  const response = await fetchOrOffline(request)
  if (!doorkeeper || new URL(request.url).pathname === '/api/v1/session') return response
  const code = await refusal(response)
  if (code === 'not-signed-in') doorkeeper.signedOut()
  else if (code === 'password-change-required') doorkeeper.passwordDue()
  else if (code === 'csrf-failed' && spare) {
    const token = await doorkeeper.renew()
    if (token && token !== spare.headers.get('X-CSRF-Token')) {
      spare.headers.set('X-CSRF-Token', token)
      return fetchOrOffline(spare)
    }
  }
  return response
}

async function fetchOrOffline(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Offline(cause)
  }
}

export const client = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: fetchThroughDoor })
client.use(habits)

/** What openapi-fetch answers; only the parts used here. */
interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a successful answer; throws `ApiProblem` otherwise. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw problemOf(error, response.status)
  return data as T
}

/** Fetches a link of the interface as it stands (`next` of a page is one). */
export async function follow<T>(link: string, signal?: AbortSignal): Promise<T> {
  const response = await fetchThroughDoor(
    new Request(link, { headers: { 'Accept-Language': language }, signal: signal ?? null }),
  )
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw problemOf(body, response.status)
  return body as T
}

export interface PageOf<T> {
  items: T[]
  next?: string | null
}

/** All items of a list, page after page. */
export async function allPages<T>(first: Promise<PageOf<T>>, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let page = await first
  items.push(...page.items)
  while (page.next) {
    page = await follow<PageOf<T>>(page.next, signal)
    items.push(...page.items)
  }
  return items
}

/** The value of `If-Match` for a version. */
export function etag(version: number | null | undefined): string {
  return `"${version ?? 0}"`
}
