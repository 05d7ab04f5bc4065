import { describe, expect, it } from 'vitest'
import { measureNames } from '../../../main/contract/index.ts'
import { Random, normalCdf } from '../../../main/engine/numeric/index.ts'
import { score } from '../../../main/engine/validation/index.ts'

interface Pairs {
  predicted: Float64Array
  observed: Float64Array
  group: Int32Array
}

/** Observed soil moisture at `groups` stations, predicted with an error of each station's own and one of each day. */
function simulate(groups: number, perGroup: number, random: Random, bias = 0.02): Pairs {
  const n = groups * perGroup
  const pairs = { predicted: new Float64Array(n), observed: new Float64Array(n), group: new Int32Array(n) }
  for (let g = 0, i = 0; g < groups; g++) {
    const level = 0.25 + 0.05 * random.normal()
    const stationBias = bias + 0.03 * random.normal()
    for (let k = 0; k < perGroup; k++, i++) {
      pairs.observed[i] = level + 0.03 * random.normal()
      pairs.predicted[i] = pairs.observed[i] + stationBias + 0.01 * random.normal()
      pairs.group[i] = g
    }
  }
  return pairs
}

/** Every measure again, in plain lines. */
function plainly(p: number[], o: number[]) {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const deviations = (values: number[]) => values.map((value) => value - mean(values))
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0)
  const [dp, dofO] = [deviations(p), deviations(o)]
  const errors = p.map((value, i) => value - o[i])
  const r = dot(dp, dofO) / Math.sqrt(dot(dp, dp) * dot(dofO, dofO))
  const alpha = Math.sqrt(dot(dp, dp) / dot(dofO, dofO))
  const beta = mean(p) / mean(o)
  return {
    pearsonR: r,
    rmse: Math.sqrt(mean(errors.map((e) => e * e))),
    bias: mean(errors),
    ubrmse: Math.sqrt(mean(deviations(errors).map((e) => e * e))),
    mae: mean(errors.map(Math.abs)),
    slope: dot(dp, dofO) / dot(dp, dp),
    rSquared: r * r,
    nse: 1 - dot(errors, errors) / dot(dofO, dofO),
    kge: 1 - Math.sqrt((r - 1) ** 2 + (alpha - 1) ** 2 + (beta - 1) ** 2),
  }
}

describe('score', () => {
  const pairs = simulate(12, 30, new Random(1))

  it('equals plain formulas', () => {
    const { measures, n, groups } = score(pairs.predicted, pairs.observed, pairs.group, { seed: 1, resamples: 0 })
    const plain = plainly([...pairs.predicted], [...pairs.observed])
    for (const name of measureNames) expect(measures[name].value, name).toBeCloseTo(plain[name], 12)
    expect([n, groups]).toEqual([360, 12])
  })

  it('by hand: predicted 2, 4, 6 against observed 1, 2, 6', () => {
    const { measures } = score([2, 4, 6], [1, 2, 6], [0, 0, 0], { seed: 1 })
    expect(measures.bias.value).toBeCloseTo(1, 15)
    expect(measures.rmse.value).toBeCloseTo(Math.sqrt(5 / 3), 15)
    expect(measures.mae.value).toBeCloseTo(1, 15)
    expect(measures.slope.value).toBeCloseTo(1.25, 15)
    expect(measures.nse.value).toBeCloseTo(1 - 5 / 14, 15)
    expect(measures.pearsonR.value).toBeCloseTo(10 / Math.sqrt(8 * 14), 15)
    expect(measures.bias.low).toBeNull()
  })

  it('ubrmse² = rmse² − bias² to 1e-12, with offsets large and small', () => {
    const random = new Random(8)
    for (const offset of [0, 1, 300]) {
      const { predicted, observed, group } = simulate(5, 20, random, 0.001 + offset / 10)
      const { rmse, bias, ubrmse } = score(
        predicted.map((value) => value + offset),
        observed.map((value) => value + offset),
        group,
        { seed: 1, resamples: 0 },
      ).measures
      expect(Math.abs(ubrmse.value ** 2 - (rmse.value ** 2 - bias.value ** 2))).toBeLessThan(1e-12)
    }
  })

  it('a perfect prediction scores 1 and 0, and its intervals have no width', () => {
    const { measures } = score(pairs.observed, pairs.observed, pairs.group, { seed: 1, resamples: 200 })
    for (const name of ['pearsonR', 'slope', 'rSquared', 'nse', 'kge'] as const)
      for (const part of ['value', 'low', 'high'] as const) expect(measures[name][part], name).toBeCloseTo(1, 12)
    for (const name of ['rmse', 'bias', 'ubrmse', 'mae'] as const)
      expect(measures[name]).toEqual({ value: 0, low: 0, high: 0 })
  })

  it('r² and R² (nse) are two measures: a bad shift keeps r² and ruins nse', () => {
    const { measures } = score(
      pairs.observed.map((value) => value + 0.3),
      pairs.observed,
      pairs.group,
      { seed: 1, resamples: 0 },
    )
    expect(measures.rSquared.value).toBeCloseTo(1, 10)
    expect(measures.nse.value).toBeLessThan(-5)
    expect(measures.ubrmse.value).toBeCloseTo(0, 7)
  })

  it('swapping predicted and observed turns the sign of the bias only', () => {
    const there = score(pairs.predicted, pairs.observed, pairs.group, { seed: 1, resamples: 0 }).measures
    const back = score(pairs.observed, pairs.predicted, pairs.group, { seed: 1, resamples: 0 }).measures
    expect(back.bias.value).toBeCloseTo(-there.bias.value, 14)
    expect(back.rmse.value).toBeCloseTo(there.rmse.value, 14)
    expect(back.pearsonR.value).toBeCloseTo(there.pearsonR.value, 14)
  })

  it('leaves out pairs that miss a side, and groups that thereby vanish', () => {
    const { n, groups } = score([1, NaN, 3, 4], [1, 2, NaN, 5], [0, 1, 2, 3], { seed: 1 })
    expect([n, groups]).toEqual([2, 2])
    const none = score([NaN], [1], [0], { seed: 1 })
    expect([none.n, none.pValue]).toEqual([0, null])
    expect(none.measures.rmse.value).toBeNaN()
  })

  it('measures without meaning are NaN, not 0 or infinity', () => {
    const flat = score([0.3, 0.3, 0.3], [0.1, 0.2, 0.4], [0, 1, 2], { seed: 1 })
    for (const name of ['pearsonR', 'rSquared', 'slope', 'kge'] as const) {
      expect(flat.measures[name].value, name).toBeNaN()
      expect(flat.measures[name].low, name).toBeNull()
    }
    expect(flat.measures.nse.value).toBeCloseTo(1 - (0.04 + 0.01 + 0.01) / (0.14 / 3), 12)
    expect(flat.pValue).toBeNull()
    expect(score([0.1, 0.2], [0.3, 0.3], [0, 1], { seed: 1 }).measures.nse.value).toBeNaN()
  })

  it('intervals equal a bootstrap that really gathers the pairs of the drawn groups', () => {
    const small = simulate(6, 10, new Random(3))
    const { measures } = score(small.predicted, small.observed, small.group, { seed: 11, resamples: 50, level: 0.8 })
    const random = new Random(11)
    const drawn = Array.from({ length: 50 }, () => {
      const p: number[] = []
      const o: number[] = []
      for (let draw = 0; draw < 6; draw++) {
        const g = random.below(6)
        for (let k = 0; k < 10; k++) {
          p.push(small.predicted[g * 10 + k])
          o.push(small.observed[g * 10 + k])
        }
      }
      return plainly(p, o)
    })
    // Student's t of 80 % with 5 degrees is 1.475884 in the tables; 50 values have positions 0 … 49 (type 7).
    const low = 49 * normalCdf(-1.475884 * Math.sqrt(6 / 5))
    const at = (sorted: number[], position: number) => {
      const below = Math.floor(position)
      return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below])
    }
    for (const name of measureNames) {
      const sorted = drawn.map((one) => one[name]).sort((a, b) => a - b)
      expect(measures[name].low, name).toBeCloseTo(at(sorted, low), 6)
      expect(measures[name].high, name).toBeCloseTo(at(sorted, 49 - low), 6)
    }
  })

  it('same seed same interval, and the numbering of groups does not matter to the values', () => {
    const once = score(pairs.predicted, pairs.observed, pairs.group, { seed: 5, resamples: 100 })
    expect(score(pairs.predicted, pairs.observed, pairs.group, { seed: 5, resamples: 100 })).toEqual(once)
    expect(
      score(
        pairs.predicted,
        pairs.observed,
        pairs.group.map((g) => 1000 - 7 * g),
        { seed: 5, resamples: 100 },
      ),
    ).toEqual(once)
  })

  it('intervals over stations cover the true bias and rmse about 95 times in 100; over pairs they would not', () => {
    const random = new Random(2026)
    const trials = 400
    let coveredBias = 0
    let coveredRmse = 0
    let coveredByPairs = 0
    const trueRmse = Math.sqrt(0.02 ** 2 + 0.03 ** 2 + 0.01 ** 2)
    for (let trial = 0; trial < trials; trial++) {
      const { predicted, observed, group } = simulate(40, 20, random)
      const { bias, rmse } = score(predicted, observed, group, { seed: trial, resamples: 400 }).measures
      if (bias.low! <= 0.02 && 0.02 <= bias.high!) coveredBias++
      if (rmse.low! <= trueRmse && trueRmse <= rmse.high!) coveredRmse++
      if (trial % 8 === 0) {
        const own = Int32Array.from(group.keys())
        const byPairs = score(predicted, observed, own, { seed: trial, resamples: 200 }).measures.bias
        if (byPairs.low! <= 0.02 && 0.02 <= byPairs.high!) coveredByPairs++
      }
    }
    expect(coveredBias / trials).toBeGreaterThan(0.92)
    expect(coveredBias / trials).toBeLessThan(0.98)
    expect(coveredRmse / trials).toBeGreaterThan(0.89)
    expect(coveredRmse / trials).toBeLessThan(0.98)
    expect(coveredByPairs / (trials / 8)).toBeLessThan(0.6)
  })

  it('refuses unequal lengths', () => {
    expect(() => score([1, 2], [1], [0], { seed: 1 })).toThrow(/2 predicted and 1 observed/)
  })
})
