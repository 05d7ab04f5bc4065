import { LoamError, errorCodes } from '../../contract/index.ts'
import type { ErrorCode } from '../../contract/index.ts'
import { NativeError, nearestRow } from '../../native/index.ts'
import type { NearestRows } from '../../native/index.ts'
import type { Folds } from '../samples/index.ts'

/** How unlike the training data a place is, and where that is too much. Plain data: it can be written and read again. */
export interface AreaOfApplicability {
  /** Dissimilarity index above which a model is outside its area of applicability. */
  readonly threshold: number
  /** Mean distance of two training rows in the standardised, weighted predictors. */
  readonly meanDistance: number
  /** Predictors that count, the most important first: they vary and have some importance. */
  readonly predictors: readonly number[]
  /** Training rows the index is measured against, in the standardised, weighted predictors. */
  readonly nearest: NearestRows
}

export interface ApplicabilityOptions {
  /** One array per predictor, the training rows. */
  readonly columns: readonly Float32Array[]
  /** Importance of each predictor; negative ones count as 0. All 0: all count alike. */
  readonly importance: readonly number[]
  /** The model's folds: distances between rows that were never in training and test of one fold say how far a model was asked to
   *  reach when it was scored. */
  readonly folds: Folds
  readonly threads?: number
  readonly signal?: AbortSignal
}

/** Area of applicability. Predictors are standardised by the training rows and weighed by their importance; the index of a
 *  place is its distance to the nearest training row over the mean distance of two training rows. The threshold is the upper
 *  whisker (largest value within 1.5 hinge spreads of the upper hinge) of the index of training rows against the training part
 *  of their fold. All pairs of rows are looked at: take a sample of some thousands.
 *  Source: Meyer & Pebesma (2021), Methods in Ecology and Evolution 12, 1620–1633; weights and whisker as in CAST.
 *  @returns null when it cannot be told: fewer than two rows, no predictor that varies, or no fold that tests a row
 *  @throws cancelled */
export async function areaOfApplicability(options: ApplicabilityOptions): Promise<AreaOfApplicability | null> {
  const { columns, importance, folds, threads = 1, signal } = options
  const rows = columns[0]?.length ?? 0
  const axes = standardised(columns, importance)
  if (rows < 2 || axes.length === 0) return null
  const own = axes.map(({ predictor }) => columns[predictor])
  const nearest = pointsOf(
    axes,
    own,
    Int32Array.from({ length: rows }, (_, i) => i),
  )
  const meanDistance = meanPairDistance(nearest.rows, axes.length)
  if (!(meanDistance > 0)) return null
  const tested: number[] = []
  for (let k = 0; k < folds.count; k++) {
    const test = folds.test(k)
    const train = folds.train(k)
    if (test.length === 0 || train.length === 0) continue
    const cells = own.map((column) => Float32Array.from(test, (row) => column[row]))
    const found = await distances(pointsOf(axes, own, train), cells, { threads, signal, unit: meanDistance })
    for (const index of found) tested.push(index)
  }
  if (tested.length === 0) return null
  return {
    threshold: upperWhisker(Float64Array.from(tested).sort()),
    meanDistance,
    predictors: axes.map(({ predictor }) => predictor),
    nearest,
  }
}

/** Dissimilarity index of cells: 0 at a training row, about 1 as far from all of them as they are from each other.
 *  @param columns one Float32Array[cells] per predictor of the model
 *  @returns Float32Array[cells]; NaN where a predictor that counts is NaN. The same numbers with any number of threads.
 *  @throws cancelled */
export function dissimilarity(
  { nearest, meanDistance, predictors }: AreaOfApplicability,
  columns: readonly Float32Array[],
  run: { readonly threads: number; readonly signal?: AbortSignal },
): Promise<Float32Array<ArrayBuffer>> {
  return distances(
    nearest,
    predictors.map((predictor) => columns[predictor]),
    { ...run, unit: meanDistance },
  )
}

async function distances(...[rows, columns, options]: Parameters<typeof nearestRow>): ReturnType<typeof nearestRow> {
  try {
    return await nearestRow(rows, columns, options)
  } catch (thrown) {
    if (!(thrown instanceof NativeError)) throw thrown
    throw new LoamError(thrown.code in errorCodes ? (thrown.code as ErrorCode) : 'internal', thrown.message)
  }
}

/** A predictor that counts: coordinate = (value − mean) × scale. */
interface Axis {
  readonly predictor: number
  readonly mean: number
  readonly scale: number
}

function standardised(columns: readonly ArrayLike<number>[], importance: readonly number[]): Axis[] {
  const positive = columns.map((_, p) => Math.max(0, importance[p] || 0))
  const isKnown = positive.some((weight) => weight > 0)
  const weight = (predictor: number): number => (isKnown ? positive[predictor] : 1)
  const axes = columns.flatMap((column, predictor) => {
    let [sum, squares] = [0, 0]
    for (let i = 0; i < column.length; i++) sum += column[i]
    const mean = sum / column.length
    for (let i = 0; i < column.length; i++) squares += (column[i] - mean) ** 2
    const sd = Math.sqrt(squares / (column.length - 1))
    const scale = weight(predictor) / sd
    return Number.isFinite(scale) && scale > 0 ? [{ predictor, mean, scale }] : []
  })
  // The search ends sooner when the axes along which rows spread most come first.
  return axes.sort((a, b) => weight(b.predictor) - weight(a.predictor) || a.predictor - b.predictor)
}

/** @param columns of the axes' predictors */
function pointsOf(axes: readonly Axis[], columns: readonly Float32Array[], chosen: Int32Array): NearestRows {
  const rows = new Float64Array(chosen.length * axes.length)
  for (let i = 0; i < chosen.length; i++)
    for (let a = 0; a < axes.length; a++)
      rows[i * axes.length + a] = (columns[a][chosen[i]] - axes[a].mean) * axes[a].scale
  return {
    rows,
    means: Float64Array.from(axes, ({ mean }) => mean),
    scales: Float64Array.from(axes, ({ scale }) => scale),
  }
}

function meanPairDistance(points: Float64Array, dimensions: number): number {
  const n = points.length / dimensions
  let sum = 0
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      let squares = 0
      for (let d = 0; d < dimensions; d++) squares += (points[i * dimensions + d] - points[j * dimensions + d]) ** 2
      sum += Math.sqrt(squares)
    }
  return sum / ((n * (n - 1)) / 2)
}

/** Of sorted values: the largest that is not beyond the upper hinge by more than 1.5 hinge spreads (Tukey's box plot). */
function upperWhisker(sorted: Float64Array): number {
  const n = sorted.length
  // Hinges as in R's fivenum: medians of the lower and upper half, the median in both.
  const depth = (Math.floor((n + 1) / 2) + 1) / 2
  const at = (place: number): number => (sorted[Math.floor(place) - 1] + sorted[Math.ceil(place) - 1]) / 2
  const [lower, upper] = [at(depth), at(n + 1 - depth)]
  const fence = upper + 1.5 * (upper - lower)
  for (let i = n - 1; i >= 0; i--) if (sorted[i] <= fence) return sorted[i]
  return sorted[n - 1]
}
