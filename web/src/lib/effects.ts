/** Changes of a roster by hand: what they take and give, how they are taken back, and what they cost in words. */
import type { BoardDuty, BoardPost, Cell } from './board'
import { grouped } from './numbers'

export interface Place {
  person: string
  post: string
}

export interface Change {
  removed: Place[]
  added: Place[]
}

interface ChangedDuties {
  removed: readonly Place[]
  added: readonly Place[]
}

const bare = ({ person, post }: Place): Place => ({ person, post })

/** What an answer of the server proposes, as it is sent back to be done. */
export function changeOf(proposed: ChangedDuties): Change {
  return { removed: proposed.removed.map(bare), added: proposed.added.map(bare) }
}

/** What undoes a change. */
export function inverse(change: Change): Change {
  return { removed: change.added, added: change.removed }
}

/** Where a duty may be put down in a cell: at which post, and whom it then replaces, if anybody. */
export interface Landing {
  post: BoardPost
  replaces: BoardDuty | null
}

/**
 * Places in a cell of stations for a duty that is carried there: posts with room first, then the place of each who
 * serves there. The duty's own post is no landing, nor is one where its person serves already.
 */
export function landings(duty: BoardDuty, cell: Cell): Landing[] {
  const open: Landing[] = []
  const taken: Landing[] = []
  for (const post of cell.posts) {
    const here = cell.duties.filter((one) => one.post === post.id)
    if (post.id === duty.post || here.some((one) => one.person === duty.person)) continue
    if (here.length < post.maxHeads) open.push({ post, replaces: null })
    for (const one of here) taken.push({ post, replaces: one })
  }
  return [...open, ...taken]
}

/** The change that a landing makes. Who is replaced goes where the other comes from. */
export function moveTo(duty: BoardDuty, { post, replaces }: Landing, exchange: boolean): Change {
  const change: Change = { removed: [bare(duty)], added: [{ person: duty.person, post: post.id }] }
  if (!replaces) return change
  change.removed.push(bare(replaces))
  if (exchange) change.added.push({ person: replaces.person, post: duty.post })
  return change
}

/** The change that hands a duty to another person, as by carrying it to that person's row. */
export function handOver(duty: BoardDuty, person: string): Change {
  return { removed: [bare(duty)], added: [{ person, post: duty.post }] }
}

export type Verdict = 'better' | 'same' | 'worse'

/** Whether costs as a whole fall: the first tier that changes decides. */
export function verdict(tiers: readonly number[]): Verdict {
  const first = tiers.find((tier) => tier !== 0) ?? 0
  return first < 0 ? 'better' : first > 0 ? 'worse' : 'same'
}

/** `+3`, `−3`, `0`: costs with their sign. */
export function signed(cost: number): string {
  // Nobody weighs hundredths of a thousand.
  const rounded = Math.abs(cost) >= 1000 ? Math.round(cost) : Math.round(cost * 100) / 100
  return rounded > 0 ? `+${grouped(rounded)}` : rounded < 0 ? `−${grouped(Math.abs(rounded))}` : '0'
}
