import { normalCdf } from '../../numeric/index.ts'

/** What is expected of a function at a place, from its values elsewhere. */
export interface Surrogate {
  /** @returns mean and standard deviation of the function there, without the noise of its values */
  at(point: readonly number[]): { readonly mean: number; readonly sd: number }
  readonly logLikelihood: number
}

export interface SurrogateShape {
  /** Per dimension the distance over which values resemble each other. */
  readonly lengths: readonly number[]
  /** Variance of the values' noise as a share of the function's. */
  readonly noise: number
}

/** A Gaussian process with the Matérn kernel of 5/2 on values at places in the unit cube, of the mean of the values and the variance
 *  that is most likely for its shape.
 *  @returns null where two places are so alike that the values cannot be told apart from rounding
 *  Source: Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, 2.2, 4.2 and 5.4. */
export function gaussianProcess(
  points: readonly (readonly number[])[],
  values: readonly number[],
  { lengths, noise }: SurrogateShape,
): Surrogate | null {
  const n = points.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      matrix[i * n + j] = matern(points[i], points[j], lengths) + (i === j ? noise + 1e-9 : 0)
  if (!choleskyInPlace(matrix, n)) return null
  const residuals = values.map((value) => value - mean)
  const half = forward(matrix, n, residuals)
  const weights = backward(matrix, n, half)
  const variance = half.reduce((sum, value) => sum + value * value, 0) / n
  if (!(variance > 0)) return null
  let logLikelihood = (-n / 2) * Math.log(variance)
  for (let i = 0; i < n; i++) logLikelihood -= Math.log(matrix[i * n + i])
  return {
    logLikelihood,
    at(point) {
      const like = points.map((other) => matern(point, other, lengths))
      const known = forward(matrix, n, like).reduce((sum, value) => sum + value * value, 0)
      const shift = like.reduce((sum, value, i) => sum + value * weights[i], 0)
      return { mean: mean + shift, sd: Math.sqrt(variance * Math.max(0, 1 - known)) }
    },
  }
}

/** The shape under which the values are the most likely, of a few: lengths of each dimension by itself, and noise. */
export function likeliestProcess(points: readonly (readonly number[])[], values: readonly number[]): Surrogate | null {
  let best: Surrogate | null = null
  for (const lengths of combinations(points[0].length, [0.2, 0.6, 2]))
    for (const noise of [1e-4, 1e-2, 0.1]) {
      const made = gaussianProcess(points, values, { lengths, noise })
      if (made && (!best || made.logLikelihood > best.logLikelihood)) best = made
    }
  return best
}

/** By how much a value of this mean and standard deviation is expected to fall below the best so far; where it is above it counts 0.
 *  Source: Jones, Schonlau & Welch (1998), Journal of Global Optimization 13, eq. 15. */
export function expectedImprovement(
  best: number,
  { mean, sd }: { readonly mean: number; readonly sd: number },
): number {
  if (!(sd > 0)) return Math.max(0, best - mean)
  const z = (best - mean) / sd
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return (best - mean) * normalCdf(z) + sd * density
}

function matern(a: readonly number[], b: readonly number[], lengths: readonly number[]): number {
  let square = 0
  for (let k = 0; k < lengths.length; k++) square += ((a[k] - b[k]) / lengths[k]) ** 2
  const r = Math.sqrt(5 * square)
  return (1 + r + (r * r) / 3) * Math.exp(-r)
}

function combinations(dimensions: number, of: readonly number[]): number[][] {
  let all: number[][] = [[]]
  for (let k = 0; k < dimensions; k++) all = all.flatMap((some) => of.map((value) => [...some, value]))
  return all
}

/** The lower triangle becomes that of L with L L′ the matrix; false where it is not positive definite. */
function choleskyInPlace(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k]
      if (i > j) a[i * n + j] = sum / a[j * n + j]
      else if (!(sum > 0)) return false
      else a[i * n + i] = Math.sqrt(sum)
    }
  return true
}

/** x of L x = b */
function forward(l: Float64Array, n: number, b: readonly number[]): number[] {
  const x = [...b]
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * n + k] * x[k]
    x[i] /= l[i * n + i]
  }
  return x
}

/** x of L′ x = b */
function backward(l: Float64Array, n: number, b: readonly number[]): number[] {
  const x = [...b]
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= l[k * n + i] * x[k]
    x[i] /= l[i * n + i]
  }
  return x
}
