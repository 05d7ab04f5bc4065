import { LoamError } from '../../contract/index.ts'
import { pearson } from '../numeric/index.ts'
import { driftResiduals } from './drift-residuals.ts'
import { empiricalVariogram, pooledVariogram } from './empirical-variogram.ts'
import type { EmpiricalOptions, EmpiricalVariogram } from './empirical-variogram.ts'
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
  return scoresOf(found.prediction, found.variance, points.values)
}

function scoresOf(prediction: Float64Array, variance: Float64Array, values: Float64Array): LeaveOneOutScores {
  const told = [...prediction.keys()].filter((i) => Number.isFinite(prediction[i]))
  const observed = Float64Array.from(told, (i) => values[i])
  const predicted = Float64Array.from(told, (i) => prediction[i])
  const mean = (of: (i: number, k: number) => number): number =>
    told.reduce((sum, i, k) => sum + of(i, k), 0) / told.length
  const difference = (_: number, k: number): number => predicted[k] - observed[k]
  return {
    prediction,
    variance,
    n: told.length,
    rmse: Math.sqrt(mean((i, k) => difference(i, k) ** 2)),
    bias: mean(difference),
    pearsonR: pearson(predicted, observed),
    meanSquaredZ: mean((i, k) => difference(i, k) ** 2 / variance[i]),
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

/** From more stations than this each is predicted from its nearest while a model is chosen, and from still more none is chosen: pairs
 *  grow with the square. */
const mostChosenByAll = 3000
const neighboursOfChoice = 32
const mostToChooseFrom = 30_000

type ChoiceOptions = EmpiricalOptions &
  Pick<KrigingOptions, 'drift' | 'neighbours' | 'mean' | 'threads' | 'signal' | 'memoryBytes'>

/** Fits each candidate, each with a nugget, and ranks them by the RMSE of leaving stations out, best first. With drift the
 *  variogram is that of what the drift leaves. One that cannot be fitted or solved is left out of the ranking. From more than 3000
 *  stations each is predicted from its 32 nearest, unless `neighbours` says otherwise.
 *  @throws too_few_rows, bad_input when none is left; too_large beyond 30 000 stations */
export async function chooseVariogram(
  points: PointValues,
  options: ChoiceOptions = {},
  candidates: readonly PartToFit[] = candidateParts,
): Promise<ChosenVariogram[]> {
  const { drift = [] } = options
  checkNumber(points)
  const values = drift.length === 0 ? points.values : driftResiduals(points.values, drift)
  const empirical = empiricalVariogram({ ...points, values }, options)
  const scoring = { ...options, neighbours: options.neighbours ?? neighboursToChoose(points) }
  return rankCandidates(empirical, candidates, (model) => leaveOneOut(points, model, scoring))
}

/** Dates on which stations are left out to choose a pooled variogram, evenly spaced. */
const mostDates = 40

/** The same for several dates with one variogram: pairs are formed, and stations left out, within a date. A date with fewer than
 *  three points has no share in the scores.
 *  @throws as chooseVariogram */
export async function choosePooledVariogram(
  dates: readonly PointValues[],
  options: Omit<ChoiceOptions, 'drift'> = {},
  candidates: readonly PartToFit[] = candidateParts,
): Promise<ChosenVariogram[]> {
  dates.forEach(checkNumber)
  const whole = dates.filter(({ x }) => x.length > 2)
  const step = Math.ceil(whole.length / mostDates)
  const scored = whole.filter((_, i) => i % step === 0)
  return rankCandidates(pooledVariogram(dates, options), candidates, async (model) => {
    const found: LeaveOneOutScores[] = []
    for (const points of scored)
      found.push(await leaveOneOut(points, model, { neighbours: neighboursToChoose(points), ...options }))
    return scoresOf(
      joined(found.map(({ prediction }) => prediction)),
      joined(found.map(({ variance }) => variance)),
      joined(scored.map(({ values }) => values)),
    )
  })
}

async function rankCandidates(
  empirical: EmpiricalVariogram,
  candidates: readonly PartToFit[],
  score: (model: VariogramModel) => Promise<LeaveOneOutScores>,
): Promise<ChosenVariogram[]> {
  const ranked: ChosenVariogram[] = []
  let fault: unknown
  for (const part of candidates) {
    try {
      const fitted = fitVariogram(empirical, [{ shape: 'nug' }, part])
      ranked.push({ ...fitted, scores: await score(fitted.model) })
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

function neighboursToChoose({ x }: PointValues): number | undefined {
  return x.length > mostChosenByAll ? neighboursOfChoice : undefined
}

function checkNumber({ x }: PointValues): void {
  if (x.length <= mostToChooseFrom) return
  throw new LoamError(
    'too_large',
    `${x.length} stations are too many to choose a model from all their pairs; at most ${mostToChooseFrom} are. ` +
      `Fit one to a part of them with loam variogram --fit and give it with --model.`,
    { stations: x.length },
  )
}

function joined(columns: readonly Float64Array[]): Float64Array {
  return Float64Array.from(columns.flatMap((column) => [...column]))
}
