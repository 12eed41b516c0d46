/** Figures over a loaded week. */
import { blockOf, cellKey, coverageOf, headsByPost, type BoardPost, type Column } from './board'
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
