/** Lists and single documents of one kind: every editable collection of the interface has the same five operations. */
import { client, etag, unwrap, type PageOf } from './client'
import type { paths } from './schema'

/** Collections whose documents can be read singly. */
export type Collection = {
  [K in keyof paths]: `${K}/{id}` extends keyof paths ? K : never
}[keyof paths]

type Json<R> = R extends { responses: { 200: { content: { 'application/json': infer D } } } } ? D : never
export type DocumentOf<C extends Collection> = `${C}/{id}` extends keyof paths
  ? paths[`${C}/{id}`] extends { get: infer G }
    ? Json<G>
    : never
  : never
export type QueryOf<C extends Collection> = paths[C] extends { get: { parameters: { query?: infer Q } } } ? Q : never

export interface Resource<D, Q> {
  list(query?: Q): Promise<PageOf<D>>
  get(id: string): Promise<D>
  create(document: D): Promise<D>
  replace(id: string, document: D, version: number): Promise<D>
  remove(id: string, version: number): Promise<void>
}

// The generated types cannot be indexed by a path that is a type parameter, so the calls below are untyped
// inside and typed at the edge of `resource`.
type Loose = (path: string, init: unknown) => Promise<{ data?: unknown; error?: unknown; response: Response }>

/** The operations of a collection, typed from the OpenAPI document. */
export function resource<C extends Collection>(collection: C): Resource<DocumentOf<C>, QueryOf<C>> {
  type D = DocumentOf<C>
  const { GET, POST, PUT, DELETE } = client as unknown as Record<'GET' | 'POST' | 'PUT' | 'DELETE', Loose>
  const single = `${collection}/{id}`
  const at = (id: string, version?: number) => ({
    path: { id },
    ...(version === undefined ? {} : { header: { 'If-Match': etag(version) } }),
  })
  return {
    list: (query) => unwrap(GET(collection, { params: { query: clean(query) } })) as Promise<PageOf<D>>,
    get: (id) => unwrap(GET(single, { params: at(id) })) as Promise<D>,
    create: (body) => unwrap(POST(collection, { body })) as Promise<D>,
    replace: (id, body, version) => unwrap(PUT(single, { params: at(id, version), body })) as Promise<D>,
    remove: async (id, version) => {
      await unwrap(DELETE(single, { params: at(id, version) }))
    },
  }
}

/** Leaves out what is empty: the server refuses parameters that say nothing. */
export function clean(query: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries((query ?? {}) as Record<string, unknown>).filter(
      ([, value]) => value !== undefined && value !== null && value !== '',
    ),
  )
}

export const units = resource('/api/v1/units')
export const stations = resource('/api/v1/stations')
export const people = resource('/api/v1/people')
export const skills = resource('/api/v1/skills')
export const shiftTypes = resource('/api/v1/shift-types')
export const contracts = resource('/api/v1/contracts')
export const availability = resource('/api/v1/availability')
export const secondments = resource('/api/v1/secondments')
export const lendings = resource('/api/v1/lendings')
export const templates = resource('/api/v1/demand-templates')
export const posts = resource('/api/v1/posts')
export const calendars = resource('/api/v1/calendars')
export const categories = resource('/api/v1/case-categories')
export const sharedResources = resource('/api/v1/resources')
export const loans = resource('/api/v1/resource-loans')
export const needs = resource('/api/v1/needs')
export const projects = resource('/api/v1/projects')
export const visits = resource('/api/v1/visits')
export const quotas = resource('/api/v1/quotas')
