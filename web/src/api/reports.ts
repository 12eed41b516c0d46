/** Figures of people over some published weeks, as the server reckons them. */
import { client, unwrap, type Schemas } from './client'

export type Fairness = Schemas['FairnessReport']
export type Hours = Schemas['HoursReport']
export type Overdue = Schemas['OverdueReport']

const over = (unit: string, week: string, weeks: number) => ({ params: { query: { unit, week, weeks: String(weeks) } } })

export const reports = {
  fairness: (unit: string, week: string, weeks: number) => unwrap(client.GET('/api/v1/reports/fairness.json', over(unit, week, weeks))) as Promise<Fairness>,
  coverageGrid: (unit: string, week: string, level?: string) => unwrap(client.GET('/api/v1/reports/coverage-grid.json', { params: { query: { unit, week, ...(level ? { level } : {}) } } })),
  overdue: (unit: string, by: string) => unwrap(client.GET('/api/v1/reports/overdue.json', { params: { query: { unit, by } } })),
  hours: (unit: string, week: string, weeks: number) => unwrap(client.GET('/api/v1/reports/hours.json', over(unit, week, weeks))) as Promise<Hours>,
}
