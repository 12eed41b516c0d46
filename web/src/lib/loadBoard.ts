/** Everything the board of a unit's week needs, asked for in parallel. */
import { allPages, follow, type Schemas } from '@/api/client'
import { planning, type Assignment, type Schedule, type Unmet } from '@/api/planning'
import { ApiProblem } from '@/api/problem'
import { people, posts, stations } from '@/api/resource'
import { weekDays } from './time'

export interface BoardData {
  unit: string
  week: string
  schedule: Schedule | null
  stations: Schemas['Station'][]
  people: Schemas['Person'][]
  /** People from elsewhere who serve here. */
  guests: Schemas['Person'][]
  /** Ids of people who serve and do not count as heads. */
  trainees: Set<string>
  posts: Schemas['Post'][]
  duties: Assignment[]
  unmet: Map<string, Unmet>
}

/** A board of thousands of rows helps nobody: such units are looked at part by part. */
export class TooManyStations extends Error {}
export const MOST_STATIONS = 1500

async function stationsOf(unit: string): Promise<Schemas['Station'][]> {
  const found: Schemas['Station'][] = []
  let page = await stations.list({ unit, limit: 500 })
  for (;;) {
    found.push(...page.items)
    if (found.length > MOST_STATIONS) throw new TooManyStations()
    if (!page.next) return found
    page = await follow(page.next)
  }
}

async function rosterOf(unit: string, week: string): Promise<{ schedule: Schedule; duties: Assignment[] } | null> {
  try {
    const roster = await planning.roster(unit, week)
    return { schedule: roster.schedule, duties: roster.stations.flatMap((one) => one.assignments) }
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null
    throw error
  }
}

/** Loads a unit's week: of one schedule, or of the one in force. */
export async function loadBoard(unit: string, week: string, monday: string, scheduleId?: string): Promise<BoardData> {
  // When one part fails, or there are too many stations, the others are not read to the end.
  const stop = new AbortController()
  const { signal } = stop
  const [stationList, roster, postsByDay, peopleList] = await Promise.all([
    stationsOf(unit),
    scheduleId ? chosen(scheduleId) : rosterOf(unit, week),
    // Day by day at once: pages of one list come one after the other.
    Promise.all(weekDays(monday).map((day) => allPages(posts.list({ unit, from: day, to: day, limit: 500 }), signal))),
    allPages(people.list({ unit, limit: 500 }), signal),
  ]).catch((error: unknown) => {
    stop.abort()
    throw error
  })
  const postList = postsByDay.flat()
  const inUnit = new Set(stationList.map((one) => one.id))
  const duties = (roster?.duties ?? []).filter((one) => inUnit.has(one.station))
  const known = new Set(peopleList.map((one) => one.id))
  const strangers = [...new Set(duties.map((one) => one.person))].filter((id) => !known.has(id))
  const [guests, needs] = await Promise.all([
    fetchPeople(strangers),
    roster?.schedule.plannedAt ? planning.unmet(roster.schedule.id) : [],
  ])
  const trainees = new Set([...peopleList, ...guests].filter((one) => one.trainee).map((one) => one.id ?? ''))
  const unmet = new Map(needs.map((one) => [one.post, one]))
  return { unit, week, schedule: roster?.schedule ?? null, stations: stationList, people: peopleList, guests, trainees, posts: postList, duties, unmet }
}

/** People by id, a few at a time; who has been deleted meanwhile is left out. */
async function fetchPeople(ids: string[]): Promise<Schemas['Person'][]> {
  const left = [...ids]
  const found: Schemas['Person'][] = []
  const worker = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      const one = await people.get(id).catch(() => undefined)
      if (one) found.push(one)
    }
  }
  await Promise.all(Array.from({ length: 6 }, worker))
  return found.sort((a, b) => a.sortKey.localeCompare(b.sortKey))
}

async function chosen(id: string): Promise<{ schedule: Schedule; duties: Assignment[] }> {
  const schedule = await planning.schedule(id)
  return { schedule, duties: schedule.plannedAt ? await planning.assignments(id) : [] }
}
