/** Figures over a loaded week, and what reports over weeks show of people. */
import { blockOf, cellKey, coverageOf, headsByPost, type BoardPost, type Column } from './board'
import type { Fairness, Hours } from '@/api/reports'
import type { Coverage } from './coverage'
import type { BoardData } from './loadBoard'
import { weekday } from './time'

export interface CoverageRow {
  unit: string
  cells: Coverage[]
}

/** For each unit of a subtree, the group it belongs to: the child of the root above it, or the root itself. */
export function groupUnits(root: string, units: readonly { id?: string | null; parent?: string | null }[]): Map<string, string> {
  const parents = new Map(units.map((one) => [one.id ?? '', one.parent ?? '']))
  const groups = new Map<string, string>()
  for (const id of parents.keys()) {
    let at = id
    while (at !== root && parents.get(at) && parents.get(at) !== root) at = parents.get(at) ?? root
    groups.set(id, parents.has(at) ? at : root)
  }
  return groups
}

/** Coverage of each group of stations in each column; groups without posts are left out. */
export function coverageTable(groupOfUnit: ReadonlyMap<string, string>, data: Pick<BoardData, 'stations' | 'posts' | 'duties' | 'trainees'>, columns: readonly Column[]): CoverageRow[] {
  const heads = headsByPost(data.duties, data.trainees)
  const groupOf = new Map<string, string>()
  for (const station of data.stations) groupOf.set(station.id ?? '', groupOfUnit.get(station.unit) ?? station.unit)
  const posts = new Map<string, BoardPost[]>()
  for (const post of data.posts) {
    if (post.retired) continue
    const key = `${groupOf.get(post.station)}|${cellKey(post.date, blockOf(post.startMinute))}`
    const list = posts.get(key) ?? []
    list.push({ ...post, id: post.id ?? '', mix: post.mix ?? false })
    posts.set(key, list)
  }
  return [...new Set(groupOfUnit.values())]
    .sort()
    .map((unit) => ({ unit, cells: columns.map((column) => coverageOf(posts.get(`${unit}|${cellKey(column.date, column.block)}`) ?? [], heads)) }))
    .filter((row) => row.cells.some((cell) => cell.level !== 'none'))
}

export interface Load {
  person: string
  category: string
  minutes: number
  evenings: number
  weekends: number
}

/** Load of each person who belongs to the unit or serves in it. */
export function loads(data: Pick<BoardData, 'people' | 'guests' | 'duties'>): Load[] {
  const byPerson = new Map<string, Load>()
  const of = (person: string, category: string) => {
    const known = byPerson.get(person) ?? { person, category, minutes: 0, evenings: 0, weekends: 0 }
    byPerson.set(person, known)
    return known
  }
  for (const one of [...data.people, ...data.guests]) of(one.id ?? '', one.category)
  for (const duty of data.duties) {
    const load = of(duty.person, '')
    load.minutes += duty.endMinute - duty.startMinute
    if (blockOf(duty.startMinute) === 'evening') load.evenings += 1
    if (weekday(duty.date) >= 6) load.weekends += 1
  }
  return [...byPerson.values()]
}

export type Order = 'balance' | 'minutes' | 'name' | 'missing'

/** People of one category, or of all, in an order. The server's own order is that of names. */
export function fairnessRows(report: Fairness, category: string, order: Order): Fairness['rows'] {
  const rows = report.rows.filter((one) => !category || one.category === category)
  if (order === 'balance') return rows.sort((a, b) => b.balanceMinutes - a.balanceMinutes || b.balanceUnsocialDuties - a.balanceUnsocialDuties)
  if (order === 'minutes') return rows.sort((a, b) => b.minutes - a.minutes)
  return rows
}

/** The same of hours. */
export function hoursRows(report: Hours, category: string, order: Order): Hours['rows'] {
  const rows = report.rows.filter((one) => !category || one.category === category)
  const missing = (one: Hours['rows'][number]) => one.plannedDuties - one.servedDuties
  if (order === 'missing') return rows.sort((a, b) => missing(b) - missing(a))
  if (order === 'minutes') return rows.sort((a, b) => b.plannedMinutes - a.plannedMinutes)
  return rows
}

/** Minutes planned and served of each category that has some, in the order given. */
export function hoursByCategory(report: Hours, categories: readonly string[]): { category: string; planned: number; served: number }[] {
  return categories
    .map((category) => {
      const rows = report.rows.filter((one) => one.category === category)
      return { category, planned: rows.reduce((sum, one) => sum + one.plannedMinutes, 0), served: rows.reduce((sum, one) => sum + one.servedMinutes, 0) }
    })
    .filter((one) => one.planned + one.served > 0)
}
