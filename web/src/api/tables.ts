/** Lists as tables: templates, exports, and imports that are checked before anything is stored. */
import { client, unwrap, type Schemas } from './client'
import type { Right } from '@/lib/rights'

export type ImportReport = Schemas['ImportReport']

/** Tables that come in and go out, in the order in which an empty database is filled. */
export const IN_AND_OUT = ['units', 'stations', 'skills', 'contracts', 'shift-types', 'people', 'availability', 'secondments', 'lendings', 'demand-templates', 'posts', 'case-categories', 'cases', 'visits', 'quotas', 'resources', 'resource-loans', 'needs', 'projects'] as const
/** Tables that only go out. */
export const OUT_ONLY = ['calendars', 'receptions', 'bookings', 'activities', 'schedules', 'constraint-profiles', 'swaps', 'replan-events', 'resource-events', 'accounts', 'api-keys', 'channels', 'deliveries', 'rules', 'open-duties', 'quota-progress'] as const
/** What taking a table out asks for, where it is not `inspect`. */
const ASKS: Partial<Record<string, Right>> = { accounts: 'administer', channels: 'edit', deliveries: 'edit', rules: 'see', 'open-duties': 'see' }
export const rightOf = (kind: string): Right => ASKS[kind] ?? 'inspect'
export type TableKind = (typeof IN_AND_OUT)[number] | (typeof OUT_ONLY)[number]

/** The file goes as it is; the document says of it only that it is bytes. */
const sent = (file: File) => ({
  body: file as unknown as string,
  bodySerializer: (body: unknown) => body as BodyInit,
  headers: { 'Content-Type': 'application/octet-stream' },
})

export const tables = {
  template: (kind: string) => `/api/v1/templates/${kind}.xlsx`,
  exported: (kind: string) => `/api/v1/exports/${kind}.xlsx`,
  report: (name: string, unit: string, week?: string, weeks?: number, by?: string) => `/api/v1/reports/${name}.xlsx?unit=${encodeURIComponent(unit)}${week ? `&week=${week}` : ''}${weeks ? `&weeks=${weeks}` : ''}${by ? `&by=${by}` : ''}`,
  /** Checks every row and stores nothing. */
  check: (kind: string, file: File) => unwrap(client.POST('/api/v1/imports/{kind}', { params: { path: { kind }, query: { dryRun: 'true' } }, ...sent(file) })) as Promise<ImportReport>,
  /** The same table with a red column of errors. */
  marked: (kind: string, file: File) => unwrap(client.POST('/api/v1/imports/{kind}', { params: { path: { kind }, query: { dryRun: 'true', report: 'xlsx' } }, parseAs: 'blob', ...sent(file) })) as unknown as Promise<Blob>,
  store: (kind: string, file: File, key: string) => unwrap(client.POST('/api/v1/imports/{kind}', { params: { path: { kind }, header: { 'Idempotency-Key': key } }, ...sent(file) })) as Promise<ImportReport>,
}
