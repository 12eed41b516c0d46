/** Questions about a stored roster and changes of it by hand: reasons, repairs, replacements, prices, what-ifs. */
import { allPages, client, unwrap, type Schemas } from './client'
import { clean } from './resource'

export type Explanation = Schemas['Explanation']
export type Repair = Schemas['Repair']
export type Recommendation = Schemas['Recommendation']
export type Effect = Schemas['Effect']
export type DutyChange = Schemas['DutyChange']
export type Prices = Schemas['Prices']
export type WhatIf = Schemas['WhatIf']
export type Override = Schemas['Override']

const path = (id: string) => ({ path: { id } })

export const adjusting = {
  explain: async (id: string, post: string): Promise<Explanation | undefined> => (await unwrap(client.GET('/api/v1/schedules/{id}/explanation', { params: { ...path(id), query: { post } } })))[0],
  recommend: (id: string, about: { assignment?: number; post?: string }, limit: number) =>
    unwrap(client.GET('/api/v1/schedules/{id}/recommendations', { params: { ...path(id), query: { ...clean(about), limit } } })),
  price: (id: string, body: DutyChange) => unwrap(client.POST('/api/v1/schedules/{id}/changes/price', { params: path(id), body })),
  apply: (id: string, body: DutyChange) => unwrap(client.POST('/api/v1/schedules/{id}/changes', { params: path(id), body })),
  prices: (id: string, query: { street?: string; exact?: number; fairness?: boolean }) => unwrap(client.GET('/api/v1/schedules/{id}/prices', { params: { ...path(id), query } })),
  whatIf: (id: string, body: Schemas['WhatIfRequest']) => unwrap(client.POST('/api/v1/schedules/{id}/what-if', { params: path(id), body })),
  overrides: (id: string) => allPages(unwrap(client.GET('/api/v1/schedules/{id}/overrides', { params: { ...path(id), query: { limit: 200 } } }))),
}
