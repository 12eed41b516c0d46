/** Coverage of units that have too many stations to show each: figures that the server sums up by unit, day and part. */
import type { Schemas } from '@/api/client'
import type { Column } from './board'
import { levelOf, type Coverage } from './coverage'

export type AreaGrid = Schemas['CoverageGrid']
export type Area = AreaGrid['rows'][number]
type Cell = Area['cells'][number]

/** Coverage of some cells together. */
export function coverageOfCells(cells: readonly Cell[]): Coverage {
  const sum = { count: 0, filled: 0, min: 0, target: 0, missing: 0, toTarget: 0 }
  for (const cell of cells) {
    sum.count += cell.posts
    sum.filled += cell.heads
    sum.min += cell.minimum
    sum.target += cell.target
    sum.missing += cell.missing
    sum.toTarget += cell.wanted
  }
  const { filled, min, target, missing } = sum
  return { filled, min, target, missing, level: levelOf(sum) }
}

/** An area's coverage on a day, in a part of the day, or both; of the whole week without. */
export function areaCoverage(area: Area, date: string, part: string): Coverage {
  return coverageOfCells(area.cells.filter((cell) => (!date || cell.date === date) && (!part || cell.part === part)))
}

/** Rows of the heat map; areas without posts are left out. */
export function areaRows(areas: readonly Area[], columns: readonly Column[], nameOf: (area: Area) => string): { unit: string; name: string; cells: Coverage[] }[] {
  return areas
    .filter((area) => area.cells.length > 0)
    .map((area) => {
      const byKey = new Map(area.cells.map((cell) => [`${cell.date}|${cell.part}`, cell]))
      return {
        unit: area.unit,
        name: nameOf(area),
        cells: columns.map(({ date, block }) => {
          const cell = byKey.get(`${date}|${block}`)
          return coverageOfCells(cell ? [cell] : [])
        }),
      }
    })
}

export const stationsOf = (areas: readonly Area[]): number => areas.reduce((sum, area) => sum + area.stations, 0)
