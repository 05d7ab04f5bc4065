import { kolmogorovSmirnov } from '../numeric/index.ts'
import type { Folds } from './folds.ts'
import type { SampleTable } from './sample-table.ts'

/** How unlike the test rows of the folds are to their training rows, in one variable. */
export interface Drift {
  /** A predictor, or `target`. */
  readonly variable: string
  /** Kolmogorov–Smirnov distance, 0 (alike) to 1 (apart): mean of the folds and the largest. */
  readonly meanDistance: number
  readonly largestDistance: number
  /** 0-based fold of the largest. */
  readonly fold: number
}

/** Values of a part that are compared; the distance of more would differ by less than 0.01. */
const mostValues = 50_000

/** Tells per variable how far test and training rows are apart in each fold, the most unlike variable first. It is told,
 *  never used to draw the folds again: a split chosen because its parts look alike makes scores too good. */
export function driftReport(table: SampleTable, folds: Folds): Drift[] {
  const variables = [
    ...table.predictors.map((variable, j) => ({ variable, values: table.columns[j] })),
    { variable: 'target', values: table.target },
  ]
  const distances = variables.map(() => new Array<number>())
  for (let k = 0; k < folds.count; k++) {
    const test = thinned(folds.test(k))
    const train = thinned(folds.train(k))
    variables.forEach(({ values }, j) => {
      const sorted = (rows: Int32Array) => Float64Array.from(rows, (row) => values[row]).sort()
      distances[j].push(kolmogorovSmirnov(sorted(test), sorted(train)).distance)
    })
  }
  return variables
    .map(({ variable }, j) => {
      const known = distances[j].filter((distance) => !Number.isNaN(distance))
      const largestDistance = Math.max(...known)
      const meanDistance = known.reduce((sum, distance) => sum + distance, 0) / known.length
      return { variable, meanDistance, largestDistance, fold: distances[j].indexOf(largestDistance) }
    })
    .sort((a, b) => b.meanDistance - a.meanDistance)
}

/** Every so-manieth row, at most `mostValues`. */
function thinned(rows: Int32Array): Int32Array {
  const stride = Math.ceil(rows.length / mostValues)
  return stride <= 1 ? rows : rows.filter((_, i) => i % stride === 0)
}
