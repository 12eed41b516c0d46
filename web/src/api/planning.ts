/** Schedules, their runs and what hangs on them; constraint profiles. */
import { allPages, client, etag, unwrap, type Schemas } from './client'
import { clean } from './resource'

export type Schedule = Schemas['Schedule']
export type Assignment = Schemas['Assignment']
export type Certificate = Schemas['Certificate']
export type Unmet = Schemas['Unmet']
export type ProgressPoint = Schemas['ProgressPoint']
export type Run = Schemas['Run']
export type Rule = Schemas['Rule']
export type RuleSetting = Schemas['RuleSetting']
export type Profile = Schemas['ConstraintProfile']
export type Happening = Schemas['Event']
export type PlannedCase = Schemas['PlannedCase']
export type ProfileVersion = Schemas['ProfileVersionDocument']

const path = (id: string) => ({ path: { id } })

export const planning = {
  schedules: (query: { within?: string; unit?: string; weekStart?: string; status?: string }) =>
    allPages(
      unwrap(client.GET('/api/v1/schedules', { params: { query: { ...clean(query), limit: 200 } } })),
    ),
  schedule: (id: string) => unwrap(client.GET('/api/v1/schedules/{id}', { params: path(id) })),
  create: (body: Schemas['NewSchedule'], key: string) =>
    unwrap(
      client.POST('/api/v1/schedules', { body, params: { header: { 'Idempotency-Key': key } } }),
    ),
  stop: (id: string) => unwrap(client.DELETE('/api/v1/schedules/{id}', { params: path(id) })),
  /** Plans the week anew. With events in the body the same address answers a new version, which this never asks for. */
  replan: async (id: string): Promise<Schedule> => {
    const answer = await unwrap(client.POST('/api/v1/schedules/{id}/replan', { params: path(id) }))
    return 'schedule' in answer ? answer.schedule : answer
  },
  /** Answers at once with a new version in which as few people as possible change. */
  newVersion: async (id: string, events: Happening[]): Promise<Schemas['LeastChange'] | undefined> => {
    const answer = await unwrap(client.POST('/api/v1/schedules/{id}/replan', { params: path(id), body: { events } }))
    return 'streets' in answer ? answer : undefined
  },
  /** How the latest run came to its values and bounds, also after it has ended. */
  progress: async (id: string): Promise<ProgressPoint[]> => (await unwrap(client.GET('/api/v1/schedules/{id}/progress', { params: path(id) }))).points,
  cases: (id: string) => allPages(unwrap(client.GET('/api/v1/schedules/{id}/cases', { params: { ...path(id), query: { limit: 500 } } }))),
  receptions: (id: string) => allPages(unwrap(client.GET('/api/v1/schedules/{id}/receptions', { params: { ...path(id), query: { limit: 500 } } }))),
  visits: (id: string) => allPages(unwrap(client.GET('/api/v1/schedules/{id}/visits', { params: { ...path(id), query: { limit: 500 } } }))),
  publish: (id: string, version: number) =>
    unwrap(
      client.POST('/api/v1/schedules/{id}/publish', {
        params: { ...path(id), header: { 'If-Match': etag(version) } },
      }),
    ),
  certificate: (id: string) =>
    unwrap(client.GET('/api/v1/schedules/{id}/certificate', { params: path(id) })),
  unmet: (id: string) =>
    allPages(
      unwrap(client.GET('/api/v1/schedules/{id}/unmet', { params: { ...path(id), query: { limit: 500 } } })),
    ),
  assignments: (id: string, query: { person?: string; station?: string } = {}) =>
    allPages(
      unwrap(
        client.GET('/api/v1/schedules/{id}/assignments', {
          params: { ...path(id), query: { ...query, limit: 500 } },
        }),
      ),
    ),
  roster: (unit: string, week: string) =>
    unwrap(client.GET('/api/v1/rosters/{unit}/{week}.json', { params: { path: { unit, week } } })),
  pin: (one: Assignment, pinned: boolean) => {
    const init = {
      params: {
        path: { id: one.schedule, assignment: String(one.id) },
        header: { 'If-Match': etag(one.version) },
      },
    }
    return pinned
      ? unwrap(client.PUT('/api/v1/schedules/{id}/assignments/{assignment}/pin', init))
      : unwrap(client.DELETE('/api/v1/schedules/{id}/assignments/{assignment}/pin', init))
  },
  dutiesOf: (person: string, from: string, to: string) =>
    unwrap(
      client.GET('/api/v1/people/{id}/assignments', { params: { ...path(person), query: { from, to } } }),
    ),
  loadDemo: (body: Schemas['NewDemoData']) => unwrap(client.POST('/api/v1/demo-data', { body })),
}

export const rules = {
  catalogue: () => unwrap(client.GET('/api/v1/rules')) as Promise<Rule[]>,
  profiles: () =>
    allPages(unwrap(client.GET('/api/v1/constraint-profiles', { params: { query: { limit: 200 } } }))),
  profile: (id: string) => unwrap(client.GET('/api/v1/constraint-profiles/{id}', { params: path(id) })),
  versions: (id: string) =>
    unwrap(client.GET('/api/v1/constraint-profiles/{id}/versions', { params: path(id) })) as Promise<
      ProfileVersion[]
    >,
  createProfile: (body: Profile) => unwrap(client.POST('/api/v1/constraint-profiles', { body })),
  createVersion: (id: string, body: Schemas['NewProfileVersion'], version: number) =>
    unwrap(
      client.POST('/api/v1/constraint-profiles/{id}/versions', {
        body,
        params: { ...path(id), header: { 'If-Match': etag(version) } },
      }),
    ),
}
