import { NearestPoint } from '../numeric/index.ts'
import type { Folds } from '../samples/index.ts'

/** How unlike the training data a place is, and where that is too much. */
export interface AreaOfApplicability {
  /** Dissimilarity index above which a model is outside its area of applicability. */
  readonly threshold: number
  /** Mean distance of two training rows in the standardised, weighted predictors. */
  readonly meanDistance: number
  /** Training rows the index is measured against. */
  readonly rows: number
  /** @param columns one array[n] per predictor; n the number of cells
   *  @returns Float32Array[n]: 0 at a training row, about 1 as far from all of them as they are from each other; NaN where a
   *  predictor is NaN */
  index(columns: readonly ArrayLike<number>[], n: number): Float32Array
}

export interface ApplicabilityOptions {
  /** One array per predictor, the training rows. */
  readonly columns: readonly ArrayLike<number>[]
  /** Importance of each predictor; negative ones count as 0. All 0: all count alike. */
  readonly importance: readonly number[]
  /** The model's folds: distances between rows that were never in training and test of one fold say how far a model was asked to
   *  reach when it was scored. */
  readonly folds: Folds
}

/** Area of applicability. Predictors are standardised by the training rows and weighed by their importance; the index of a
 *  place is its distance to the nearest training row over the mean distance of two training rows. The threshold is the upper
 *  whisker (largest value within 1.5 hinge spreads of the upper hinge) of the index of training rows against the training part
 *  of their fold. Rows are few enough to hold all pairs' mean: take a sample of some thousands.
 *  Source: Meyer & Pebesma (2021), Methods in Ecology and Evolution 12, 1620–1633; weights and whisker as in CAST.
 *  @returns null when it cannot be told: fewer than two rows, no predictor that varies, or no fold that tests a row */
export function areaOfApplicability({ columns, importance, folds }: ApplicabilityOptions): AreaOfApplicability | null {
  const rows = columns[0]?.length ?? 0
  const axes = standardised(columns, importance)
  if (rows < 2 || axes.length === 0) return null
  const points = pointsOf(
    axes,
    columns,
    Int32Array.from({ length: rows }, (_, i) => i),
  )
  const meanDistance = meanPairDistance(points, axes.length)
  if (!(meanDistance > 0)) return null
  const tested: number[] = []
  const query = new Float64Array(axes.length)
  for (let k = 0; k < folds.count; k++) {
    const test = folds.test(k)
    if (test.length === 0) continue
    const train = new NearestPoint(pointsOf(axes, columns, folds.train(k)), axes.length)
    for (const row of test) {
      fill(query, axes, columns, row)
      tested.push(Math.sqrt(train.squaredDistance(query)) / meanDistance)
    }
  }
  if (tested.length === 0) return null
  const nearest = new NearestPoint(points, axes.length)
  return {
    threshold: upperWhisker(Float64Array.from(tested).sort()),
    meanDistance,
    rows,
    index(cells, n) {
      const out = new Float32Array(n)
      for (let i = 0; i < n; i++)
        out[i] = fill(query, axes, cells, i) ? Math.sqrt(nearest.squaredDistance(query)) / meanDistance : Number.NaN
      return out
    },
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
  return columns.flatMap((column, predictor) => {
    let [sum, squares] = [0, 0]
    for (let i = 0; i < column.length; i++) sum += column[i]
    const mean = sum / column.length
    for (let i = 0; i < column.length; i++) squares += (column[i] - mean) ** 2
    const sd = Math.sqrt(squares / (column.length - 1))
    const scale = (isKnown ? positive[predictor] : 1) / sd
    return Number.isFinite(scale) && scale > 0 ? [{ predictor, mean, scale }] : []
  })
}

/** @returns false where a predictor that counts is NaN */
function fill(into: Float64Array, axes: readonly Axis[], columns: readonly ArrayLike<number>[], row: number): boolean {
  let isWhole = true
  for (let a = 0; a < axes.length; a++) {
    const { predictor, mean, scale } = axes[a]
    into[a] = (columns[predictor][row] - mean) * scale
    if (Number.isNaN(into[a])) isWhole = false
  }
  return isWhole
}

function pointsOf(axes: readonly Axis[], columns: readonly ArrayLike<number>[], rows: Int32Array): Float64Array {
  const points = new Float64Array(rows.length * axes.length)
  for (let i = 0; i < rows.length; i++)
    fill(points.subarray(i * axes.length, (i + 1) * axes.length), axes, columns, rows[i])
  return points
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
