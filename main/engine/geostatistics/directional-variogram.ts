import { LoamError } from '../../contract/index.ts'
import type { EmpiricalOptions, EmpiricalVariogram } from './empirical-variogram.ts'
import { pooledVariogram } from './empirical-variogram.ts'
import { fitVariogram, leastSquares, notesOn, refine } from './fit-variogram.ts'
import type { FittedVariogram, PartToFit, SeparatedBin } from './fit-variogram.ts'
import type { PointValues } from './points.ts'
import { variogramPart } from './variogram-model.ts'
import type { VariogramModel } from './variogram-model.ts'

export interface DirectionalVariogram {
  /** Degrees clockwise from north, of the middle of the sector. */
  readonly angle: number
  readonly variogram: EmpiricalVariogram
}

/** Sample variograms of sectors that together cover the half circle, each pair in one of them.
 *  @throws as empiricalVariogram; bad_input along great circles, where directions change on the way */
export function directionalVariograms(
  dates: readonly PointValues[],
  options: Omit<EmpiricalOptions, 'direction'> = {},
  sectors = 8,
): DirectionalVariogram[] {
  if (options.greatCircle)
    throw new LoamError(
      'bad_input',
      'Directions have no meaning along great circles. Project the points, or leave the anisotropy out.',
    )
  const { cutoff, width } = pooledVariogram(dates, options)
  return Array.from({ length: sectors }, (_, s) => {
    const angle = (180 / sectors) * s
    const direction = { angle, tolerance: 90 / sectors }
    return { angle, variogram: pooledVariogram(dates, { ...options, cutoff, width, direction }) }
  })
}

export interface AnisotropicFit extends FittedVariogram {
  /** Weighted squares of the same parts without anisotropy, on the same lags. */
  readonly isotropicSquares: number
}

/** Angles and ratios that are tried before the best of them is refined. */
const triedAngles = Array.from({ length: 12 }, (_, i) => i * 15)
const triedRatios = [0.85, 0.65, 0.45, 0.3, 0.15]
const triedRanges = [0.6, 1, 1.6, 2.5]

/** Fits a nugget and one part with geometric anisotropy to directional sample variograms, by least squares with weights N/h²: the
 *  direction of the longest range, and the shortest over it. Sills are exact for each trial, the rest is searched.
 *  @throws bad_input for a part without a range; too_few_rows for fewer lags than parameters
 *  Source: Webster & Oliver (2007), ch. 5 (geometric anisotropy). */
export function fitAnisotropy(directional: readonly DirectionalVariogram[], part: PartToFit): AnisotropicFit {
  const bins: SeparatedBin[] = directional.flatMap(({ angle, variogram }) =>
    variogram.bins.map((bin) => ({
      ...bin,
      dx: bin.lag * Math.sin((angle * Math.PI) / 180),
      dy: bin.lag * Math.cos((angle * Math.PI) / 180),
    })),
  )
  if (bins.length < 5)
    throw new LoamError(
      'too_few_rows',
      `The directional variograms have ${bins.length} lags with pairs; 5 parameters need at least as many. Use a larger cutoff or fewer directions.`,
    )
  // All directions as one, to start from.
  const all = { ...directional[0].variogram, bins: [...bins].sort((a, b) => a.lag - b.lag) }
  const parts: PartToFit[] = [{ shape: 'nug' }, part]
  const isotropic = fitVariogram(all, parts)
  const start = isotropic.model[1].range
  const modelOf = ([logRange, angle, logRatio]: readonly number[]): VariogramModel => [
    variogramPart({ shape: 'nug', partialSill: 1 }),
    variogramPart({
      shape: part.shape,
      partialSill: 1,
      range: Math.exp(logRange),
      smoothness: part.smoothness,
      angle: ((angle % 180) + 180) % 180,
      ratio: Math.min(1, Math.exp(logRatio)),
    }),
  ]
  const [shortest, longest] = [Math.log(all.bins[0].lag / 5), Math.log(all.cutoff * 10)]
  const cost = (point: readonly number[]): number =>
    point[2] > 0 || point[2] < Math.log(0.02) || point[0] < shortest || point[0] > longest
      ? Infinity
      : leastSquares(bins, modelOf(point)).squares
  let best = [Math.log(start), 0, 0]
  let least = cost(best)
  for (const angle of triedAngles)
    for (const ratio of triedRatios)
      for (const scale of triedRanges) {
        const point = [Math.log(start * scale), angle, Math.log(ratio)]
        const found = cost(point)
        if (found < least) [best, least] = [point, found]
      }
  // In steps of equal worth: a tenth of a range, of a half circle some degrees.
  const scales = [1, 60, 1]
  const scaled = refine(
    best.map((value, i) => value / scales[i]),
    0.1,
    (point) => cost(point.map((value, i) => value * scales[i])),
  )
  const shape = modelOf(scaled.map((value, i) => value * scales[i]))
  const { sills, squares, aboutMean } = leastSquares(bins, shape)
  const model = shape.map((each, i) => ({ ...each, partialSill: sills[i] }))
  return {
    model,
    weightedSquares: squares,
    r2: 1 - squares / aboutMean,
    isotropicSquares: isotropic.weightedSquares,
    notes: notesOn(model, all),
  }
}
