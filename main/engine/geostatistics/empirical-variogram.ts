import { LoamError } from '../../contract/index.ts'
import { checkPoints, greatCircle } from './points.ts'
import type { PointValues } from './points.ts'

export interface EmpiricalOptions {
  /** Largest lag; default a third of the diagonal of the box around the points. */
  readonly cutoff?: number
  /** Width of a lag bin; default cutoff / 15. */
  readonly width?: number
  /** `matheron`: mean of squared differences; `cressie`: the robust form of Cressie & Hawkins (1980). Default `matheron`. */
  readonly estimator?: EstimatorName
  /** Only pairs within `tolerance` degrees of `angle` (clockwise from north; both ends are the same direction). */
  readonly direction?: { readonly angle: number; readonly tolerance: number }
  /** x and y are degrees of longitude and latitude; lags are great-circle metres. */
  readonly greatCircle?: boolean
}

/** A lag bin holds the pairs with width·i < h <= width·(i + 1); bins without pairs are left out. */
export interface LagBin {
  readonly pairs: number
  /** Mean distance of the pairs. */
  readonly lag: number
  /** Target units squared. */
  readonly semivariance: number
}

export interface EmpiricalVariogram {
  readonly bins: readonly LagBin[]
  readonly cutoff: number
  readonly width: number
  readonly estimator: EstimatorName
}

interface Estimator {
  /** What a pair's difference adds to its bin. */
  add(difference: number): number
  finish(sum: number, pairs: number): number
}

/** Sources: Matheron (1963); Cressie & Hawkins (1980), Mathematical Geology 12, eq. 8, with gstat's constants. */
const estimators = {
  matheron: { add: (difference) => difference * difference, finish: (sum, pairs) => sum / pairs / 2 },
  cressie: {
    add: (difference) => Math.sqrt(Math.abs(difference)),
    finish: (sum, pairs) => (0.5 * (sum / pairs) ** 4) / (0.457 + 0.494 / pairs),
  },
} as const satisfies Record<string, Estimator>
export type EstimatorName = keyof typeof estimators

/** The sample variogram. Pairs at one place are left out: they tell of the nugget, not of a lag.
 *  @throws too_few_rows below 3 points; bad_input for a cutoff, width or tolerance that is not positive, or more than 100 000 bins */
export function empiricalVariogram(points: PointValues, options: EmpiricalOptions = {}): EmpiricalVariogram {
  checkPoints(points, 3)
  return pooledVariogram([points], options)
}

/** The sample variogram of several dates together: pairs are formed within a date only, so that what changes from one date to the
 *  next is no part of it. The default cutoff is that of all places.
 *  @throws as empiricalVariogram; too_few_rows when no date has two points
 *  Source: Gräler, Pebesma & Heuvelink (2016), The R Journal 8, whose pure spatial kriging treats the dates as repetitions. */
export function pooledVariogram(dates: readonly PointValues[], options: EmpiricalOptions = {}): EmpiricalVariogram {
  for (const points of dates) checkPoints(points, 0)
  if (!dates.some(({ x }) => x.length > 1))
    throw new LoamError('too_few_rows', 'No date has two points, so there are no pairs. Give more points or dates.')
  const lags = lagsOf(dates, options)
  const { cutoff, width, estimatorName, distance } = lags
  const estimator: Estimator = estimators[estimatorName]
  const isWanted = directionTest(options.direction)
  const count = Math.ceil(cutoff / width)
  const pairs = new Float64Array(count)
  const lagSums = new Float64Array(count)
  const sums = new Float64Array(count)
  for (const { x, y, values } of dates)
    for (let i = 1; i < x.length; i++)
      for (let j = 0; j < i; j++) {
        const h = distance(x[i], y[i], x[j], y[j])
        if (h === 0 || h > cutoff || !isWanted(x[i] - x[j], y[i] - y[j])) continue
        const bin = Math.min(count, Math.max(1, Math.ceil(h / width))) - 1
        pairs[bin]++
        lagSums[bin] += h
        sums[bin] += estimator.add(values[i] - values[j])
      }
  const bins = Array.from(pairs, (n, i) => ({
    pairs: n,
    lag: lagSums[i] / n,
    semivariance: estimator.finish(sums[i], n),
  })).filter((bin) => bin.pairs > 0)
  return { bins, cutoff, width, estimator: estimatorName }
}

/** One pair of the variogram cloud: its points by index, lag, and half the squared difference of their values. */
export interface CloudPair {
  readonly from: number
  readonly to: number
  readonly lag: number
  readonly semivariance: number
}

/** The variogram cloud: every pair up to the cutoff, in the order of the points; what lies far above the rest is a point to look at.
 *  @throws as empiricalVariogram; too_large beyond `mostPairs` */
export function variogramCloud(
  points: PointValues,
  options: Omit<EmpiricalOptions, 'width' | 'estimator'> = {},
  mostPairs = 200_000,
): CloudPair[] {
  checkPoints(points, 3)
  const { cutoff, distance } = lagsOf([points], options)
  const isWanted = directionTest(options.direction)
  const { x, y, values } = points
  const cloud: CloudPair[] = []
  for (let to = 1; to < x.length; to++)
    for (let from = 0; from < to; from++) {
      const lag = distance(x[to], y[to], x[from], y[from])
      if (lag === 0 || lag > cutoff || !isWanted(x[to] - x[from], y[to] - y[from])) continue
      if (cloud.length === mostPairs)
        throw new LoamError(
          'too_large',
          `The cloud has more than ${mostPairs} pairs. Use a shorter cutoff, a direction, or fewer points.`,
          { mostPairs },
        )
      cloud.push({ from, to, lag, semivariance: (values[to] - values[from]) ** 2 / 2 })
    }
  return cloud
}

/** Largest lag, bin width and distance that the options mean for these points. */
function lagsOf(
  dates: readonly PointValues[],
  options: EmpiricalOptions,
): { cutoff: number; width: number; estimatorName: EstimatorName; distance: typeof planar } {
  const distance = options.greatCircle ? greatCircle : planar
  const cutoff = options.cutoff ?? distance(...boxOf(dates)) / 3
  const width = options.width ?? cutoff / 15
  if (!(cutoff > 0) || !(width > 0) || !Number.isFinite(cutoff / width) || cutoff / width > 100_000)
    throw new LoamError(
      'bad_input',
      `A cutoff of ${cutoff} in lags of ${width} gives no bins. Both need to be positive, the cutoff at most 100 000 widths.`,
    )
  return { cutoff, width, estimatorName: options.estimator ?? 'matheron', distance }
}

function planar(x1: number, y1: number, x2: number, y2: number): number {
  return Math.sqrt((x1 - x2) ** 2 + (y1 - y2) ** 2)
}

function boxOf(dates: readonly PointValues[]): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of dates)
    for (let i = 0; i < x.length; i++) {
      box[0] = Math.min(box[0], x[i])
      box[1] = Math.min(box[1], y[i])
      box[2] = Math.max(box[2], x[i])
      box[3] = Math.max(box[3], y[i])
    }
  return box
}

function directionTest(direction: EmpiricalOptions['direction']): (dx: number, dy: number) => boolean {
  if (!direction) return () => true
  const { angle, tolerance } = direction
  if (!Number.isFinite(angle) || !(tolerance > 0 && tolerance <= 90))
    throw new LoamError(
      'bad_input',
      `A direction of ${angle}° ± ${tolerance}° was given; the tolerance is above 0 and up to 90 degrees.`,
    )
  if (tolerance === 90) return () => true
  const [east, north] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)]
  const least = Math.cos((tolerance * Math.PI) / 180) - 1e-12
  return (dx, dy) => Math.abs(dx * east + dy * north) >= least * Math.sqrt(dx * dx + dy * dy)
}
