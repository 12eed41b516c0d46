/** The week board's model: rows of stations or people, a column for each block of each day. */
import { coverage, type Coverage } from './coverage'
import { weekDays } from './time'

export interface BoardPost {
  id: string
  station: string
  date: string
  startMinute: number
  endMinute: number
  skill?: string | null
  skillLevel: number
  minHeads: number
  targetHeads: number
  maxHeads: number
  priority: number
  mix: boolean
}

export interface BoardDuty {
  id: number
  person: string
  post: string
  station: string
  date: string
  startMinute: number
  endMinute: number
  pinned: boolean
}

export type Block = 'morning' | 'afternoon' | 'evening'
export const BLOCKS: readonly Block[] = ['morning', 'afternoon', 'evening']

/** Half days: what starts before noon, before 17:30, later. */
export function blockOf(startMinute: number): Block {
  if (startMinute < 720) return 'morning'
  return startMinute < 1050 ? 'afternoon' : 'evening'
}

export interface Column {
  date: string
  block: Block
}

export function columnsOf(monday: string): Column[] {
  return weekDays(monday).flatMap((date) => BLOCKS.map((block) => ({ date, block })))
}

export interface Cell {
  posts: BoardPost[]
  duties: BoardDuty[]
  coverage: Coverage
}

export interface BoardRow {
  id: string
  cells: Map<string, Cell>
  coverage: Coverage
  minutes: number
}

export function cellKey(date: string, block: Block): string {
  return `${date}/${block}`
}

const NOTHING: Cell = { posts: [], duties: [], coverage: coverage([]) }

export function cellAt(row: BoardRow, column: Column): Cell {
  return row.cells.get(cellKey(column.date, column.block)) ?? NOTHING
}

interface Gathering {
  posts: Map<string, BoardPost[]>
  duties: Map<string, BoardDuty[]>
}

function gather(into: Map<string, Gathering>, id: string): Gathering {
  const known = into.get(id)
  if (known) return known
  const fresh: Gathering = { posts: new Map(), duties: new Map() }
  into.set(id, fresh)
  return fresh
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key)
  if (list) list.push(item)
  else map.set(key, [item])
}

/** Heads at each post; trainees serve there and do not count. */
export function headsByPost(duties: readonly BoardDuty[], trainees: ReadonlySet<string>): Map<string, number> {
  const heads = new Map<string, number>()
  for (const duty of duties) if (!trainees.has(duty.person)) heads.set(duty.post, (heads.get(duty.post) ?? 0) + 1)
  return heads
}

/** Rows of stations, in the order of `stations`; stations without posts or duties in the week are kept, empty. */
export function stationRows(
  stations: readonly string[],
  posts: readonly BoardPost[],
  duties: readonly BoardDuty[],
  trainees: ReadonlySet<string> = new Set(),
): BoardRow[] {
  const heads = headsByPost(duties, trainees)
  const gathered = new Map<string, Gathering>()
  for (const id of stations) gather(gathered, id)
  for (const post of posts) {
    if (gathered.has(post.station)) push(gather(gathered, post.station).posts, cellKey(post.date, blockOf(post.startMinute)), post)
  }
  for (const duty of duties) {
    if (gathered.has(duty.station)) push(gather(gathered, duty.station).duties, cellKey(duty.date, blockOf(duty.startMinute)), duty)
  }
  return [...gathered].map(([id, { posts: byCell, duties: dutiesByCell }]) => {
    const cells = new Map<string, Cell>()
    for (const key of new Set([...byCell.keys(), ...dutiesByCell.keys()])) {
      const inCell = byCell.get(key) ?? []
      cells.set(key, {
        posts: inCell.sort((a, b) => a.startMinute - b.startMinute || a.id.localeCompare(b.id)),
        duties: dutiesByCell.get(key) ?? [],
        coverage: coverageOf(inCell, heads),
      })
    }
    const all = [...byCell.values()].flat()
    return { id, cells, coverage: coverageOf(all, heads), minutes: minutesOf([...dutiesByCell.values()].flat()) }
  })
}

/** Rows of people, in the order of `people`; those without duties are kept, so that free people are seen. */
export function personRows(
  people: readonly string[],
  posts: ReadonlyMap<string, BoardPost>,
  duties: readonly BoardDuty[],
): BoardRow[] {
  const gathered = new Map<string, Map<string, BoardDuty[]>>()
  for (const id of people) gathered.set(id, new Map())
  for (const duty of duties) {
    const row = gathered.get(duty.person)
    if (row) push(row, cellKey(duty.date, blockOf(duty.startMinute)), duty)
  }
  return [...gathered].map(([id, byCell]) => {
    const cells = new Map<string, Cell>()
    for (const [key, list] of byCell) {
      const served = list.map((duty) => posts.get(duty.post)).filter((post) => post !== undefined)
      cells.set(key, { posts: served, duties: list, coverage: coverage([]) })
    }
    return { id, cells, coverage: coverage([]), minutes: minutesOf([...byCell.values()].flat()) }
  })
}

/** The highest priority first, then by day and time. */
export function byUrgency(a: BoardPost, b: BoardPost): number {
  return b.priority - a.priority || a.date.localeCompare(b.date) || a.startMinute - b.startMinute || a.id.localeCompare(b.id)
}

export function coverageOf(posts: readonly BoardPost[], heads: ReadonlyMap<string, number>): Coverage {
  return coverage(
    posts.map((post) => ({
      min: post.minHeads,
      target: post.targetHeads,
      max: post.maxHeads,
      filled: heads.get(post.id) ?? 0,
    })),
  )
}

export function minutesOf(duties: readonly { startMinute: number; endMinute: number }[]): number {
  return duties.reduce((sum, duty) => sum + duty.endMinute - duty.startMinute, 0)
}
