import { LoamError } from '../../contract/index.ts'
import { pearson } from '../numeric/index.ts'
import { driftResiduals } from './drift-residuals.ts'
import { empiricalVariogram } from './empirical-variogram.ts'
import type { EmpiricalOptions } from './empirical-variogram.ts'
import { fitVariogram } from './fit-variogram.ts'
import type { FittedVariogram, PartToFit } from './fit-variogram.ts'
import { solveKriging } from './kriging.ts'
import type { KrigingOptions, LeaveOneOut } from './kriging.ts'
import type { PointValues } from './points.ts'
import type { VariogramModel } from './variogram-model.ts'

export interface LeaveOneOutScores extends LeaveOneOut {
  /** Stations that the others can predict. */
  readonly n: number
  readonly rmse: number
  /** mean(predicted − observed). */
  readonly bias: number
  readonly pearsonR: number
  /** Mean of residual² / variance: 1 when the kriging variance is as large as the errors are. */
  readonly meanSquaredZ: number
}

/** Leaves out every station in turn and predicts it from all the others, or with `neighbours` from its nearest, with the same
 *  variogram.
 *  @throws as solveKriging; bad_input for blocks */
export async function leaveOneOut(
  points: PointValues,
  model: VariogramModel,
  options: Omit<KrigingOptions, 'variance'> = {},
): Promise<LeaveOneOutScores> {
  if (options.block)
    throw new LoamError('bad_input', 'Leaving stations out predicts points, not blocks. Leave the block out.')
  const { leaveOneOut: found } = await solveKriging(points, model, { ...options, variance: true })
  if (!found) throw new LoamError('internal', 'Kriging with variance came without the stations left out.')
  const told = [...found.prediction.keys()].filter((i) => Number.isFinite(found.prediction[i]))
  const observed = Float64Array.from(told, (i) => points.values[i])
  const predicted = Float64Array.from(told, (i) => found.prediction[i])
  const mean = (of: (i: number, k: number) => number): number =>
    told.reduce((sum, i, k) => sum + of(i, k), 0) / told.length
  const difference = (_: number, k: number): number => predicted[k] - observed[k]
  return {
    ...found,
    n: told.length,
    rmse: Math.sqrt(mean((i, k) => difference(i, k) ** 2)),
    bias: mean(difference),
    pearsonR: pearson(predicted, observed),
    meanSquaredZ: mean((i, k) => difference(i, k) ** 2 / found.variance[i]),
  }
}

export interface ChosenVariogram extends FittedVariogram {
  readonly scores: LeaveOneOutScores
}

/** The models that `auto` tries: a nugget with each of these. */
export const candidateParts: readonly PartToFit[] = [
  { shape: 'sph' },
  { shape: 'exp' },
  { shape: 'gau' },
  { shape: 'mat', smoothness: 1.5 },
]

/** Fits each candidate, each with a nugget, and ranks them by the RMSE of leaving stations out, best first. With drift the
 *  variogram is that of what the drift leaves. One that cannot be
 *  fitted or solved is left out of the ranking.
 *  @throws too_few_rows, bad_input when none is left */
export async function chooseVariogram(
  points: PointValues,
  options: EmpiricalOptions &
    Pick<KrigingOptions, 'drift' | 'neighbours' | 'mean' | 'threads' | 'signal' | 'memoryBytes'> = {},
  candidates: readonly PartToFit[] = candidateParts,
): Promise<ChosenVariogram[]> {
  const { drift = [] } = options
  const values = drift.length === 0 ? points.values : driftResiduals(points.values, drift)
  const empirical = empiricalVariogram({ ...points, values }, options)
  const ranked: ChosenVariogram[] = []
  let fault: unknown
  for (const part of candidates) {
    try {
      const fitted = fitVariogram(empirical, [{ shape: 'nug' }, part])
      ranked.push({ ...fitted, scores: await leaveOneOut(points, fitted.model, options) })
    } catch (thrown) {
      const isOfCandidate =
        thrown instanceof LoamError && (thrown.code === 'bad_input' || thrown.code === 'too_few_rows')
      if (!isOfCandidate) throw thrown
      fault = thrown
    }
  }
  if (ranked.length === 0) throw fault
  return ranked.sort((a, b) => a.scores.rmse - b.scores.rmse)
}
