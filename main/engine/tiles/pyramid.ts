import { LoamError } from '../../contract/index.ts'
import type { Block, Day, Grid, Kind } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import { aggregateLevels } from '../raster/index.ts'
import type { ReadWindow } from '../raster/index.ts'
import type { PyramidStore } from './pyramid-store.ts'

/** Raised when `aggregateLevels` gives other numbers. */
const method = 1
/** Cells a side of the squares that are averaged at a time: all levels of one are computed and kept together. */
const squareSide = 1024
/** A cell of the coarsest level is a whole square. */
export const mostLevels = Math.log2(squareSide)
/** Squares made at the same time: one is decoded by GDAL's threads while another is averaged here. */
const atOnce = 2

/** Levels of a grid at which it fits one tile, at most `mostLevels` above the finest. */
export function levelsOf({ rows, cols }: Grid, tileCells: number): number {
  return 1 + Math.min(mostLevels, Math.max(0, Math.ceil(Math.log2(Math.max(rows, cols) / tileCells))))
}

/** What has coarser levels: a field on a grid, averaged by its kind. */
export interface PyramidSource {
  readonly field: Field
  readonly grid: Grid
  readonly kind: Kind
  readonly store: PyramidStore
}

/** Whether a window of a coarser level can be had without reading the field. */
export async function isPyramidMade(
  source: PyramidSource,
  level: number,
  window: ReadWindow,
  day: Day,
): Promise<boolean> {
  const identity = identityOf(source, day)
  for (const square of squaresUnder(window, level))
    if (!(await source.store.has(keyOf(identity, square), level))) return false
  return true
}

/** A window of a coarser level of a field on a grid.
 *  @param window in cells of that level, inside it
 *  @param level from 1 */
export async function readPyramid(
  source: PyramidSource,
  level: number,
  window: ReadWindow,
  day: Day,
  signal?: AbortSignal,
): Promise<Block> {
  const { field, grid, kind, store } = source
  const { rows, cols } = window
  const side = squareSide >> level
  const out = { rows, cols, values: new Float32Array(rows * cols), reasons: new Uint8Array(rows * cols) }
  const squares = squaresUnder(window, level)
  const identity = identityOf(source, day)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < squares.length) {
      const square = squares[next++]
      if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
      const block = await store.level(
        keyOf(identity, square),
        level,
        () => makeSquare(field, grid, kind, square, day, signal),
        signal,
      )
      copyInto(out, window, block, square.row * side, square.col * side)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, squares.length) }, work))
  return out
}

interface Square {
  readonly row: number
  readonly col: number
}

function squaresUnder({ row, col, rows, cols }: ReadWindow, level: number): Square[] {
  const side = squareSide >> level
  const squares: Square[] = []
  for (let r = Math.floor(row / side); r * side < row + rows; r++)
    for (let c = Math.floor(col / side); c * side < col + cols; c++) squares.push({ row: r, col: c })
  return squares
}

const identityOf = ({ field, grid, kind }: PyramidSource, day: Day): string =>
  hashJson({ method, squareSide, field: field.idOn(day), grid, kind })
const keyOf = (identity: string, { row, col }: Square): string => hashJson([identity, row, col])

async function makeSquare(
  field: Field,
  grid: Grid,
  kind: Kind,
  square: Square,
  day: Day,
  signal?: AbortSignal,
): Promise<Block[]> {
  const [row, col] = [square.row * squareSide, square.col * squareSide]
  const [rows, cols] = [Math.min(squareSide, grid.rows - row), Math.min(squareSide, grid.cols - col)]
  const block = await field.read({ grid, row, col, rows, cols }, day, { signal })
  return aggregateLevels(block, kind, mostLevels)
}

/** Copies the cells of a part that lie in the window. `row`, `col`: the part's upper-left cell. */
function copyInto(out: Block, window: ReadWindow, part: Block, row: number, col: number): void {
  const left = Math.max(col, window.col)
  const right = Math.min(col + part.cols, window.col + window.cols)
  if (right <= left) return
  for (let r = Math.max(row, window.row); r < Math.min(row + part.rows, window.row + window.rows); r++) {
    const from = (r - row) * part.cols
    const to = (r - window.row) * window.cols + left - window.col
    out.values.set(part.values.subarray(from + left - col, from + right - col), to)
    out.reasons.set(part.reasons.subarray(from + left - col, from + right - col), to)
  }
}
