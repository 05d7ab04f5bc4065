import { describe, expect, it } from 'vitest'
import { measureNames } from '../../../main/contract/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { difference, score } from '../../../main/engine/validation/index.ts'

/** Observations in groups; both predictions share each group's error, so only their own noise differs. */
function simulate(noiseA: number, noiseB: number, groups: number, perGroup: number, random: Random) {
  const n = groups * perGroup
  const [a, b, observed, group] = [new Float64Array(n), new Float64Array(n), new Float64Array(n), new Int32Array(n)]
  for (let g = 0, i = 0; g < groups; g++) {
    const shared = 0.05 * random.normal()
    for (let k = 0; k < perGroup; k++, i++) {
      group[i] = g
      observed[i] = 0.25 + 0.05 * random.normal()
      a[i] = observed[i] + shared + noiseA * random.normal()
      b[i] = observed[i] + shared + noiseB * random.normal()
    }
  }
  return { a, b, observed, group }
}

describe('difference', () => {
  it('is the score of A minus the score of B at the pairs both have', () => {
    const { a, b, observed, group } = simulate(0.01, 0.04, 10, 20, new Random(1))
    a[3] = NaN
    b[50] = NaN
    observed[77] = NaN
    const kept = [...a.keys()].filter((i) => ![3, 50, 77].includes(i))
    const take = (from: ArrayLike<number>) => kept.map((i) => from[i])
    const found = difference(a, b, observed, group, { seed: 1, resamples: 10 })
    const plainA = score(take(a), take(observed), take(group), { seed: 1, resamples: 0 }).measures
    const plainB = score(take(b), take(observed), take(group), { seed: 1, resamples: 0 }).measures
    expect([found.n, found.groups]).toEqual([197, 10])
    for (const name of measureNames)
      expect(found.measures[name].value).toBeCloseTo(plainA[name].value - plainB[name].value, 12)
  })

  it('sees a gain that the two intervals on their own would hide', () => {
    const { a, b, observed, group } = simulate(0.01, 0.03, 20, 30, new Random(2))
    const found = difference(a, b, observed, group, { seed: 1 })
    expect(found.isBetter).toBe(true)
    expect(found.verdict).toMatch(/^The fine map is better than the coarse product\. RMSE .*: −0\.0/)
    const [rmseA, rmseB] = [a, b].map((predicted) => score(predicted, observed, group, { seed: 1 }).measures.rmse)
    expect(rmseA.high!).toBeGreaterThan(rmseB.low!)
    const reverse = difference(b, a, observed, group, { seed: 1, names: ['the coarse product', 'the fine map'] })
    expect(reverse.isBetter).toBe(false)
    expect(reverse.verdict).toMatch(/^The coarse product is worse than the fine map\./)
    expect(reverse.measures.rmse.low).toBeCloseTo(-found.measures.rmse.high!, 14)
  })

  it('claims nothing where there is nothing, about 95 times in 100', () => {
    const random = new Random(7)
    const trials = 300
    let silent = 0
    for (let trial = 0; trial < trials; trial++) {
      const { a, b, observed, group } = simulate(0.02, 0.02, 30, 10, random)
      if (difference(a, b, observed, group, { seed: trial, resamples: 300 }).isBetter === null) silent++
    }
    expect(silent / trials).toBeGreaterThan(0.89)
    expect(silent / trials).toBeLessThan(0.99)
  })

  it('a prediction against itself: no measurable gain', () => {
    const { a, observed, group } = simulate(0.02, 0.02, 8, 10, new Random(4))
    const found = difference(a, a, observed, group, { seed: 1 })
    expect(found.measures.rmse).toEqual({ value: 0, low: 0, high: 0 })
    expect(found.verdict).toMatch(/^No measurable gain\./)
  })

  it('two groups cannot show a gain; no pair says so', () => {
    const { a, b, observed, group } = simulate(0.001, 0.3, 2, 50, new Random(5))
    expect(difference(a, b, observed, group, { seed: 1 }).verdict).toMatch(
      /No measurable gain.*too few groups for an interval/,
    )
    expect(difference([NaN], [1], [1], [0], { seed: 1 }).verdict).toMatch(/no pair/)
  })
})
