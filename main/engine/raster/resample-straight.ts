import type { Block, GridWindow } from '../../contract/index.ts'
import { axisWeights } from './axis-weights.ts'
import type { AxisWeights } from './axis-weights.ts'
import type { BlockSource } from './block-source.ts'
import { addMissing, addToCell, finishCellMeans, startCellMeans } from './cell-means.ts'
import type { CellMeans, SourceStrip } from './cell-means.ts'
import { maxSourceCells, readStrip, throwIfStopped } from './read-strip.ts'

/** How target cells lie on the source when both are north-up in one CRS: target edge i is at i × step + offset. */
export interface AxisPlace {
  readonly offset: number
  readonly step: number
}

export interface StraightOptions {
  readonly x: AxisPlace
  readonly y: AxisPlace
  /** Longitude that comes round after `grid.cols` columns. */
  readonly isRound: boolean
  readonly minValidFraction: number
  readonly signal?: AbortSignal
}

/** A target cell up to this much longer than a source cell is interpolated: the overlap would only blur it. */
export const longestFineCell = 1.01

/** Target cells summed at once; with the sums and one plane for each reason met about 10 MB. */
const maxTargetCells = 262_144

/** Resampling between north-up grids of one CRS. Weights are products of a weight in x and one in y, so each source row
 *  is summed along x once and added to the one or few target rows it touches. */
export async function resampleStraight(
  source: BlockSource,
  target: GridWindow,
  options: StraightOptions,
): Promise<Block> {
  const isNearest = source.kind === 'categorical'
  const fineX = options.x.step <= longestFineCell
  const fineY = options.y.step <= longestFineCell
  const x = axisWeights(edges(options.x, target.col, target.cols), {
    size: source.grid.cols,
    isFine: fineX,
    isNearest,
    isRound: options.isRound,
  })
  const values = new Float32Array(target.rows * target.cols)
  const reasons = new Uint8Array(target.rows * target.cols)
  const rule =
    fineX && fineY
      ? { minValidFraction: 0.5, isInterpolation: true }
      : { minValidFraction: options.minValidFraction, isInterpolation: false }
  // Maps of class weights are large, so categorical windows go in smaller groups.
  const groupRows = Math.max(1, Math.floor((isNearest ? maxTargetCells / 8 : maxTargetCells) / target.cols))
  for (let row = 0; row < target.rows; row += groupRows) {
    const rows = Math.min(groupRows, target.rows - row)
    const y = axisWeights(edges(options.y, target.row + row, rows), {
      size: source.grid.rows,
      isFine: fineY,
      isNearest,
      isRound: false,
    })
    const means = startCellMeans(source.kind, rows * target.cols)
    await sumRows(source, x, y, means, options.signal)
    const block = finishCellMeans(means, rows, target.cols, fullWeights(x, y, fineX, fineY), rule)
    values.set(block.values, row * target.cols)
    reasons.set(block.reasons, row * target.cols)
  }
  return { rows: target.rows, cols: target.cols, values, reasons }
}

function edges(place: AxisPlace, first: number, count: number): Float64Array {
  return Float64Array.from({ length: count + 1 }, (_, i) => {
    const edge = (first + i) * place.step + place.offset
    const whole = Math.round(edge)
    return Math.abs(edge - whole) < 1e-6 ? whole : edge
  })
}

/** 1, or 0 for a cell that interpolation cannot reach. */
function fullWeights(x: AxisWeights, y: AxisWeights, fineX: boolean, fineY: boolean): Float64Array {
  const rows = y.count.length
  const cols = x.count.length
  const full = new Float64Array(rows * cols)
  for (let row = 0; row < rows; row++) {
    if (fineY && y.count[row] === 0) continue
    for (let col = 0; col < cols; col++) if (!fineX || x.count[col] > 0) full[row * cols + col] = 1
  }
  return full
}

async function sumRows(
  source: BlockSource,
  x: AxisWeights,
  y: AxisWeights,
  means: CellMeans,
  signal?: AbortSignal,
): Promise<void> {
  const width = x.high - x.low
  if (width === 0 || y.low === y.high) return
  const stripRows = Math.max(1, Math.floor(maxSourceCells / width))
  let firstTarget = y.count.findIndex((count) => count > 0)
  const row = startRow(means.sums.length, x.count.length)
  for (let from = y.low; from < y.high; from += stripRows) {
    const rows = Math.min(stripRows, y.high - from)
    const strip = await readStrip(source, { row: from, col: x.low, rows, cols: width }, signal)
    for (let r = 0; r < rows; r++) {
      const sourceRow = from + r
      if (r % 256 === 0) throwIfStopped(signal)
      while (y.first[firstTarget] + y.count[firstTarget] <= sourceRow) firstTarget++
      if (means.classes) {
        for (let t = firstTarget; uses(y, t, sourceRow); t++)
          addClassRow(means, strip, r, x, t, y.weights[y.start[t] + sourceRow - y.first[t]])
        continue
      }
      sumAlongX(strip, r, x, row)
      for (let t = firstTarget; uses(y, t, sourceRow); t++)
        addRow(means, row, t, y.weights[y.start[t] + sourceRow - y.first[t]])
    }
  }
}

function uses(y: AxisWeights, target: number, sourceRow: number): boolean {
  return target < y.count.length && y.count[target] > 0 && y.first[target] <= sourceRow
}

/** One source row summed along x into the target columns. */
interface RowSums {
  readonly weight: Float64Array
  readonly sums: Float64Array[]
  /** Invalid weight by reason code, for the codes met in this row. */
  readonly missing: (Float64Array | undefined)[]
}

function startRow(sumCount: number, cols: number): RowSums {
  return {
    weight: new Float64Array(cols),
    sums: Array.from({ length: sumCount }, () => new Float64Array(cols)),
    missing: [],
  }
}

function sumAlongX(strip: SourceStrip, r: number, x: AxisWeights, into: RowSums): void {
  const cols = x.count.length
  const base = r * strip.cols - strip.col
  const { reasons, planes } = strip
  const [plane, second] = planes
  const { weight, sums } = into
  into.missing.length = 0
  for (let col = 0; col < cols; col++) {
    let valid = 0
    let sum = 0
    let secondSum = 0
    const end = x.start[col] + x.count[col]
    for (let w = x.start[col], k = base + x.first[col]; w < end; w++, k++) {
      const share = x.weights[w]
      if (reasons[k] === 0) {
        valid += share
        sum += share * plane[k]
        if (second) secondSum += share * second[k]
      } else {
        const missing = (into.missing[reasons[k]] ??= new Float64Array(cols))
        missing[col] += share
      }
    }
    weight[col] = valid
    sums[0][col] = sum
    if (second) sums[1][col] = secondSum
  }
}

function addRow(means: CellMeans, row: RowSums, target: number, share: number): void {
  const cols = row.weight.length
  const base = target * cols
  addScaled(means.weight, base, row.weight, share)
  for (let p = 0; p < row.sums.length; p++) addScaled(means.sums[p], base, row.sums[p], share)
  row.missing.forEach((plane, reason) => {
    if (plane) addScaled((means.missing[reason] ??= new Float64Array(means.cells)), base, plane, share)
  })
}

function addScaled(to: Float64Array, base: number, from: Float64Array, scale: number): void {
  for (let i = 0; i < from.length; i++) to[base + i] += scale * from[i]
}

/** Categories: neighbours of one class are added as one, which spares most look-ups. */
function addClassRow(
  means: CellMeans,
  strip: SourceStrip,
  r: number,
  x: AxisWeights,
  target: number,
  share: number,
): void {
  const cols = x.count.length
  const base = r * strip.cols - strip.col
  const classes = strip.planes[0]
  for (let col = 0; col < cols; col++) {
    const cell = target * cols + col
    const end = x.start[col] + x.count[col]
    let w = x.start[col]
    let k = base + x.first[col]
    while (w < end) {
      const from = k
      let weight = 0
      while (w < end && strip.reasons[k] === strip.reasons[from] && classEquals(classes, k, from)) {
        weight += x.weights[w++]
        k++
      }
      if (strip.reasons[from] === 0) addToCell(means, cell, strip, from, weight * share)
      else addMissing(means, cell, strip.reasons[from], weight * share)
    }
  }
}

function classEquals(classes: Float32Array | Float64Array, a: number, b: number): boolean {
  return classes[a] === classes[b] || Number.isNaN(classes[a])
}
