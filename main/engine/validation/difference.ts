import type { Measure, MeasureName } from '../../contract/index.ts'
import { addGroups, forEachMeasure, measuresOf, sumByGroup, sumCount } from './pair-sums.ts'
import { checkLengths, finitePairs, withIntervals } from './score.ts'
import type { ScoreOptions } from './score.ts'

export interface DifferenceOptions extends ScoreOptions {
  /** What the two are called in the verdict, with their article; default `the fine map` and `the coarse product`. */
  readonly names?: readonly [string, string]
}

/** How much better or worse one prediction is than another at the same pairs. */
export interface ScoreDifference {
  readonly n: number
  readonly groups: number
  /** Measure of A minus measure of B, with the interval of that difference. */
  readonly measures: Record<MeasureName, Measure>
  /** True: A has the smaller RMSE and the interval excludes 0; false: the larger, likewise; null: neither is shown. */
  readonly isBetter: boolean | null
  /** The answer to "did it help?" as a sentence, by RMSE. */
  readonly verdict: string
}

/** Scores A minus scores B against the same observations, only where all three have a value, with intervals from a paired
 *  bootstrap: each resample draws whole groups and computes both scores from the same draw, so what makes a group hard
 *  for both cancels. A gain is claimed only when the interval of the RMSE difference excludes 0.
 *  @throws bad_input for unequal lengths
 *  Source: Davison & Hinkley (1997), Bootstrap Methods and their Application, 3.8. */
export function difference(
  predictedA: ArrayLike<number>,
  predictedB: ArrayLike<number>,
  observed: ArrayLike<number>,
  group: ArrayLike<number>,
  options: DifferenceOptions,
): ScoreDifference {
  checkLengths(predictedA.length, observed.length, group.length)
  checkLengths(predictedB.length, observed.length, group.length)
  const pairs = finitePairs(predictedA, predictedB, observed)
  const sides = [predictedA, predictedB].map((predicted) => sumByGroup(predicted, observed, group, pairs))
  const groups = sides[0].groups
  const total = new Float64Array(sumCount)
  const differenceAt = (times?: Uint16Array): Record<MeasureName, number> => {
    const [a, b] = sides.map((side) => {
      addGroups(side, total, times)
      return measuresOf(total, side.centreP, side.centreO)
    })
    return forEachMeasure((name) => a[name] - b[name])
  }
  const measures = withIntervals(differenceAt(), groups, options, differenceAt)
  const { low, high } = measures.rmse
  const isBetter = low === null || high === null || (low <= 0 && high >= 0) ? null : high < 0
  return {
    n: pairs.length,
    groups,
    measures,
    isBetter,
    verdict: verdictOf(pairs.length, measures.rmse, isBetter, options),
  }
}

function verdictOf(n: number, rmse: Measure, isBetter: boolean | null, options: DifferenceOptions): string {
  const [a, b] = options.names ?? ['the fine map', 'the coarse product']
  if (n === 0) return `There is no pair to compare ${a} with ${b}.`
  const number = (value: number) => (value < 0 ? '−' : '+') + Math.abs(value).toPrecision(2)
  const percent = Math.round(100 * (options.level ?? 0.95))
  const interval =
    rmse.low === null || rmse.high === null
      ? 'too few groups for an interval'
      : `${percent} % interval [${number(rmse.low)}, ${number(rmse.high)}]`
  const facts = `RMSE of ${a} minus that of ${b}: ${number(rmse.value)}, ${interval}, n = ${n}.`
  if (isBetter === null) return `No measurable gain. ${facts}`
  const sentence = `${a} is ${isBetter ? 'better' : 'worse'} than ${b}. ${facts}`
  return sentence[0].toUpperCase() + sentence.slice(1)
}
