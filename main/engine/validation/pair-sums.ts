import { measureNames } from '../../contract/index.ts'
import type { MeasureName } from '../../contract/index.ts'

/** Sums that all measures can be computed from, so that a bootstrap adds groups up instead of reading pairs again.
 *  p and o are taken from centres near their means, which keeps the digits of the squares. */
export const sumCount = 8
const [count, sumP, sumO, sumPP, sumOO, sumPO, sumAbs, sumDD] = [0, 1, 2, 3, 4, 5, 6, 7]

export interface GroupedSums {
  /** [groups × sumCount], row-major. */
  readonly sums: Float64Array
  readonly groups: number
  readonly centreP: number
  readonly centreO: number
}

/** Sums of each group. Groups are numbered by their first use among `pairs`.
 *  @param pairs numbers of the pairs to use, all finite */
export function sumByGroup(
  predicted: ArrayLike<number>,
  observed: ArrayLike<number>,
  group: ArrayLike<number>,
  pairs: ArrayLike<number>,
): GroupedSums {
  const number = new Map<number, number>()
  let centreP = 0
  let centreO = 0
  for (let i = 0; i < pairs.length; i++) {
    if (!number.has(group[pairs[i]])) number.set(group[pairs[i]], number.size)
    centreP += predicted[pairs[i]]
    centreO += observed[pairs[i]]
  }
  centreP /= pairs.length
  centreO /= pairs.length
  const sums = new Float64Array(number.size * sumCount)
  for (let i = 0; i < pairs.length; i++) {
    const at = number.get(group[pairs[i]])! * sumCount
    const p = predicted[pairs[i]] - centreP
    const o = observed[pairs[i]] - centreO
    const difference = predicted[pairs[i]] - observed[pairs[i]]
    sums[at + count] += 1
    sums[at + sumP] += p
    sums[at + sumO] += o
    sums[at + sumPP] += p * p
    sums[at + sumOO] += o * o
    sums[at + sumPO] += p * o
    sums[at + sumAbs] += Math.abs(difference)
    sums[at + sumDD] += difference * difference
  }
  return { sums, groups: number.size, centreP, centreO }
}

/** Sum over groups, each as often as `times` says; over all once when `times` is left out.
 *  @param total Float64Array[sumCount], overwritten */
export function addGroups({ sums, groups }: GroupedSums, total: Float64Array, times?: ArrayLike<number>): void {
  total.fill(0)
  for (let g = 0; g < groups; g++) {
    const weight = times ? times[g] : 1
    if (weight === 0) continue
    for (let s = 0; s < sumCount; s++) total[s] += weight * sums[g * sumCount + s]
  }
}

/** Spread below this share of the mean is rounding, not variation. */
const rounding = 1e-12

/** All measures from one total of sums; NaN where a measure has no meaning (no variation, one pair).
 *  bias = mean(p − o); ubrmse² = rmse² − bias²; slope is of o on p; nse = 1 − SSE/SST;
 *  kge = 1 − √((r − 1)² + (σp/σo − 1)² + (μp/μo − 1)²).
 *  Sources: Nash & Sutcliffe (1970), Journal of Hydrology 10; Gupta et al. (2009), Journal of Hydrology 377, eq. 9. */
export function measuresOf(total: Float64Array, centreP: number, centreO: number): Record<MeasureName, number> {
  const n = total[count]
  const offP = total[sumP] / n
  const offO = total[sumO] / n
  const meanP = centreP + offP
  const meanO = centreO + offO
  const varianceP = variation(total[sumPP] / n - offP * offP, meanP)
  const varianceO = variation(total[sumOO] / n - offO * offO, meanO)
  const covariance = total[sumPO] / n - offP * offO
  const pearsonR = clamp(covariance / Math.sqrt(varianceP * varianceO))
  const meanSquare = total[sumDD] / n
  const bias = centreP - centreO + (offP - offO)
  const kge = 1 - Math.hypot(pearsonR - 1, Math.sqrt(varianceP / varianceO) - 1, meanP / meanO - 1)
  return {
    pearsonR,
    rmse: Math.sqrt(meanSquare),
    bias,
    // Rounding may push a perfect shift a hair below zero.
    ubrmse: Math.sqrt(Math.max(0, meanSquare - bias * bias)),
    mae: total[sumAbs] / n,
    slope: covariance / varianceP,
    rSquared: pearsonR * pearsonR,
    nse: 1 - meanSquare / varianceO,
    kge: Number.isFinite(kge) ? kge : NaN,
  }
}

/** The variance, or NaN when values do not vary: a measure that divides by it has no meaning then. */
function variation(variance: number, mean: number): number {
  return variance > (rounding * mean) ** 2 ? variance : NaN
}

function clamp(r: number): number {
  return r > 1 ? 1 : r < -1 ? -1 : r
}

/** The same shape for each measure. */
export function forEachMeasure<T>(make: (name: MeasureName) => T): Record<MeasureName, T> {
  return Object.fromEntries(measureNames.map((name) => [name, make(name)])) as Record<MeasureName, T>
}
