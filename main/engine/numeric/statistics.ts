/** Plain statistics of number arrays without NaN. Sums run in double precision, from the first value to the last. */
export type Numbers = ArrayLike<number>

/** Arithmetic mean; NaN when empty. */
export function mean(values: Numbers): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** Sample variance, divided by n − 1; NaN below 2 values. Two passes, so that a large mean costs no digits. */
export function variance(values: Numbers): number {
  return values.length < 2 ? NaN : covariance(values, values)
}

/** Sample standard deviation, divided by n − 1 under the root; NaN below 2 values. */
export function standardDeviation(values: Numbers): number {
  return Math.sqrt(variance(values))
}

/** Sample covariance of pairs, divided by n − 1; NaN below 2 pairs. */
export function covariance(a: Numbers, b: Numbers): number {
  if (a.length < 2) return NaN
  const meanA = mean(a)
  const meanB = mean(b)
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - meanA) * (b[i] - meanB)
  return sum / (a.length - 1)
}

/** Pearson's correlation of pairs, −1 to 1; NaN below 2 pairs or when one side does not vary. */
export function pearson(a: Numbers, b: Numbers): number {
  const spreadA = variance(a)
  const spreadB = variance(b)
  if (!(spreadA > 0 && spreadB > 0)) return NaN
  const r = covariance(a, b) / (Math.sqrt(spreadA) * Math.sqrt(spreadB))
  return Math.min(1, Math.max(-1, r))
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: Numbers): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i] - values[j])
  const result = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]] === values[order[from]]) to++
    for (let i = from; i < to; i++) result[order[i]] = (from + 1 + to) / 2
    from = to
  }
  return result
}

/** Spearman's rank correlation of pairs: Pearson's of the ranks, right with ties too. */
export function spearman(a: Numbers, b: Numbers): number {
  return pearson(ranks(a), ranks(b))
}

/** Quantile of values sorted ascending: linear between order statistics, type 7, as in R and NumPy.
 *  @param share 0 to 1
 *  @returns NaN when empty
 *  Source: Hyndman & Fan (1996), Sample quantiles in statistical packages, The American Statistician 50. */
export function quantileSorted(sorted: Numbers, share: number): number {
  if (sorted.length === 0) return NaN
  const at = (sorted.length - 1) * share
  const below = Math.floor(at)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below] + (at - below) * (sorted[above] - sorted[below])
}

/** Quantile (type 7) of values in any order, which stay as they are. */
export function quantile(values: Numbers, share: number): number {
  return quantileSorted(Float64Array.from(values).sort(), share)
}

export function median(values: Numbers): number {
  return quantile(values, 0.5)
}

/** Straight line through pairs by least squares: y ≈ intercept + slope · x. Both NaN when x does not vary. */
export function linearRegression(x: Numbers, y: Numbers): { slope: number; intercept: number } {
  const spread = variance(x)
  const slope = spread > 0 ? covariance(x, y) / spread : NaN
  return { slope, intercept: mean(y) - slope * mean(x) }
}
