/** Where notifications go and what became of them; how a unit handles service. */
import { client, etag, unwrap, type Schemas } from './client'
import { clean, resource } from './resource'

export type Delivery = Schemas['Delivery']
export type ServicePolicy = Schemas['ServicePolicy']
/** A channel as it is sent: the secret is never answered, and kept when left out. */
export type Channel = Schemas['Channel'] & { secret?: string | null }

/** How far a notification has come. */
export const DELIVERY_STATUS = ['queued', 'sent', 'dead'] as const

export const channels = resource('/api/v1/channels')

export const deliveries = {
  all: (query: { status?: string; unit?: string; limit?: number }) => unwrap(client.GET('/api/v1/deliveries', { params: { query: { ...clean(query), sort: '-id' } } })),
  /** All of them or none. */
  againAll: (ids: string[]) => unwrap(client.POST('/api/v1/deliveries/redeliver', { body: { deliveries: ids } })),
  list: (id: string, query: { status?: string; limit?: number }) =>
    unwrap(client.GET('/api/v1/channels/{id}/deliveries', { params: { path: { id }, query: { ...clean(query), sort: '-id' } } })),
  again: (id: string, delivery: string) => unwrap(client.POST('/api/v1/channels/{id}/deliveries/{delivery}/redeliver', { params: { path: { id, delivery } } })),
}

export const policies = {
  get: (unit: string) => unwrap(client.GET('/api/v1/service-policies/{unit}', { params: { path: { unit } } })),
  put: (unit: string, body: ServicePolicy, version: number) =>
    unwrap(client.PUT('/api/v1/service-policies/{unit}', { params: { path: { unit }, header: { 'If-Match': etag(version) } }, body })),
}

export const transfers = {
  hand: (body: Schemas['TransferInput']) => unwrap(client.POST('/api/v1/case-transfers', { body })),
}
