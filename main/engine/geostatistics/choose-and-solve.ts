import { chooseVariogram } from './cross-validation.ts'
import type { ChosenVariogram } from './cross-validation.ts'
import { solveKriging } from './kriging.ts'
import type { KrigingSystem } from './kriging.ts'
import { planKriging } from './plan-kriging.ts'
import type { KrigingPlan } from './plan-kriging.ts'
import type { PointValues } from './points.ts'
import type { VariogramModel } from './variogram-model.ts'

/** What is asked of kriging, whatever it is asked for. */
export interface KrigingChoice {
  /** `auto` fits the candidates and takes the one that predicts left-out stations best. */
  readonly model: VariogramModel | 'auto'
  /** Side of a square block, CRS units. */
  readonly block?: number
  /** Default all where memory and time allow, else the 32 nearest; `all` refuses instead. */
  readonly neighbours?: number | 'all'
  /** Points farther from a cell are not taken. */
  readonly maxDistance?: number
  /** Known mean: simple kriging. */
  readonly mean?: number
  /** Default true; without it one band or column, and a tenth of the time from all stations. */
  readonly variance?: boolean
  /** Bytes that solving may take; default 2 GiB. */
  readonly memoryBytes?: number
  readonly threads?: number
  readonly signal?: AbortSignal
  /** Told what it will take before it begins. */
  readonly onPlan?: (plan: KrigingPlan) => void
}

/** What came of it. */
export interface KrigingSummary {
  readonly stations: number
  readonly withoutValue: number
  readonly averaged: number
  readonly model: VariogramModel
  /** Best first; empty when the model was given. */
  readonly candidates: readonly ChosenVariogram[]
  /** Cells or places, and those that have a value. */
  readonly cells: number
  readonly validCells: number
  /** What it was estimated to take. */
  readonly plan: KrigingPlan
}

/** A system ready to predict `cells`, by the given variogram or the best of the candidates.
 *  @throws what planKriging, chooseVariogram and solveKriging throw */
export async function chooseAndSolve(
  points: PointValues,
  { drift, greatCircle, cells }: { drift: readonly Float64Array[]; greatCircle?: boolean; cells: number },
  choice: KrigingChoice,
): Promise<{ system: KrigingSystem } & Pick<KrigingSummary, 'model' | 'candidates' | 'plan'>> {
  const { block, maxDistance, mean, variance = true, memoryBytes, threads, signal } = choice
  const plan = planKriging({
    stations: points.x.length,
    cells,
    variance,
    neighbours: choice.neighbours,
    maxDistance,
    pointsPerCell: block === undefined ? 1 : 16,
    threads,
    memoryBytes,
  })
  choice.onPlan?.(plan)
  const common = { drift, mean, greatCircle, threads, signal, memoryBytes }
  const candidates = choice.model === 'auto' ? await chooseVariogram(points, common) : []
  const model = choice.model === 'auto' ? candidates[0].model : choice.model
  const system = await solveKriging(points, model, {
    ...common,
    neighbours: plan.neighbours,
    maxDistance,
    variance,
    block: block === undefined ? undefined : [block, block],
  })
  return { system, model, candidates, plan }
}
