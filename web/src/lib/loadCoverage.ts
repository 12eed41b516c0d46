/** A week's coverage: of each station, or of each unit below where there are too many stations to show each. */
import { reports } from '@/api/reports'
import { stationsOf, type AreaGrid } from './areas'
import { loadBoard, MOST_STATIONS, TooManyStations, type BoardData } from './loadBoard'

export type Shown = { board: BoardData; grid: null } | { board: null; grid: AreaGrid }
interface Unit {
  id?: string | null
  level: string
}

/** A unit's week with each of its stations; a city is asked for its sums first, as in `loadCoverage`. */
export async function loadStations(unit: Unit, week: string, monday: string, plan?: string): Promise<BoardData> {
  if (unit.level === 'city' && stationsOf((await reports.coverageGrid(unit.id ?? '', week)).rows) > MOST_STATIONS) throw new TooManyStations()
  return loadBoard(unit.id ?? '', week, monday, plan)
}

/** `areas` is the level of the units that are shown; without, they are the units just below. */
export async function loadCoverage(unit: Unit | null, week: string, monday: string, areas?: string): Promise<Shown> {
  const id = unit?.id ?? ''
  const grid = () => reports.coverageGrid(id, week, areas)
  // A city is asked for its sums first: reading its stations only to find too many takes longer.
  if (unit?.level === 'city') {
    const sums = await grid()
    if (stationsOf(sums.rows) > MOST_STATIONS) return { board: null, grid: sums }
  }
  try {
    return { board: await loadBoard(id, week, monday), grid: null }
  } catch (error) {
    if (!(error instanceof TooManyStations)) throw error
    return { board: null, grid: await grid() }
  }
}
