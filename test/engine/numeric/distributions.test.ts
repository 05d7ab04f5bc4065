import { describe, expect, it } from 'vitest'
import {
  Random,
  incompleteBeta,
  incompleteGamma,
  kolmogorovSmirnov,
  logBeta,
  logGamma,
  logIncompleteBeta,
  logStudentTTwoSided,
  normalCdf,
  normalQuantile,
  pearsonPValue,
  studentTCritical,
  studentTTwoSided,
} from '../../../main/engine/numeric/index.ts'

/** |found / wanted − 1| ≤ relative */
function expectNear(found: number, wanted: number, relative: number): void {
  expect(Math.abs(found / wanted - 1), `${found} against ${wanted}`).toBeLessThanOrEqual(relative)
}

describe('gamma and beta functions', () => {
  it('ln Γ: factorials, Γ(1/2) = √π, and the recurrence across the change of method at 10', () => {
    let factorial = 1
    for (let n = 1; n <= 20; n++) {
      factorial *= n
      expectNear(Math.exp(logGamma(n + 1)), factorial, 1e-13)
    }
    expectNear(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14)
    for (const x of [0.1, 3.7, 9.5, 9.99]) expect(logGamma(x + 1) - logGamma(x)).toBeCloseTo(Math.log(x), 13)
  })

  it('ln B: closed form for whole numbers, in all three ranges of size', () => {
    const plain = (a: number, b: number) => {
      let sum = -Math.log(a)
      for (let i = 1; i < b; i++) sum += Math.log(i) - Math.log(a + i)
      return sum
    }
    for (const [a, b] of [
      [3, 9],
      [2, 15],
      [20, 30],
      [5000, 12],
      [10_000, 3],
    ])
      expectNear(logBeta(a, b), plain(a, b), 1e-13)
  })

  it('I_x(a, b) is the binomial tail for whole numbers', () => {
    const tail = (x: number, a: number, b: number) => {
      let sum = 0
      for (let j = a; j < a + b; j++)
        sum += Math.exp(logGamma(a + b) - logGamma(j + 1) - logGamma(a + b - j)) * x ** j * (1 - x) ** (a + b - 1 - j)
      return sum
    }
    for (const [x, a, b] of [
      [0.3, 2, 5],
      [0.9, 2, 5],
      [0.5, 7, 7],
      [0.02, 12, 30],
    ])
      expectNear(incompleteBeta(x, a, b), tail(x, a, b), 1e-12)
  })

  it('I_x(a, b) equals reference values (SciPy 1.17 betainc), also for thousands of degrees', () => {
    expectNear(incompleteBeta(0.01, 10, 0.5), 1.770034965528571e-21, 1e-12)
    expectNear(incompleteBeta(0.999, 9000, 3), 0.006204747457271053, 1e-11)
    expectNear(incompleteBeta(0.4, 300, 500), 0.9270784080074681, 1e-12)
  })

  it('I_x + mirror image = 1, and the ends are exact', () => {
    for (const x of [0.001, 0.2, 0.7, 0.999])
      expect(incompleteBeta(x, 3.5, 0.7) + incompleteBeta(1 - x, 0.7, 3.5)).toBeCloseTo(1, 12)
    expect(incompleteBeta(0, 2, 3)).toBe(0)
    expect(incompleteBeta(1, 2, 3)).toBe(1)
    expect(logIncompleteBeta(0, 1, 2, 3)).toBe(-Infinity)
  })

  it('P and Q: exponential and Poisson closed forms', () => {
    for (const x of [0.01, 1, 5, 700]) expectNear(incompleteGamma(1, x).upper, Math.exp(-x), 1e-12)
    for (const x of [0.3, 4, 20]) expectNear(incompleteGamma(3, x).upper, Math.exp(-x) * (1 + x + (x * x) / 2), 1e-12)
    expectNear(incompleteGamma(5, 1).lower, 0.003659846827343713, 1e-12)
    expect(incompleteGamma(2, 0)).toEqual({ lower: 0, upper: 1 })
  })
})

describe("Student's t", () => {
  it('equals the printed tables at 5 % and 1 %, two-sided', () => {
    const table = [
      [1, 12.706, 63.657],
      [5, 2.571, 4.032],
      [10, 2.228, 3.169],
      [30, 2.042, 2.75],
      [120, 1.98, 2.617],
    ]
    for (const [freedom, five, one] of table) {
      expect(studentTTwoSided(five, freedom)).toBeCloseTo(0.05, 4)
      expect(studentTTwoSided(-one, freedom)).toBeCloseTo(0.01, 4)
    }
  })

  it('critical t: the tables again, and it undoes p', () => {
    expect(studentTCritical(0.05, 10)).toBeCloseTo(2.228, 3)
    expect(studentTCritical(0.01, 1)).toBeCloseTo(63.657, 3)
    for (const p of [1e-9, 0.2, 0.999]) expectNear(studentTTwoSided(studentTCritical(p, 7), 7), p, 1e-12)
  })

  it('closed forms: 1 degree is arctangent, 2 degrees algebraic', () => {
    for (const t of [1e-6, 0.3, 1, 7, 1e5]) {
      expectNear(studentTTwoSided(t, 1), (2 / Math.PI) * Math.atan2(1, t), 1e-10)
      expectNear(studentTTwoSided(t, 2), 2 / (t * t + 2 + t * Math.sqrt(t * t + 2)), 1e-10)
    }
    expect(studentTTwoSided(0, 9)).toBe(1)
  })

  it('keeps its digits far in the tail (SciPy 1.17 2·t.sf) and does not underflow', () => {
    expectNear(studentTTwoSided(40, 20), 1.457469655431075e-20, 1e-11)
    expectNear(studentTTwoSided(30, 20_000), 1.866319028796517e-193, 1e-10)
    const far = logStudentTTwoSided(300, 20_000)
    expect(far).toBeLessThan(-10_000)
    expect(Number.isFinite(far)).toBe(true)
    expect(studentTTwoSided(300, 20_000)).toBe(Number.MIN_VALUE)
    expect(studentTTwoSided(Infinity, 5)).toBe(0)
  })

  it('p of r: the printed critical r of 10 pairs is 0.632 at 5 %', () => {
    expect(pearsonPValue(0.632, 10)).toBeCloseTo(0.05, 3)
    expect(pearsonPValue(-0.632, 10)).toBe(pearsonPValue(0.632, 10))
    expect(pearsonPValue(0.5, 2)).toBeNaN()
    expect(pearsonPValue(1, 10)).toBe(0)
  })
})

describe('normal distribution', () => {
  it('cdf equals printed values and keeps the lower tail', () => {
    expectNear(normalCdf(1), 0.8413447460685429, 1e-14)
    expectNear(normalCdf(-3), 0.0013498980316300933, 1e-13)
    expectNear(normalCdf(-10), 7.61985302416047e-24, 1e-12)
    expect(normalCdf(0)).toBe(0.5)
  })

  it('quantile undoes cdf, equals 1.959964 at 97.5 %, and is odd', () => {
    for (const p of [1e-200, 1e-12, 0.01, 0.074, 0.3, 0.5, 0.76, 0.99])
      expectNear(normalCdf(normalQuantile(p)), p, 1e-10)
    expectNear(normalQuantile(0.975), 1.959963984540054, 1e-15)
    expect(normalQuantile(0.25)).toBe(-normalQuantile(0.75))
    expect(normalQuantile(0)).toBe(-Infinity)
    expect(normalQuantile(1.1)).toBeNaN()
  })
})

describe('kolmogorovSmirnov', () => {
  it('is the largest gap, counted plainly at every value', () => {
    const random = new Random(3)
    const a = Float64Array.from({ length: 30 }, () => random.below(12)).sort()
    const b = Float64Array.from({ length: 45 }, () => random.below(15)).sort()
    let gap = 0
    for (const at of [...a, ...b]) {
      const share = (values: Float64Array) => values.filter((value) => value <= at).length / values.length
      gap = Math.max(gap, Math.abs(share(a) - share(b)))
    }
    expect(kolmogorovSmirnov(a, b).distance).toBeCloseTo(gap, 15)
  })

  it('same sample 0 with p 1; apart 1; 5 % at the printed λ = 1.358', () => {
    expect(kolmogorovSmirnov([1, 2, 3], [1, 2, 3])).toEqual({ distance: 0, pValue: 1 })
    expect(kolmogorovSmirnov([1, 2], [3, 4]).distance).toBe(1)
    const n = 2_000_000
    const root = Math.sqrt(n / 2)
    const shift = Math.round((1.3581 / root) * n)
    const a = Float64Array.from({ length: n }, (_, i) => i)
    expect(
      kolmogorovSmirnov(
        a,
        a.map((value) => value + shift),
      ).pValue,
    ).toBeCloseTo(0.05, 3)
  })

  it('empty samples have no distance', () => {
    expect(kolmogorovSmirnov([], [1]).distance).toBeNaN()
  })
})
