import type { Bounds } from '../view/camera.ts'
import type { DrawnTile } from './drawn-tiles.ts'

/** What of a layer is in view, counted from the tiles that are drawn. */
export interface ViewStatistics {
  /** Cells looked at: all in view, or an even subset of at most `maxCells`. */
  readonly cells: number
  /** Of these, with a value. */
  readonly valid: number
  /** Counts in equal bins over `range`; values outside are in `below` and `above`. */
  readonly bins: Uint32Array
  readonly below: number
  readonly above: number
  /** Count by reason code, 0 included. */
  readonly reasons: Readonly<Record<number, number>>
  readonly mean: number
  /** Root of the mean square. */
  readonly rms: number
  /** 2nd and 98th percentile; null below one value. */
  readonly low: number | null
  readonly high: number | null
}

export const histogramBins = 48
const maxCells = 200_000

/** Every cell in view counts by its area of the view: coarse stand-ins fill as many counts as the cells they stand for would
 *  at the coarsest, which is what is on screen. */
export function viewStatistics(
  drawn: readonly DrawnTile[],
  view: Bounds,
  [min, max]: readonly [number, number],
): ViewStatistics {
  const windows = drawn.map((piece) => ({ ...piece, window: cellsInView(piece, view) }))
  const total = windows.reduce((sum, { window }) => sum + window.rows * window.cols, 0)
  const step = Math.max(1, Math.ceil(Math.sqrt(total / maxCells)))
  const bins = new Uint32Array(histogramBins)
  const reasons: Record<number, number> = {}
  const values: number[] = []
  let below = 0
  let above = 0
  let sum = 0
  let squares = 0
  let cells = 0
  for (const { tile, window } of windows)
    for (let row = window.row; row < window.row + window.rows; row += step)
      for (let col = window.col; col < window.col + window.cols; col += step) {
        const at = row * tile.cols + col
        const value = tile.values[at]
        const reason = tile.reasons[at]
        cells++
        reasons[reason] = (reasons[reason] ?? 0) + 1
        if (Number.isNaN(value)) continue
        values.push(value)
        sum += value
        squares += value * value
        if (value < min) below++
        else if (value > max) above++
        else bins[Math.min(histogramBins - 1, Math.floor((histogramBins * (value - min)) / (max - min)))]++
      }
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => (sorted.length === 0 ? null : sorted[Math.floor(share * (sorted.length - 1))])
  return {
    cells,
    valid: values.length,
    bins,
    below,
    above,
    reasons,
    mean: sum / values.length,
    rms: Math.sqrt(squares / values.length),
    low: at(0.02),
    high: at(0.98),
  }
}

function cellsInView({ bounds, cells, tile }: DrawnTile, view: Bounds) {
  const perX = cells.cols / (bounds.east - bounds.west)
  const perY = cells.rows / (bounds.north - bounds.south)
  const col = Math.max(Math.floor(cells.col), Math.floor(cells.col + (view.west - bounds.west) * perX))
  const row = Math.max(Math.floor(cells.row), Math.floor(cells.row + (bounds.north - view.north) * perY))
  const endCol = Math.min(
    tile.cols,
    Math.ceil(cells.col + cells.cols),
    Math.ceil(cells.col + (view.east - bounds.west) * perX),
  )
  const endRow = Math.min(
    tile.rows,
    Math.ceil(cells.row + cells.rows),
    Math.ceil(cells.row + (bounds.north - view.south) * perY),
  )
  return { row, col, rows: Math.max(0, endRow - row), cols: Math.max(0, endCol - col) }
}
