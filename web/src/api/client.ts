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

const habits: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language)
    return request
  },
}

async function fetchOrOffline(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Offline(cause)
  }
}

export const client = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: fetchOrOffline })
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
  const response = await fetchOrOffline(
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
