import { reasonCodes } from '../../contract/index.ts'
import type { Block, Kind } from '../../contract/index.ts'

/** Source cells in memory, values split into the parts that may be averaged: see `planesOf`. */
export interface SourceStrip {
  /** First source row and column; a column may lie beyond the grid's width where longitude comes round. */
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
  readonly reasons: Uint8Array
  readonly planes: readonly (Float32Array | Float64Array)[]
}

/** Weighted sums for a window of target cells, filled source cell by source cell. */
export interface CellMeans {
  readonly kind: Kind
  readonly cells: number
  /** Weight of the valid source cells. */
  readonly weight: Float64Array
  readonly sums: readonly Float64Array[]
  /** Weight of the invalid source cells by reason code; made when a code is first met. */
  readonly missing: (Float64Array | undefined)[]
  /** Categorical only: weight of each class. */
  readonly classes: (Map<number, number> | undefined)[] | null
}

/** What makes a mean good enough to be a value. */
export interface MeanRule {
  /** Least share of a cell's area that valid source cells must cover. */
  readonly minValidFraction: number
  /** True for interpolation: a cell that fails takes the reason of its neighbours, as it stands for no area. */
  readonly isInterpolation: boolean
}

const radians = Math.PI / 180

/** The parts of the values whose plain mean makes sense: the value; its power (10^(dB/10)); its unit vector. */
export function planesOf(kind: Kind, values: Float32Array): (Float32Array | Float64Array)[] {
  // Plain loops: `Float64Array.from` with a function is 20 times slower.
  if (kind === 'decibel') {
    const power = new Float64Array(values.length)
    for (let i = 0; i < power.length; i++) power[i] = Math.exp(values[i] * (Math.LN10 / 10))
    return [power]
  }
  if (kind === 'circular') {
    const cosine = new Float64Array(values.length)
    const sine = new Float64Array(values.length)
    for (let i = 0; i < cosine.length; i++) {
      cosine[i] = Math.cos(values[i] * radians)
      sine[i] = Math.sin(values[i] * radians)
    }
    return [cosine, sine]
  }
  return [values]
}

export function startCellMeans(kind: Kind, cells: number): CellMeans {
  const sumCount = kind === 'categorical' ? 0 : kind === 'circular' ? 2 : 1
  return {
    kind,
    cells,
    weight: new Float64Array(cells),
    sums: Array.from({ length: sumCount }, () => new Float64Array(cells)),
    missing: [],
    classes: kind === 'categorical' ? new Array<Map<number, number> | undefined>(cells) : null,
  }
}

/** Adds source cell `k` of a strip to a target cell. */
export function addToCell(means: CellMeans, cell: number, strip: SourceStrip, k: number, weight: number): void {
  const reason = strip.reasons[k]
  if (reason !== 0) return addMissing(means, cell, reason, weight)
  means.weight[cell] += weight
  if (means.classes) return addClass(means.classes, cell, strip.planes[0][k], weight)
  means.sums[0][cell] += weight * strip.planes[0][k]
  if (means.sums.length === 2) means.sums[1][cell] += weight * strip.planes[1][k]
}

/** Adds a run of source cells, k on, to a target cell, with the weights at `from` on. */
export function addRunToCell(
  means: CellMeans,
  cell: number,
  strip: SourceStrip,
  k: number,
  weights: Float64Array,
  from: number,
  count: number,
): void {
  if (means.sums.length !== 1) {
    for (let i = 0; i < count; i++) if (weights[from + i] > 0) addToCell(means, cell, strip, k + i, weights[from + i])
    return
  }
  const { reasons } = strip
  const plane = strip.planes[0]
  let valid = 0
  let sum = 0
  for (let i = 0; i < count; i++) {
    const weight = weights[from + i]
    if (weight === 0) continue
    if (reasons[k + i] === 0) {
      valid += weight
      sum += weight * plane[k + i]
    } else addMissing(means, cell, reasons[k + i], weight)
  }
  means.weight[cell] += valid
  means.sums[0][cell] += sum
}

export function addMissing(means: CellMeans, cell: number, reason: number, weight: number): void {
  const plane = (means.missing[reason] ??= new Float64Array(means.cells))
  plane[cell] += weight
}

function addClass(classes: (Map<number, number> | undefined)[], cell: number, value: number, weight: number): void {
  const weights = (classes[cell] ??= new Map<number, number>())
  weights.set(value, (weights.get(value) ?? 0) + weight)
}

/** Turns the sums of `rows` × `cols` cells into values or reasons.
 *  @param full weight of a target cell that the source covers wholly, per cell; 0 where it cannot reach it */
export function finishCellMeans(
  means: CellMeans,
  rows: number,
  cols: number,
  full: Float64Array,
  rule: MeanRule,
): Block {
  const values = new Float32Array(means.cells).fill(NaN)
  const reasons = new Uint8Array(means.cells)
  for (let cell = 0; cell < means.cells; cell++) {
    const weight = means.weight[cell]
    // Cell edges carry rounding of up to 1e-6 of a cell; without the slack a cell exactly at the limit would flicker.
    if (weight > 1e-6 * full[cell] && weight >= (rule.minValidFraction - 1e-6) * full[cell]) {
      const value = Math.fround(meanOf(means, cell, weight))
      if (Number.isFinite(value)) values[cell] = value
      else reasons[cell] = reasonCodes.not_finite
    } else if (weight > 1e-6 * full[cell] && !rule.isInterpolation) reasons[cell] = reasonCodes.too_few_valid
    else reasons[cell] = mainReason(means, cell, full[cell])
  }
  return { rows, cols, values, reasons }
}

function meanOf(means: CellMeans, cell: number, weight: number): number {
  if (means.classes) return modeOf(means.classes[cell]!)
  const mean = means.sums[0][cell] / weight
  if (means.kind === 'decibel') return 10 * Math.log10(mean)
  if (means.kind === 'circular') return directionOf(mean, means.sums[1][cell] / weight)
  return mean
}

/** Degrees 0–360 (360 excluded) of a mean vector; NaN when the directions cancel. */
function directionOf(cosine: number, sine: number): number {
  // Float32 directions that cancel leave a vector of about 1e-7.
  if (Math.hypot(cosine, sine) < 1e-6) return NaN
  const degrees = Math.fround(Math.atan2(sine, cosine) / radians)
  const turned = Math.fround(degrees < 0 ? degrees + 360 : degrees)
  return turned >= 360 ? 0 : turned
}

/** The class of most weight; of equal ones the smaller. */
function modeOf(classes: Map<number, number>): number {
  let best = NaN
  let most = -1
  for (const [value, weight] of classes) {
    const slack = 1e-9 * Math.max(weight, most)
    if (weight > most + slack || (weight >= most - slack && value < best)) {
      best = value
      most = Math.max(weight, most)
    }
  }
  return best
}

/** The reason of most weight among missing cells; what no source cell covers is `outside_source`. */
function mainReason(means: CellMeans, cell: number, full: number): number {
  let covered = means.weight[cell]
  for (const plane of means.missing) covered += plane?.[cell] ?? 0
  let best: number = reasonCodes.outside_source
  let most = full - covered > 1e-6 * full ? full - covered : 0
  if (full === 0) return best
  for (let code = 1; code < means.missing.length; code++) {
    let weight = means.missing[code]?.[cell] ?? 0
    if (code === reasonCodes.outside_source) weight += Math.max(0, full - covered)
    if (weight > most) {
      most = weight
      best = code
    }
  }
  return best
}
