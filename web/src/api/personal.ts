/** What people do with their own duties: confirm, decline, swap, claim, check in, hours, calendars, being told. */
import { allPages, client, unwrap, type Schemas } from './client'
import { clean } from './resource'

export type MyDuty = Schemas['MyAssignment']
export type Swap = Schemas['Swap']
export type OpenDuty = Schemas['OpenDuty']
export type CalendarKey = Schemas['CalendarKey']
export type ReplanEvent = Schemas['ReplanEvent']

const path = (id: string) => ({ path: { id } })
const duty = (one: MyDuty) => ({ path: { id: one.schedule, assignment: String(one.assignment) } })

export const mine = {
  confirm: (one: MyDuty) => unwrap(client.POST('/api/v1/me/assignments/{id}/{assignment}/confirm', { params: duty(one) })),
  decline: (one: MyDuty, reason: string) => unwrap(client.POST('/api/v1/me/assignments/{id}/{assignment}/decline', { params: duty(one), body: { reason } })),
  checkIn: (one: MyDuty) => unwrap(client.POST('/api/v1/me/assignments/{id}/{assignment}/check-in', { params: duty(one) })),
  checkOut: (one: MyDuty) => unwrap(client.POST('/api/v1/me/assignments/{id}/{assignment}/check-out', { params: duty(one) })),
  swaps: () => allPages(unwrap(client.GET('/api/v1/me/swaps', { params: { query: { sort: '-id', limit: 100 } } }))),
  availability: () => unwrap(client.GET('/api/v1/me/availability')),
  state: (body: Schemas['MyStatement']) => unwrap(client.POST('/api/v1/me/availability', { body })),
  withdraw: (id: string) => unwrap(client.DELETE('/api/v1/me/availability/{id}', { params: path(id) })),
  hours: (query: { from?: string; to?: string }) => unwrap(client.GET('/api/v1/me/hours', { params: { query: clean(query) } })),
  issueRecord: (from: string, to: string) => unwrap(client.POST('/api/v1/me/service-records', { body: { from, to } })),
  /** The record's page, opened in a window of its own with the session's cookie. */
  recordLink: (code: string) => `/api/v1/me/service-records/${encodeURIComponent(code)}`,
  calendarKeys: () => allPages(unwrap(client.GET('/api/v1/me/calendar-keys', { params: { query: { limit: 200 } } }))),
  makeCalendarKey: (body: Schemas['NewCalendarKey']) => unwrap(client.POST('/api/v1/me/calendar-keys', { body })),
  revokeCalendarKey: (id: string) => unwrap(client.DELETE('/api/v1/me/calendar-keys/{id}', { params: path(id) })),
  notifications: () => unwrap(client.GET('/api/v1/me/notifications')),
  setNotifications: (body: Schemas['MyNotifications']) => unwrap(client.PUT('/api/v1/me/notifications', { body })),
}

export const swaps = {
  list: (status?: string) => allPages(unwrap(client.GET('/api/v1/swaps', { params: { query: { ...clean({ status }), sort: '-id', limit: 200 } } }))),
  offer: (body: Schemas['NewSwap']) => unwrap(client.POST('/api/v1/swaps', { body })),
  take: (id: string) => unwrap(client.POST('/api/v1/swaps/{id}/take', { params: path(id) })),
  approve: (id: string) => unwrap(client.POST('/api/v1/swaps/{id}/approve', { params: path(id) })),
  decline: (id: string) => unwrap(client.POST('/api/v1/swaps/{id}/decline', { params: path(id) })),
  events: () => unwrap(client.GET('/api/v1/replan-events', { params: { query: { sort: '-id', limit: 100 } } })),
}

export const openDuties = {
  list: (query: { unit?: string; from?: string; to?: string }) => allPages(unwrap(client.GET('/api/v1/open-duties', { params: { query: { ...clean(query), limit: 500 } } }))),
  claim: (post: string) => unwrap(client.POST('/api/v1/open-duties/{post}/claim', { params: { path: { post } } })),
}
