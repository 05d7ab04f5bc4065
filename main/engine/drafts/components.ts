import type { PrincipalComponents } from '../../contract/index.ts'
import { dayFromNumber } from '../../contract/index.ts'
import { mean, symmetricEigen, variance } from '../numeric/index.ts'
import { rowCount } from '../samples/index.ts'
import type { DraftRows } from './draft-job.ts'
import { effectiveRows } from './correlation.ts'

/** Names of the two components that are drawn, as columns of the sample. */
export const scoreNames = ['PC1', 'PC2']

interface Components {
  /** Predictors that vary; a constant one has no direction. */
  readonly names: readonly string[]
  readonly left: readonly string[]
  /** Share of the standardised predictors' variance of each component, descending. */
  readonly shares: readonly number[]
  /** For each of `names` its correlation with either component. */
  readonly arrows: readonly (readonly [number, number])[]
  /** Two columns: rows on the components, each of variance 1. NaN where there is no such component. */
  readonly scores: readonly [Float64Array, Float64Array]
}

const known = new WeakMap<DraftRows, Components>()

/** Principal components of a sample's predictors, each standardised to mean 0 and variance 1, so by their correlation matrix.
 *  A component's sign is chosen so that its largest arrow points to positive values: the mathematics leaves it open, and it
 *  must not change from call to call.
 *  Sources: Jolliffe (2002), Principal Component Analysis, 2.3 and 5.3; Gabriel (1971), Biometrika 58, 453–467 (the biplot). */
export function componentsOf(sample: DraftRows): Components {
  const found = known.get(sample) ?? compute(sample)
  known.set(sample, found)
  return found
}

function compute({ table }: DraftRows): Components {
  const n = rowCount(table)
  const varies = table.columns.map((column) => n > 2 && variance(column) > 0)
  const names = table.predictors.filter((_, i) => varies[i])
  const columns = table.columns.filter((_, i) => varies[i]).map(standardised)
  const size = columns.length
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let row = 0; row < n; row++) sum += columns[i][row] * columns[j][row]
      matrix[i * size + j] = matrix[j * size + i] = sum / (n - 1)
    }
  const { values, vectors } = symmetricEigen(matrix, size)
  const order = [...values.keys()].sort((a, b) => values[b] - values[a])
  const axes = scoreNames.map((_, k) => axisOf(order[k]))
  return {
    names,
    left: table.predictors.filter((_, i) => !varies[i]),
    shares: order.map((k) => Math.max(0, values[k]) / size),
    arrows: names.map((_, i) => [axes[0].arrows[i], axes[1].arrows[i]] as const),
    scores: [axes[0].scores, axes[1].scores],
  }

  function axisOf(k: number | undefined) {
    const scores = new Float64Array(n).fill(NaN)
    const spread = k === undefined ? 0 : Math.sqrt(Math.max(0, values[k]))
    // What is left of a component of no variance is rounding.
    if (k === undefined || spread < 1e-7) return { arrows: new Float64Array(size), scores }
    const own = Float64Array.from({ length: size }, (_, i) => vectors[i * size + k])
    const largest = own.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0)
    const sign = largest < 0 ? -1 : 1
    for (let row = 0; row < n; row++) {
      let sum = 0
      for (let i = 0; i < size; i++) sum += own[i] * columns[i][row]
      scores[row] = (sign * sum) / spread
    }
    return { arrows: own.map((value) => sign * value * spread), scores }
  }
}

function standardised(column: ArrayLike<number>): Float64Array {
  const centre = mean(column)
  const spread = Math.sqrt(variance(column))
  return Float64Array.from(column, (value) => (value - centre) / spread)
}

const mostPoints = 5000

/** The biplot: rows that pass the filter as points, predictors as arrows. Axes are those of all rows, so that a brush in the
 *  plot means the same before and after it. */
export function biplotOf(sample: DraftRows, kept: Int32Array): PrincipalComponents {
  const { table } = sample
  const { names, left, shares, arrows, scores } = componentsOf(sample)
  const step = Math.max(1, Math.ceil(kept.length / mostPoints))
  const shown = kept.filter((_, i) => i % step === 0)
  return {
    predictors: names.map((name, i) => ({ name, x: arrows[i][0], y: arrows[i][1] })),
    left,
    shares,
    n: kept.length,
    of: rowCount(table),
    effectiveN: effectiveRows(sample),
    points: Array.from(shown, (row) => ({
      x: scores[0][row],
      y: scores[1][row],
      target: table.target[row],
      day: dayFromNumber(table.day[row]),
      place: table.places[table.place[row]],
    })),
    reach: scores.map((column) => column.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0)) as [
      number,
      number,
    ],
  }
}
