import { logGamma } from '../numeric/index.ts'

/** One row of the table of variogram shapes: rises from 0 at h = 0 towards 1. Lags and ranges share one length unit, metres
 *  in a projected CRS. Ranges are gstat's: `exp` and `gau` reach 95 % of the sill at 3 and √3 ranges.
 *  Source: Webster & Oliver (2007), Geostatistics for Environmental Scientists, ch. 5. */
export interface VariogramShape {
  readonly title: string
  /** The number the kernel knows it by (main/native/kernel/variogram-model.hpp). */
  readonly kernelCode: number
  readonly hasRange: boolean
  /** Matérn's smoothness κ is used. */
  readonly hasSmoothness: boolean
  /** Distance, in ranges, at which γ has risen by 95 % of its partial sill; NaN where it never does. */
  effectiveRange(smoothness: number): number
  /** Semivariance over partial sill at lag h > 0. */
  rise(h: number, range: number, smoothness: number): number
}

const nugget: VariogramShape = {
  title: 'nugget',
  kernelCode: 0,
  hasRange: false,
  hasSmoothness: false,
  effectiveRange: () => 0,
  rise: () => 1,
}

const spherical: VariogramShape = {
  title: 'spherical',
  kernelCode: 1,
  hasRange: true,
  hasSmoothness: false,
  // Root of 1.5 t − 0.5 t³ = 0.95.
  effectiveRange: () => 0.8114,
  rise: (h, range) => (h >= range ? 1 : 1.5 * (h / range) - 0.5 * (h / range) ** 3),
}

const exponential: VariogramShape = {
  title: 'exponential',
  kernelCode: 2,
  hasRange: true,
  hasSmoothness: false,
  effectiveRange: () => Math.log(20),
  rise: (h, range) => 1 - Math.exp(-h / range),
}

const gaussian: VariogramShape = {
  title: 'Gaussian',
  kernelCode: 3,
  hasRange: true,
  hasSmoothness: false,
  effectiveRange: () => Math.sqrt(Math.log(20)),
  rise: (h, range) => 1 - Math.exp(-((h / range) ** 2)),
}

const matern: VariogramShape = {
  title: 'Matérn',
  kernelCode: 4,
  hasRange: true,
  hasSmoothness: true,
  effectiveRange(smoothness) {
    let [low, high] = [0, 1]
    while (matern.rise(high, 1, smoothness) < 0.95) high *= 2
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2
      if (matern.rise(middle, 1, smoothness) < 0.95) low = middle
      else high = middle
    }
    return high
  },
  rise: (h, range, smoothness) => 1 - maternCorrelation(h / range, smoothness),
}

/** Bounded: γ rises to its partial sill at the range; unbounded with range 0: γ = partial sill · h, the partial sill then being
 *  the slope. Bounded, it is a valid model on a line only; in the plane kriging with it may fail as not positive definite. */
const linear: VariogramShape = {
  title: 'linear',
  kernelCode: 5,
  hasRange: true,
  hasSmoothness: false,
  effectiveRange: () => 0.95,
  rise: (h, range) => (range === 0 ? h : Math.min(1, h / range)),
}

/** By the short names of gstat. */
export const variogramShapes = {
  nug: nugget,
  sph: spherical,
  exp: exponential,
  gau: gaussian,
  mat: matern,
  lin: linear,
} as const satisfies Record<string, VariogramShape>
export type ShapeName = keyof typeof variogramShapes

/** Matérn correlation 2^(1−κ)/Γ(κ) · t^κ · K_κ(t), 1 at t = 0. K_κ(t) = ∫₀^∞ exp(−t cosh u) cosh(κu) du by the trapezium rule,
 *  whose error falls exponentially with the step here (1e-16 at 0.2). Source: DLMF 10.32.9. */
function maternCorrelation(t: number, smoothness: number): number {
  if (t <= 0) return 1
  if (t > 700) return 0
  const step = 0.2
  let sum = 0.5 * Math.exp(-t)
  for (let u = step; ; u += step) {
    const term = 0.5 * (Math.exp(smoothness * u - t * Math.cosh(u)) + Math.exp(-smoothness * u - t * Math.cosh(u)))
    sum += term
    if (term < 1e-18 * sum && t * Math.sinh(u) > smoothness) break
  }
  const log = (1 - smoothness) * Math.LN2 - logGamma(smoothness) + smoothness * Math.log(t) + Math.log(sum * step)
  return Math.min(1, Math.exp(log))
}
