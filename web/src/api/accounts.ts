/** Signing in, one's own account, accounts and roles, keys, and the audit trail. */
import { client, etag, unwrap, type Schemas } from './client'
import { clean } from './resource'

export type Session = Schemas['Session']
export type Account = Schemas['Account']
export type AccountSettings = Schemas['AccountSettings']
export type Grant = Schemas['Grant']
export type ApiKey = Schemas['ApiKey']
export type AuditEntry = Schemas['AuditEntry']

const path = (id: string) => ({ path: { id } })
const edit = (id: string, version: number) => ({ ...path(id), header: { 'If-Match': etag(version) } })

export const door = {
  session: () => unwrap(client.GET('/api/v1/session')),
  signIn: (name: string, password: string) => unwrap(client.POST('/api/v1/session', { body: { name, password } })),
  signOut: () => unwrap(client.DELETE('/api/v1/session')),
  me: () => unwrap(client.GET('/api/v1/me')),
  changePassword: (current: string, fresh: string) => unwrap(client.POST('/api/v1/me/password', { body: { current, new: fresh } })),
  myDuties: (from: string, to: string) => unwrap(client.GET('/api/v1/me/assignments', { params: { query: { from, to } } })),
}

export const accounts = {
  list: (query: { name?: string; limit?: number }) => unwrap(client.GET('/api/v1/accounts', { params: { query: clean(query) } })),
  get: (id: string) => unwrap(client.GET('/api/v1/accounts/{id}', { params: path(id) })),
  create: (body: AccountSettings) => unwrap(client.POST('/api/v1/accounts', { body })),
  replace: (id: string, body: AccountSettings, version: number) => unwrap(client.PUT('/api/v1/accounts/{id}', { params: edit(id, version), body })),
  remove: (id: string, version: number) => unwrap(client.DELETE('/api/v1/accounts/{id}', { params: edit(id, version) })),
  resetPassword: (id: string) => unwrap(client.POST('/api/v1/accounts/{id}/password', { params: path(id) })),
}

export const keys = {
  list: () => unwrap(client.GET('/api/v1/api-keys', { params: { query: { limit: 200 } } })),
  create: (body: Schemas['NewApiKey']) => unwrap(client.POST('/api/v1/api-keys', { body })),
  revoke: (id: string) => unwrap(client.DELETE('/api/v1/api-keys/{id}', { params: path(id) })),
}

export interface AuditFilter {
  kind?: string
  entity?: string
  actor?: string
  action?: string
  from?: string
  to?: string
}

export const audit = {
  list: (query: AuditFilter & { sort?: string; limit?: number }) => unwrap(client.GET('/api/v1/audit', { params: { query: clean(query) } })),
  verification: () => unwrap(client.GET('/api/v1/audit/verification')),
  /** The file's address: the browser downloads it with the session's cookie. */
  exportLink: (query: AuditFilter) => `/api/v1/audit/export?${new URLSearchParams(clean(query) as Record<string, string>).toString()}`,
}
