import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block, Grid, GridWindow } from '../../contract/index.ts'
import type { BlockSource } from './block-source.ts'
import { goesAround } from './footprints.ts'
import { columnsAround } from './pixel-coordinates.ts'
import { readRound, throwIfStopped } from './read-strip.ts'
import { resampleBent } from './resample-bent.ts'
import { resampleStraight } from './resample-straight.ts'
import type { AxisPlace } from './resample-straight.ts'

export interface ResampleOptions {
  /** Share of a target cell's area, 0–1, that valid source cells must cover when cells are averaged. */
  readonly minValidFraction: number
  readonly signal?: AbortSignal
}

/** Brings a source to the cells of any window of any grid.
 *
 *  - Cells that coincide (to 0.01 of a cell) are taken as they are.
 *  - A target cell longer than a source cell (by more than 1 %, in either direction) becomes the mean of the source cells
 *    under it, weighed by overlapping area; `decibel` averages as power, `circular` as unit vectors, `categorical` takes the
 *    class of most area (of equal ones the smaller). Area of the cell that no valid source cell covers, beyond the source
 *    included, counts against `minValidFraction`; a cell below it is `too_few_valid`, or has the main reason of its source
 *    cells when none is valid. Directions that cancel are `not_finite`.
 *  - Otherwise values are interpolated between source cell centres: bilinear, `categorical` nearest. Missing neighbours are
 *    left out while the others hold at least half of the weight, else the cell takes their reason. Between the outermost
 *    centres and the edge of the source the outermost value holds; beyond the edge it is `outside_source`.
 *  - Coarser in one direction and finer in the other: means along the one, interpolation along the other.
 *
 *  The method depends on the two grids only, and a cell's value not on the window it is read in. Reads the part of the
 *  source that is needed, at most 2 million cells at a time. Longitudes may count from −180 or from 0.
 *  @throws cancelled; bad_input when `minValidFraction` is not in 0–1; whatever the source throws */
export async function resample(source: BlockSource, target: GridWindow, options: ResampleOptions): Promise<Block> {
  if (!(options.minValidFraction >= 0 && options.minValidFraction <= 1))
    throw new LoamError(
      'bad_input',
      `The least valid fraction is ${options.minValidFraction}; it needs a number from 0 to 1.`,
    )
  throwIfStopped(options.signal)
  if (!isStraight(source.grid, target.grid)) return resampleBent(source, target, options)
  const y = place(source.grid, target.grid, 3, 5)
  const runs = turnsOf(source.grid, target)
  const parts: { col: number; block: Block }[] = []
  for (const run of runs) {
    const part = { ...target, col: target.col + run.col, cols: run.cols }
    parts.push({ col: run.col, block: await resampleRun(source, part, run.x, y, options) })
  }
  return parts.length === 1 ? parts[0].block : joined(target, parts)
}

/** One CRS, and rows and columns that run the same way without rotation. */
function isStraight(source: Grid, target: Grid): boolean {
  const [s, t] = [source.transform, target.transform]
  return (
    source.crs === target.crs &&
    s[2] === 0 &&
    s[4] === 0 &&
    t[2] === 0 &&
    t[4] === 0 &&
    s[1] * t[1] > 0 &&
    s[5] * t[5] > 0
  )
}

function place(source: Grid, target: Grid, origin: 0 | 3, step: 1 | 5): AxisPlace {
  const [s, t] = [source.transform, target.transform]
  return { offset: (t[origin] - s[origin]) / s[step], step: t[step] / s[step] }
}

/** Runs of target columns that lie in one turn of longitude as the source counts it; one run for a projected CRS. */
function turnsOf(source: Grid, target: GridWindow): { col: number; cols: number; x: AxisPlace }[] {
  const x = place(source, target.grid, 0, 1)
  const around = columnsAround(source)
  if (around === null) return [{ col: 0, cols: target.cols, x }]
  const turnOf = (col: number): number =>
    Math.round(((target.col + col + 0.5) * x.step + x.offset - source.cols / 2) / around)
  const runs: { col: number; cols: number; x: AxisPlace }[] = []
  for (let col = 0; col < target.cols; ) {
    const turn = turnOf(col)
    let end = col + 1
    while (end < target.cols && turnOf(end) === turn) end++
    runs.push({ col, cols: end - col, x: { offset: x.offset - turn * around, step: x.step } })
    col = end
  }
  return runs
}

async function resampleRun(
  source: BlockSource,
  target: GridWindow,
  x: AxisPlace,
  y: AxisPlace,
  options: ResampleOptions,
): Promise<Block> {
  const isRound = goesAround(source.grid)
  const colShift = wholeShift(x, target.grid.cols)
  const rowShift = wholeShift(y, target.grid.rows)
  if (colShift === null || rowShift === null) return resampleStraight(source, target, { x, y, isRound, ...options })
  const window = { ...target, grid: source.grid, row: target.row + rowShift, col: target.col + colShift }
  return readPadded(source, window, isRound, options.signal)
}

/** Cells to add to a target index to get the source index, when cells coincide over the whole target; else null. */
function wholeShift({ offset, step }: AxisPlace, cells: number): number | null {
  const shift = Math.round(offset)
  const atEnd = offset + cells * step - cells
  return Math.abs(offset - shift) < 0.01 && Math.abs(atEnd - shift) < 0.01 ? shift : null
}

/** A window of the source that may reach beyond it; what does is `outside_source`. */
async function readPadded(
  source: BlockSource,
  window: GridWindow,
  isRound: boolean,
  signal?: AbortSignal,
): Promise<Block> {
  const { rows, cols } = window
  const top = Math.max(0, window.row)
  const bottom = Math.min(source.grid.rows, window.row + rows)
  const left = isRound ? window.col : Math.max(0, window.col)
  const right = isRound ? window.col + cols : Math.min(source.grid.cols, window.col + cols)
  const inside = { row: top, col: left, rows: bottom - top, cols: right - left }
  if (inside.rows === rows && inside.cols === cols) return readRound(source, inside, signal)
  const values = new Float32Array(rows * cols).fill(NaN)
  const reasons = new Uint8Array(rows * cols).fill(reasonCodes.outside_source)
  if (inside.rows > 0 && inside.cols > 0) {
    const block = await readRound(source, inside, signal)
    for (let r = 0; r < inside.rows; r++) {
      const at = (top - window.row + r) * cols + left - window.col
      values.set(block.values.subarray(r * inside.cols, (r + 1) * inside.cols), at)
      reasons.set(block.reasons.subarray(r * inside.cols, (r + 1) * inside.cols), at)
    }
  }
  return { rows, cols, values, reasons }
}

function joined(target: GridWindow, parts: { col: number; block: Block }[]): Block {
  const { rows, cols } = target
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols)
  for (const { col, block } of parts)
    for (let r = 0; r < rows; r++) {
      values.set(block.values.subarray(r * block.cols, (r + 1) * block.cols), r * cols + col)
      reasons.set(block.reasons.subarray(r * block.cols, (r + 1) * block.cols), r * cols + col)
    }
  return { rows, cols, values, reasons }
}
