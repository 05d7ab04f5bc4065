import { incompleteGamma, logIncompleteBeta } from './special-functions.ts'

/** ln of the two-sided p of Student's t with `freedom` degrees of freedom: ln P(|T| ≥ |t|); −Infinity for infinite t.
 *  Taken from the tail itself, never as 1 − cdf, so t = 300 with 20 000 degrees still has all its digits.
 *  Source: DLMF 8.17; P(|T| ≥ |t|) = I_x(ν/2, 1/2), x = ν/(ν + t²). */
export function logStudentTTwoSided(t: number, freedom: number): number {
  if (Number.isNaN(t) || !(freedom > 0)) return NaN
  const square = t * t
  if (square === Infinity) return -Infinity
  return logIncompleteBeta(freedom / (freedom + square), square / (freedom + square), freedom / 2, 0.5)
}

/** Two-sided p of Student's t. Below the smallest double it stays at that double: a finite t never has p = 0. */
export function studentTTwoSided(t: number, freedom: number): number {
  const logarithm = logStudentTTwoSided(t, freedom)
  return logarithm === -Infinity ? 0 : Math.max(Math.exp(logarithm), Number.MIN_VALUE)
}

/** The t whose two-sided p is `p`, 0 < p < 1: 2.228 for p = 0.05 and 10 degrees. By halving an interval, to 1e-15. */
export function studentTCritical(p: number, freedom: number): number {
  let low = 0
  let high = 1
  while (studentTTwoSided(high, freedom) > p) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2
    if (studentTTwoSided(middle, freedom) > p) low = middle
    else high = middle
  }
  return high
}

/** Two-sided p of Pearson's r = 0 from n pairs, by Student's t with n − 2 degrees of freedom; takes pairs as independent
 *  and normal. NaN when n < 3 or r is NaN; 0 only for |r| = 1. */
export function pearsonPValue(r: number, n: number): number {
  if (n < 3 || Number.isNaN(r)) return NaN
  const t = r * Math.sqrt((n - 2) / ((1 - r) * (1 + r)))
  return studentTTwoSided(t, n - 2)
}

/** P(Z ≤ z) of the standard normal, with full relative accuracy in the lower tail. */
export function normalCdf(z: number): number {
  const { lower, upper } = incompleteGamma(0.5, (z * z) / 2)
  return z < 0 ? upper / 2 : 0.5 + lower / 2
}

const central = {
  above: [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
    67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  below: [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
    28729.085735721942674, 5226.495278852854561,
  ],
}
const near = {
  above: [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  ],
  below: [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
    0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
}
const far = {
  above: [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123,
    0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  below: [
    1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
}

/** z with P(Z ≤ z) = p, accurate to about 1e-16; ∓Infinity at 0 and 1.
 *  Source: Wichura (1988), algorithm AS 241 (PPND16), Applied Statistics 37. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(central, 0.180625 - q * q)
  const tail = Math.min(p, 1 - p)
  if (tail === 0) return q < 0 ? -Infinity : Infinity
  const r = Math.sqrt(-Math.log(tail))
  const z = r <= 5 ? ratio(near, r - 1.6) : ratio(far, r - 5)
  return q < 0 ? -z : z
}

function ratio(terms: { above: number[]; below: number[] }, x: number): number {
  return polynomial(terms.above, x) / polynomial(terms.below, x)
}

function polynomial(terms: number[], x: number): number {
  return terms.reduceRight((sum, term) => sum * x + term, 0)
}

/** Kolmogorov–Smirnov distance of two samples, each sorted ascending: the largest gap between their empirical
 *  distributions (0 to 1), with its asymptotic p. The p takes values as independent, which neighbouring cells and days
 *  are not, so it is too small for them. Both NaN when a sample is empty.
 *  Source: Press et al. (2007), Numerical Recipes, 14.3 (with Stephens' correction for small samples). */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): { distance: number; pValue: number } {
  if (a.length === 0 || b.length === 0) return { distance: NaN, pValue: NaN }
  let distance = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i], b[j])
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length))
  }
  const root = Math.sqrt((a.length * b.length) / (a.length + b.length))
  return { distance, pValue: kolmogorovTail((root + 0.12 + 0.11 / root) * distance) }
}

/** P(K > x) of Kolmogorov's distribution: 2 Σ (−1)^(j−1) exp(−2 j² x²). */
function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1
  let sum = 0
  for (let j = 1; j <= 100; j++) {
    const term = Math.exp(-2 * j * j * x * x)
    sum += j % 2 === 1 ? term : -term
    if (term < 1e-17) break
  }
  return Math.min(1, Math.max(0, 2 * sum))
}
