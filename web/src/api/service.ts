/** What residents bring and what stations share: cases, receptions, bookings, activities, and their report. */
import { allPages, client, etag, unwrap, type Schemas } from './client'
import { clean } from './resource'

export type Case = Schemas['Case']
export type Reception = Schemas['Reception']
export type ReceptionInput = Schemas['ReceptionInput']
export type Matter = Schemas['Matter']
export type Booking = Schemas['Booking']
export type Activity = Schemas['Activity']
export type SharedResource = Schemas['Resource']

const path = (id: string) => ({ path: { id } })
const edit = (id: string, version: number) => ({ ...path(id), header: { 'If-Match': etag(version) } })

export interface CaseFilter {
  unit?: string
  status?: string
  open?: string
  overdue?: string
  channel?: string
  category?: string
  handler?: string
  reception?: string
  number?: string
  dueBefore?: string
  sort?: string
  limit?: number
}

/** Moves that take nothing but a reason, with their addresses. */
const PLAIN = {
  accept: '/api/v1/cases/{id}/accept',
  return: '/api/v1/cases/{id}/return',
  escalate: '/api/v1/cases/{id}/escalate',
  explain: '/api/v1/cases/{id}/explain',
  resolve: '/api/v1/cases/{id}/resolve',
  reopen: '/api/v1/cases/{id}/reopen',
} as const

export const cases = {
  list: (query: CaseFilter) => unwrap(client.GET('/api/v1/cases', { params: { query: clean(query) } })),
  get: (id: string) => unwrap(client.GET('/api/v1/cases/{id}', { params: path(id) })),
  register: (body: Schemas['NewCase'], key: string) => unwrap(client.POST('/api/v1/cases', { body, params: { header: { 'Idempotency-Key': key } } })),
  timeline: (id: string) => unwrap(client.GET('/api/v1/cases/{id}/timeline', { params: path(id) })),
  duplicates: (id: string) => unwrap(client.GET('/api/v1/cases/{id}/duplicates', { params: path(id) })),
  unmask: (id: string, reason: string) => unwrap(client.POST('/api/v1/cases/{id}/unmask', { params: path(id), body: { reason } })),
  triage: (id: string, body: Schemas['TriageInput'], version: number) => unwrap(client.POST('/api/v1/cases/{id}/triage', { params: edit(id, version), body })),
  assign: (id: string, body: Schemas['AssignInput'], version: number) => unwrap(client.POST('/api/v1/cases/{id}/assign', { params: edit(id, version), body })),
  extend: (id: string, body: Schemas['ExtendInput'], version: number) => unwrap(client.POST('/api/v1/cases/{id}/extend', { params: edit(id, version), body })),
  callBack: (id: string, body: Schemas['CallBackInput'], version: number) => unwrap(client.POST('/api/v1/cases/{id}/call-back', { params: edit(id, version), body })),
  plain: (move: keyof typeof PLAIN, id: string, reason: string | null, version: number) => unwrap(client.POST(PLAIN[move], { params: edit(id, version), body: { reason } })),
  isPlain: (move: string): move is keyof typeof PLAIN => move in PLAIN,
  report: (query: { unit: string; from?: string; to?: string; by?: string }) =>
    unwrap(client.GET('/api/v1/reports/three-rates.json', { params: { query: { ...clean(query), unit: query.unit } } })),
}

export const receptions = {
  list: (query: { unit?: string; deputy?: string; status?: string; from?: string; to?: string }) =>
    allPages(unwrap(client.GET('/api/v1/receptions', { params: { query: { ...clean(query), limit: 200 } } }))),
  get: (id: string) => unwrap(client.GET('/api/v1/receptions/{id}', { params: path(id) })),
  create: (body: ReceptionInput) => unwrap(client.POST('/api/v1/receptions', { body })),
  replace: (id: string, body: ReceptionInput, version: number) => unwrap(client.PUT('/api/v1/receptions/{id}', { params: edit(id, version), body })),
  announce: (id: string, version: number) => unwrap(client.POST('/api/v1/receptions/{id}/announce', { params: edit(id, version) })),
  cancel: (id: string, reason: string, version: number) => unwrap(client.POST('/api/v1/receptions/{id}/cancel', { params: edit(id, version), body: { reason } })),
  replaceDeputy: (id: string, body: Schemas['DeputyReplacement'], version: number) => unwrap(client.POST('/api/v1/receptions/{id}/replace-deputy', { params: edit(id, version), body })),
  fit: (id: string) => unwrap(client.GET('/api/v1/receptions/{id}/fit', { params: path(id) })),
  matters: (id: string) => unwrap(client.GET('/api/v1/receptions/{id}/bookings', { params: path(id) })),
  book: (id: string, body: Schemas['MatterInput']) => unwrap(client.POST('/api/v1/receptions/{id}/bookings', { params: path(id), body })),
  cancelMatter: (id: string, number: number, note: string) =>
    unwrap(client.POST('/api/v1/receptions/{id}/bookings/{number}/cancel', { params: { path: { id, number } }, body: { note } })),
  solvedBefore: (id: string, number: number, note: string) =>
    unwrap(client.POST('/api/v1/receptions/{id}/bookings/{number}/solved', { params: { path: { id, number } }, body: { note } })),
  record: (id: string, body: Schemas['RecordInput'], version: number) => unwrap(client.POST('/api/v1/receptions/{id}/record', { params: edit(id, version), body })),
  progress: (unit: string, year: number) => unwrap(client.GET('/api/v1/quota-progress', { params: { query: { unit, year: String(year) } } })),
}

export const sharing = {
  resources: (query: { unit?: string; kind?: string; baseKind?: string; station?: string }) =>
    allPages(unwrap(client.GET('/api/v1/resources', { params: { query: { ...clean(query), limit: 500 } } }))),
  resource: (id: string) => unwrap(client.GET('/api/v1/resources/{id}', { params: path(id) })),
  bookings: (query: { unit?: string; resource?: string; status?: string; from?: string; to?: string }) =>
    allPages(unwrap(client.GET('/api/v1/bookings', { params: { query: { ...clean(query), limit: 500 } } }))),
  book: (body: Schemas['NewBooking']) => unwrap(client.POST('/api/v1/bookings', { body })),
  cancelBooking: (id: string, reason: string, version: number) => unwrap(client.POST('/api/v1/bookings/{id}/cancel', { params: edit(id, version), body: { reason } })),
  withdraw: (id: string, body: Schemas['WithdrawalInput'], version: number) => unwrap(client.POST('/api/v1/resources/{id}/withdraw', { params: edit(id, version), body })),
  restore: (id: string, reason: string, version: number) => unwrap(client.POST('/api/v1/resources/{id}/restore', { params: edit(id, version), body: { reason } })),
  /** What has happened to resources, the latest first. */
  events: (query: { resource?: string; limit?: number }) => unwrap(client.GET('/api/v1/resource-events', { params: { query: { ...clean(query), sort: '-id' } } })),
  activities: (query: { unit?: string; from?: string; to?: string; status?: string }) =>
    allPages(unwrap(client.GET('/api/v1/activities', { params: { query: { ...clean(query), limit: 200 } } }))),
  hold: (body: Schemas['ActivityInput']) => unwrap(client.POST('/api/v1/activities', { body })),
  moveActivity: (id: string, body: Schemas['ActivityMove'], version: number) => unwrap(client.POST('/api/v1/activities/{id}/move', { params: edit(id, version), body })),
  cancelActivity: (id: string, reason: string, version: number) => unwrap(client.POST('/api/v1/activities/{id}/cancel', { params: edit(id, version), body: { reason } })),
}
