import { describe, expect, it } from 'vitest'
import {
  Random,
  covariance,
  linearRegression,
  mean,
  median,
  pearson,
  quantile,
  ranks,
  spearman,
  standardDeviation,
  variance,
} from '../../../main/engine/numeric/index.ts'

describe('mean, variance, covariance', () => {
  it('agree with values by hand', () => {
    expect(mean([1, 2, 3, 4])).toBe(2.5)
    expect(variance([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(32 / 7, 15)
    expect(standardDeviation([1, 3])).toBeCloseTo(Math.SQRT2, 15)
    expect(covariance([1, 2, 3], [6, 4, 2])).toBe(-2)
    expect(variance([5])).toBeNaN()
    expect(mean([])).toBeNaN()
  })

  it('keep their digits on a large mean', () => {
    expect(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(30)
  })
})

describe('pearson', () => {
  it("gives Anscombe's published 0.81642 for his first set", () => {
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    expect(pearson(x, y)).toBeCloseTo(0.81642, 5)
    const line = linearRegression(x, y)
    expect(line.slope).toBeCloseTo(0.50009, 5)
    expect(line.intercept).toBeCloseTo(3.00009, 5)
  })

  it('is exactly ±1 on a line and NaN where one side is constant', () => {
    expect(pearson([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 15)
    expect(pearson([1, 2, 3], [3, 2, 1])).toBe(-1)
    expect(pearson([1, 2, 3], [4, 4, 4])).toBeNaN()
  })
})

describe('ranks and spearman', () => {
  it('ties share the mean of their ranks', () => {
    expect([...ranks([30, 10, 20, 20, 40])]).toEqual([4, 1, 2.5, 2.5, 5])
  })

  it('equals 1 − 6 Σd² / (n³ − n) without ties, and any rising curve gives 1', () => {
    const random = new Random(5)
    const a = Float64Array.from({ length: 40 }, () => random.uniform())
    const b = Float64Array.from({ length: 40 }, () => random.uniform())
    const rankA = ranks(a)
    const rankB = ranks(b)
    let squares = 0
    for (let i = 0; i < 40; i++) squares += (rankA[i] - rankB[i]) ** 2
    expect(spearman(a, b)).toBeCloseTo(1 - (6 * squares) / (40 ** 3 - 40), 12)
    expect(spearman(a, a.map(Math.exp))).toBeCloseTo(1, 14)
  })
})

describe('quantile', () => {
  it('is type 7: R quantile(c(1, 3, 4, 9), c(0, .25, .5, .75, 1))', () => {
    const values = [9, 1, 4, 3]
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(values, share))).toEqual([1, 2.5, 3.5, 5.25, 9])
    expect(values).toEqual([9, 1, 4, 3])
    expect(median([5, 1, 2])).toBe(2)
    expect(median([])).toBeNaN()
  })
})
