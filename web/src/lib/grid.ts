/** Keyboard of the WAI-ARIA grid pattern: where a key leads from a cell. */

export interface Position {
  row: number
  column: number
}

export interface GridSize {
  rows: number
  columns: number
  /** Rows that PageUp and PageDown move by. */
  page: number
}

/** The cell that a key leads to; undefined for keys that do not move. */
export function move(from: Position, key: string, ctrl: boolean, size: GridSize): Position | undefined {
  const lastRow = Math.max(0, size.rows - 1)
  const lastColumn = Math.max(0, size.columns - 1)
  const at = (row: number, column: number): Position => ({
    row: Math.min(Math.max(row, 0), lastRow),
    column: Math.min(Math.max(column, 0), lastColumn),
  })
  switch (key) {
    case 'ArrowRight':
      return at(from.row, ctrl ? lastColumn : from.column + 1)
    case 'ArrowLeft':
      return at(from.row, ctrl ? 0 : from.column - 1)
    case 'ArrowDown':
      return at(ctrl ? lastRow : from.row + 1, from.column)
    case 'ArrowUp':
      return at(ctrl ? 0 : from.row - 1, from.column)
    case 'Home':
      return at(ctrl ? 0 : from.row, 0)
    case 'End':
      return at(ctrl ? lastRow : from.row, lastColumn)
    case 'PageDown':
      return at(from.row + size.page, from.column)
    case 'PageUp':
      return at(from.row - size.page, from.column)
    default:
      return undefined
  }
}

export interface Window {
  first: number
  last: number
}

/** Rows to draw: those in sight and a few beyond, `last` excluded. */
export function visibleRows(scrollTop: number, height: number, rowHeight: number, rows: number, beyond = 6): Window {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - beyond)
  const last = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + beyond)
  return { first: Math.min(first, last), last }
}
