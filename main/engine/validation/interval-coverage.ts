import type { IntervalCoverage } from '../../contract/index.ts'

/** Coverage of a prediction interval on held-out values; pairs with NaN on any side are left out. Null without pairs. */
export function intervalCoverage(
  lows: ArrayLike<number>,
  highs: ArrayLike<number>,
  observed: ArrayLike<number>,
  interval: readonly [number, number],
): IntervalCoverage | null {
  let [n, below, above, width] = [0, 0, 0, 0]
  for (let i = 0; i < observed.length; i++) {
    const whole = lows[i] + highs[i] + observed[i]
    if (Number.isNaN(whole)) continue
    n++
    below += observed[i] < lows[i] ? 1 : 0
    above += observed[i] > highs[i] ? 1 : 0
    width += highs[i] - lows[i]
  }
  if (n === 0) return null
  const [low, high] = interval
  return {
    low,
    high,
    expected: high - low,
    inside: (n - below - above) / n,
    below: below / n,
    above: above / n,
    n,
    meanWidth: width / n,
  }
}

/** As a sentence. */
export function coverageSentence(coverage: IntervalCoverage, unit: string): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
  const { low, high, expected, inside, below, above, n, meanWidth } = coverage
  return (
    `${percent(inside)} of ${n} held-out values lie in the interval from the ${Number((100 * low).toPrecision(4))} to the ` +
    `${Number((100 * high).toPrecision(4))} % quantile (${percent(expected)} asked for; ${percent(below)} below, ${percent(above)} above); ` +
    `mean width ${meanWidth.toPrecision(3)} ${unit}.`
  )
}
