/** The weekly pattern in the statements of availability: those of one weekday and one whole block, without dates or places. */
import type { Block } from './board'

export type Kind = 'unavailable' | 'undesired' | 'desired'

export interface Statement {
  id?: string | null
  kind: string
  weekday?: number | null
  fromDate?: string | null
  toDate?: string | null
  startMinute: number
  endMinute: number
  shiftType?: string | null
  station?: string | null
  version?: number | null
}

/** What a click on a block states. */
export const BLOCK_SPAN: Record<Block, { startMinute: number; endMinute: number }> = {
  morning: { startMinute: 0, endMinute: 720 },
  afternoon: { startMinute: 720, endMinute: 1050 },
  evening: { startMinute: 1050, endMinute: 1440 },
}

// The hours in which duties of a block lie; a statement that spans them covers the block.
const CORE: Record<Block, readonly [number, number]> = { morning: [510, 690], afternoon: [810, 990], evening: [1080, 1200] }

export interface Pattern<S extends Statement> {
  at: (weekday: number, block: Block) => S | undefined
  used: ReadonlySet<string>
}

export function patternOf<S extends Statement>(statements: readonly S[]): Pattern<S> {
  const cells = new Map<string, S>()
  const used = new Set<string>()
  for (const one of statements) {
    if (!one.weekday || one.fromDate || one.toDate || one.station) continue
    const blocks = (Object.keys(CORE) as Block[]).filter((block) => one.startMinute <= CORE[block][0] && one.endMinute >= CORE[block][1])
    // A statement over several blocks cannot be clicked away block by block: it stays in the list below.
    const [block] = blocks
    if (blocks.length !== 1 || !block || cells.has(`${one.weekday}/${block}`)) continue
    cells.set(`${one.weekday}/${block}`, one)
    if (one.id) used.add(one.id)
  }
  return { at: (weekday, block) => cells.get(`${weekday}/${block}`), used }
}

/** Nothing said, unavailable, rather not, gladly, nothing said. */
export function nextKind(kind: Kind | undefined): Kind | undefined {
  const order: (Kind | undefined)[] = [undefined, 'unavailable', 'undesired', 'desired']
  return order[(order.indexOf(kind) + 1) % order.length]
}
