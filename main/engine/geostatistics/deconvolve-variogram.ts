import { LoamError } from '../../contract/index.ts'
import type { EmpiricalVariogram } from './empirical-variogram.ts'
import { fitVariogram } from './fit-variogram.ts'
import type { FittedVariogram } from './fit-variogram.ts'
import { semivariance, sillOf, variogramPart } from './variogram-model.ts'
import type { VariogramModel } from './variogram-model.ts'
import { variogramShapes } from './variogram-shapes.ts'

/** Sides of the rectangle that a value is the mean over, in the length unit of the lags. */
export interface AreaShape {
  readonly width: number
  readonly height: number
}

export interface DeconvolvedVariogram {
  /** Of points: regularised over the areas it comes closest to the areal one. */
  readonly model: VariogramModel
  /** What was fitted to the sample variogram of the areas. */
  readonly areal: FittedVariogram
  /** Mean |regularised − areal| / areal over the lags: at the start, where the areal model is taken for points, and at the end. */
  readonly deviationAtStart: number
  readonly deviation: number
  readonly iterations: number
  readonly lags: readonly { readonly lag: number; readonly areal: number; readonly regularised: number }[]
}

/** Points along each side of an area. */
const pointsPerSide = 6
/** Directions that a lag is averaged over; two areas may lie beside each other or at a corner. */
const directions = [0, 45, 90, 135].map((angle) => (angle * Math.PI) / 180)
const mostIterations = 30
/** Ends below this share of the deviation at the start. */
const goodShare = 0.01
const shapes = ['sph', 'exp'] as const

/** The variogram of points whose means over areas have the sample variogram given, by iterative rescaling: the model is regularised,
 *  its values are scaled at each lag by how far it misses the areal model there, and fitted anew, while that brings it closer.
 *  Spherical and exponential shapes are tried; the one whose regularised form comes closer to the sample is taken. Without a
 *  nugget, which means over areas do not see. Ranges stay at or above half a side: below, the areas cannot tell them.
 *  @throws too_few_rows for fewer than two lags; bad_input for areas without extent or values that are all equal
 *  Source: Goovaerts (2008), Mathematical Geosciences 40, 101–128, section 2.3. */
export function deconvolveVariogram(empirical: EmpiricalVariogram, area: AreaShape): DeconvolvedVariogram {
  if (!(area.width > 0 && area.height > 0))
    throw new LoamError('bad_input', `Areas of ${area.width} × ${area.height} have no extent. Give their sides.`)
  const areal = shapes
    .map((shape) => fitVariogram(empirical, [{ shape }]))
    .reduce((a, b) => (b.weightedSquares < a.weightedSquares ? b : a))
  if (!(sillOf(areal.model) > 0))
    throw new LoamError('bad_input', 'The values of all areas are equal, so they have no variogram.')
  const found = shapes.map((shape) => deconvolveTo(shape, empirical, areal, area))
  const squares = found.map(({ lags }) =>
    empirical.bins.reduce((sum, bin, l) => {
      return sum + (bin.pairs / bin.lag ** 2) * (bin.semivariance - lags[l].regularised) ** 2
    }, 0),
  )
  return squares[1] < squares[0] ? found[1] : found[0]
}

function deconvolveTo(
  shape: (typeof shapes)[number],
  empirical: EmpiricalVariogram,
  areal: FittedVariogram,
  area: AreaShape,
): DeconvolvedVariogram {
  const least = Math.min(area.width, area.height) / 2
  const sill = sillOf(areal.model)
  const lags = empirical.bins.map(({ lag }) => lag)
  const wanted = lags.map((lag) => semivariance(areal.model, lag))
  const within = separations(area, 0)
  const between = lags.map((lag) => separations(area, lag))
  const regularise = (model: VariogramModel): number[] => {
    const inside = meanOver(within, model)
    return between.map((pairs) => meanOver(pairs, model) - inside)
  }
  const deviationOf = (regularised: readonly number[]): number =>
    regularised.reduce((sum, value, l) => sum + Math.abs(value - wanted[l]) / wanted[l], 0) / lags.length
  const longest = 10 * empirical.cutoff
  const fitTo = (values: readonly number[]): VariogramModel => fitOne(shape, empirical, values, least, longest)

  let best = fitTo(wanted)
  let regularised = regularise(best)
  const deviationAtStart = deviationOf(regularised)
  let deviation = deviationAtStart
  let iterations = 0
  let damping = 1
  let withoutGain = 0
  while (iterations < mostIterations && deviation > goodShare * deviationAtStart && withoutGain < 5) {
    iterations++
    const step = damping / Math.sqrt(iterations)
    const rescaled = lags.map(
      (lag, l) => semivariance(best, lag) * Math.max(0.05, 1 + ((wanted[l] - regularised[l]) / sill) * step),
    )
    const model = fitTo(rescaled)
    const trial = regularise(model)
    const off = deviationOf(trial)
    withoutGain = deviation - off > 1e-3 * deviationAtStart ? 0 : withoutGain + 1
    // Goovaerts halves the change of the weights when it made things worse.
    if (off >= deviation) damping /= 2
    else [best, regularised, deviation, damping] = [model, trial, off, 1]
  }
  return {
    model: best,
    areal,
    deviationAtStart,
    deviation,
    iterations,
    lags: lags.map((lag, l) => ({ lag, areal: wanted[l], regularised: regularised[l] })),
  }
}

/** One part by least squares with weights N/h²: the sill follows from the range, which is searched on a raster of its logarithm
 *  and then by golden section. fitVariogram does the same for any model, at a hundred times the cost. */
function fitOne(
  shape: (typeof shapes)[number],
  { bins }: EmpiricalVariogram,
  values: readonly number[],
  shortest: number,
  longest: number,
): VariogramModel {
  const { rise } = variogramShapes[shape]
  const solve = (logRange: number): { sill: number; squares: number } => {
    let [own, cross, all] = [0, 0, 0]
    bins.forEach(({ pairs, lag }, l) => {
      const weight = pairs / lag ** 2
      const risen = rise(lag, Math.exp(logRange), 0)
      own += weight * risen * risen
      cross += weight * risen * values[l]
      all += weight * values[l] ** 2
    })
    return { sill: cross / own, squares: all - cross ** 2 / own }
  }
  const [low, high] = [Math.log(shortest), Math.log(longest)]
  const step = (high - low) / 40
  let best = low
  for (let i = 1; i <= 40; i++) if (solve(low + i * step).squares < solve(best).squares) best = low + i * step
  let [from, to] = [Math.max(low, best - step), Math.min(high, best + step)]
  const golden = (Math.sqrt(5) - 1) / 2
  while (to - from > 1e-6) {
    const [left, right] = [to - golden * (to - from), from + golden * (to - from)]
    if (solve(left).squares < solve(right).squares) to = right
    else from = left
  }
  const logRange = (from + to) / 2
  return [variogramPart({ shape, partialSill: solve(logRange).sill, range: Math.exp(logRange) })]
}

/** Semivariance of means over two areas a lag apart: γ̄(v, v + h) − γ̄(v, v), h averaged over directions. */
export function regularisedSemivariance(model: VariogramModel, area: AreaShape, lag: number): number {
  return meanOver(separations(area, lag), model) - meanOver(separations(area, 0), model)
}

/** Distances between the points of two areas, with the share of the pairs that have them. */
interface Separations {
  readonly distances: Float64Array
  readonly shares: Float64Array
}

/** Two rectangles of 6 × 6 points have (6 · 6)² pairs but only 11 · 11 different separations; a lag is taken in each direction. */
function separations({ width, height }: AreaShape, lag: number): Separations {
  const distances: number[] = []
  const shares: number[] = []
  for (const angle of lag === 0 ? [0] : directions)
    for (let a = 1 - pointsPerSide; a < pointsPerSide; a++)
      for (let b = 1 - pointsPerSide; b < pointsPerSide; b++) {
        const dx = lag * Math.sin(angle) + (a * width) / pointsPerSide
        const dy = lag * Math.cos(angle) + (b * height) / pointsPerSide
        distances.push(Math.sqrt(dx * dx + dy * dy))
        shares.push((pointsPerSide - Math.abs(a)) * (pointsPerSide - Math.abs(b)))
      }
  const all = shares.reduce((sum, share) => sum + share, 0)
  return { distances: Float64Array.from(distances), shares: Float64Array.from(shares, (share) => share / all) }
}

function meanOver({ distances, shares }: Separations, model: VariogramModel): number {
  let sum = 0
  for (const { shape, partialSill, range, smoothness } of model) {
    const { rise } = variogramShapes[shape]
    for (let i = 0; i < distances.length; i++)
      if (distances[i] > 0) sum += shares[i] * partialSill * rise(distances[i], range, smoothness)
  }
  return sum
}
