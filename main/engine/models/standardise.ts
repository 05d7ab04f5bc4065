/** Mean and standard deviation (population) of each predictor, and of the target; a scale of 0 means that it does not vary. */
export interface Scales {
  readonly means: Float64Array
  readonly scales: Float64Array
  readonly targetMean: number
  readonly targetScale: number
}

export function scalesOf(columns: readonly Float32Array[], target: Float64Array): Scales {
  const each = columns.map(momentsOf)
  const own = momentsOf(target)
  return {
    means: Float64Array.from(each, ({ mean }) => mean),
    scales: Float64Array.from(each, ({ scale }) => scale),
    targetMean: own.mean,
    targetScale: own.scale,
  }
}

/** Two passes, so that a large mean costs no digits. */
function momentsOf(values: ArrayLike<number>): { mean: number; scale: number } {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  const mean = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2
  const scale = Math.sqrt(squares / values.length)
  // What rounding leaves of a constant is none of its variation.
  return { mean, scale: scale <= 1e-12 * Math.abs(mean) ? 0 : scale }
}

/** Columns with mean 0 and standard deviation 1; all 0 where a predictor does not vary. */
export function standardised(columns: readonly Float32Array[], { means, scales }: Scales): Float64Array[] {
  return columns.map((column, p) =>
    Float64Array.from(column, (value) => (scales[p] > 0 ? (value - means[p]) / scales[p] : 0)),
  )
}
