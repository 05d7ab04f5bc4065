import { availableParallelism } from 'node:os'
import { LoamError } from '../../contract/index.ts'
import { krigeAreas } from '../../native/index.ts'
import type { AreaMeans, AreaTargets } from '../../native/index.ts'
import { modelNumbers, withLoamErrors } from './kernel-calls.ts'
import { checkVariogram } from './variogram-model.ts'
import type { VariogramModel } from './variogram-model.ts'

export type { AreaMeans, AreaTargets } from '../../native/index.ts'

export interface AreaKrigingOptions {
  /** Nearest areas of each group of targets, its own always among them; without it all areas for all targets. */
  readonly neighbours?: number
  /** Default true with neighbours: a group's own area is the mean of its targets, whose predictions then average to its value. */
  readonly ownIsItsTargets?: boolean
  /** Coordinates are degrees; lengths are metres around each group. */
  readonly isGeographic?: boolean
  /** Default true. */
  readonly variance?: boolean
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

export interface AreaKrigingResult {
  /** Target units. Float64Array[targets] */
  readonly prediction: Float64Array
  /** Kriging variance, target units squared; null unless asked for. */
  readonly variance: Float64Array | null
}

/** Systems of more areas would take seconds each, and one is solved for every coarse cell. */
export const mostNeighbours = 200

/** Ordinary kriging from means over areas: to points, or with `targets.starts` to areas. Targets come in groups that share one
 *  neighbourhood; it always holds the area the group lies in, so that predictions over that area average to its value.
 *  @param model of points, see deconvolveVariogram; its nugget has no share, as means over areas do not see it
 *  @throws bad_input, too_few_rows, too_large, cancelled
 *  Source: Kyriakidis (2004), Geographical Analysis 36, 259–289. */
export async function areaToPoint(
  areas: AreaMeans,
  model: VariogramModel,
  targets: AreaTargets,
  options: AreaKrigingOptions = {},
): Promise<AreaKrigingResult> {
  checkVariogram(model)
  const { neighbours = 0, isGeographic = false, variance = true, threads = availableParallelism() } = options
  const { ownIsItsTargets = neighbours > 0, signal, onProgress } = options
  if (neighbours > mostNeighbours)
    throw new LoamError(
      'too_large',
      `Kriging each coarse cell from ${neighbours} neighbours was asked for; at most ${mostNeighbours} are taken. 25 are usual.`,
      { neighbours, mostNeighbours },
    )
  const count = targets.groupStarts.at(-1) ?? 0
  const prediction = new Float64Array(count)
  const spread = variance ? new Float64Array(count) : null
  const settings = { neighbours, ownIsItsTargets, isGeographic, threads, signal, onProgress }
  await withLoamErrors(() => krigeAreas(areas, modelNumbers(model), targets, prediction, spread, settings))
  return { prediction, variance: spread }
}
