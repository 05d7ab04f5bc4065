import type { Block, GridWindow } from '../../contract/index.ts'
import type { BlockSource } from './block-source.ts'
import { finishCellMeans, startCellMeans } from './cell-means.ts'
import type { CellMeans } from './cell-means.ts'
import { areaFootprints, centreFootprints } from './footprints.ts'
import type { Footprints } from './footprints.ts'
import { gridRatio } from './grid-ratio.ts'
import { maxSourceCells, readStrip, throwIfStopped } from './read-strip.ts'
import { longestFineCell } from './resample-straight.ts'

/** Target cells whose footprints are held at once: about 7 MB. */
const maxTargetCells = 65_536

/** Resampling between grids of different CRSs, or a rotated one: interpolation at the cells' centres when no side of a
 *  target cell is longer than a source cell, else means over the exact overlap of the cells. */
export async function resampleBent(
  source: BlockSource,
  target: GridWindow,
  options: { readonly minValidFraction: number; readonly signal?: AbortSignal },
): Promise<Block> {
  const ratio = gridRatio(source.grid, target.grid)
  const isFine = Math.max(ratio.x, ratio.y) <= longestFineCell
  const rule = isFine
    ? { minValidFraction: 0.5, isInterpolation: true }
    : { minValidFraction: options.minValidFraction, isInterpolation: false }
  const values = new Float32Array(target.rows * target.cols)
  const reasons = new Uint8Array(target.rows * target.cols)
  const groupCols = Math.min(target.cols, maxTargetCells)
  const groupRows = Math.max(1, Math.floor(maxTargetCells / groupCols))
  for (let row = 0; row < target.rows; row += groupRows)
    for (let col = 0; col < target.cols; col += groupCols) {
      throwIfStopped(options.signal)
      const part: GridWindow = {
        grid: target.grid,
        row: target.row + row,
        col: target.col + col,
        rows: Math.min(groupRows, target.rows - row),
        cols: Math.min(groupCols, target.cols - col),
      }
      const footprints = isFine
        ? centreFootprints(source.grid, part, source.kind === 'categorical')
        : areaFootprints(source.grid, part, ratio)
      const means = startCellMeans(source.kind, part.rows * part.cols)
      await sumFootprints(
        source,
        footprints,
        { row: 0, col: 0, rows: part.rows, cols: part.cols },
        means,
        options.signal,
      )
      const block = finishCellMeans(means, part.rows, part.cols, footprints.full, rule)
      for (let r = 0; r < part.rows; r++) {
        const at = (row + r) * target.cols + col
        values.set(block.values.subarray(r * part.cols, (r + 1) * part.cols), at)
        reasons.set(block.reasons.subarray(r * part.cols, (r + 1) * part.cols), at)
      }
    }
  return { rows: target.rows, cols: target.cols, values, reasons }
}

interface Part {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** Adds up a part of the target: at once when the source cells it needs fit in memory, else by halves, and a single cell
 *  that is still too large strip by strip. The order of additions in a cell is the same either way. */
async function sumFootprints(
  source: BlockSource,
  footprints: Footprints,
  part: Part,
  means: CellMeans,
  signal?: AbortSignal,
): Promise<void> {
  const range = rangeOf(footprints, part)
  if (range.rows <= 0 || range.cols <= 0) return
  if (range.rows * range.cols > maxSourceCells && part.rows * part.cols > 1) {
    const alongRows = part.rows >= part.cols
    const half = (alongRows ? part.rows : part.cols) >> 1
    const first = alongRows ? { ...part, rows: half } : { ...part, cols: half }
    const second = alongRows
      ? { ...part, row: part.row + half, rows: part.rows - half }
      : { ...part, col: part.col + half, cols: part.cols - half }
    await sumFootprints(source, footprints, first, means, signal)
    await sumFootprints(source, footprints, second, means, signal)
    return
  }
  const stripRows = Math.max(1, Math.floor(maxSourceCells / range.cols))
  for (let from = 0; from < range.rows; from += stripRows) {
    const rows = Math.min(stripRows, range.rows - from)
    const strip = await readStrip(source, { row: range.row + from, col: range.col, rows, cols: range.cols }, signal)
    for (let row = part.row; row < part.row + part.rows; row++) {
      throwIfStopped(signal)
      for (let col = part.col; col < part.col + part.cols; col++)
        footprints.add(row * footprints.cols + col, strip, means)
    }
  }
}

/** Source cells that a part of the target needs. */
function rangeOf(footprints: Footprints, part: Part): Part {
  const { bounds } = footprints
  let top = Infinity
  let bottom = -Infinity
  let left = Infinity
  let right = -Infinity
  for (let row = part.row; row < part.row + part.rows; row++)
    for (let col = part.col; col < part.col + part.cols; col++) {
      const at = 4 * (row * footprints.cols + col)
      if (bounds[at] >= bounds[at + 1] || bounds[at + 2] >= bounds[at + 3]) continue
      if (bounds[at] < top) top = bounds[at]
      if (bounds[at + 1] > bottom) bottom = bounds[at + 1]
      if (bounds[at + 2] < left) left = bounds[at + 2]
      if (bounds[at + 3] > right) right = bounds[at + 3]
    }
  return top === Infinity
    ? { row: 0, col: 0, rows: 0, cols: 0 }
    : { row: top, col: left, rows: bottom - top, cols: right - left }
}
