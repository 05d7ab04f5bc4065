const halfLogTwoPi = 0.918938533204672741780329736406

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** ln Γ(x) for x > 0, to about 1e-15 of max(1, |ln Γ|).
 *  Source: Lanczos (1964) with Godfrey's coefficients (g = 7, n = 9); Stirling's series from 10 up. */
export function logGamma(x: number): number {
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + halfLogTwoPi + stirlingCorrection(x)
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let sum = lanczos[0]
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i] / (x - 1 + i)
  const t = x + 6.5
  return halfLogTwoPi + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/** What Stirling's formula for ln Γ(x) lacks, x ≥ 10. Source: DLMF 5.11.1. */
function stirlingCorrection(x: number): number {
  const s = 1 / (x * x)
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360))))) / x
}

/** ln B(a, b) for a, b > 0. Large arguments go through Stirling's correction: the plain difference of three ln Γ would
 *  lose as many digits as ln Γ has before the point. Source: Didonato & Morris (1992), ACM TOMS 18, algorithm 708. */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b)
  const large = Math.max(a, b)
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(small + large)
  const share = small / (small + large)
  if (small >= 10)
    return (
      -0.5 * Math.log(large) +
      halfLogTwoPi +
      stirlingCorrection(small) +
      stirlingCorrection(large) -
      stirlingCorrection(small + large) +
      (small - 0.5) * Math.log(share) +
      large * Math.log1p(-share)
    )
  return (
    logGamma(small) +
    stirlingCorrection(large) -
    stirlingCorrection(small + large) +
    small -
    small * Math.log(small + large) +
    (large - 0.5) * Math.log1p(-share)
  )
}

/** ln of the regularised incomplete beta function I_x(a, b); −Infinity at x = 0. The logarithm reaches where the value
 *  itself would be below the smallest double.
 *  @param x 0 to 1
 *  @param oneMinusX 1 − x, given apart because 1 − x loses digits near 1
 *  Source: DLMF 8.17.22, continued fraction by Lentz's method (Press et al. 2007, Numerical Recipes, 6.4). */
export function logIncompleteBeta(x: number, oneMinusX: number, a: number, b: number): number {
  if (x <= 0) return -Infinity
  if (oneMinusX <= 0) return 0
  // The fraction converges fast only left of the mean; the right side is one minus the mirror image.
  if (x > (a + 1) / (a + b + 2)) return Math.log1p(-Math.exp(logIncompleteBeta(oneMinusX, x, b, a)))
  const front = a * Math.log(x) + b * Math.log(oneMinusX) - logBeta(a, b) - Math.log(a)
  return front + Math.log(betaFraction(x, a, b))
}

/** Regularised incomplete beta function I_x(a, b), x in 0 to 1, a and b > 0. */
export function incompleteBeta(x: number, a: number, b: number): number {
  return Math.exp(logIncompleteBeta(x, 1 - x, a, b))
}

const tiny = 1e-300
const converged = 1e-16

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = awayFromZero(1 - ((a + b) * x) / (a + 1))
  d = 1 / d
  let value = d
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const step = d * c
    value *= step
    if (Math.abs(step - 1) <= converged) break
  }
  return value
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value
}

/** Regularised incomplete gamma functions for a > 0, x ≥ 0: `lower` P(a, x), `upper` Q(a, x) = 1 − P, each computed
 *  where it is small, so that neither loses digits in its tail.
 *  Source: DLMF 8.7.1 (series) and 8.9.2 (continued fraction); Press et al. (2007), Numerical Recipes, 6.2. */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 }
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; Math.abs(term) > Math.abs(sum) * converged; n++) {
      term *= x / (a + n)
      sum += term
    }
    const lower = Math.min(1, front * sum)
    return { lower, upper: 1 - lower }
  }
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let value = d
  for (let i = 1; i <= 100_000; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / awayFromZero(an * d + b)
    c = awayFromZero(b + an / c)
    const step = d * c
    value *= step
    if (Math.abs(step - 1) <= converged) break
  }
  const upper = Math.min(1, front * value)
  return { lower: 1 - upper, upper }
}
