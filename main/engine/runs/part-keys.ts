import { learnerOf } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { hashJson } from '../files/index.ts'
import { isTuned, modelWords, searchWords, stopsEarly } from '../models/index.ts'
import { applicabilityRows } from './area-of-run.ts'
import type { RunFields } from './run-fields.ts'
import type { Plan } from './plan.ts'

/** Raised when a change of the code changes the numbers a kind of part holds, so that old parts are computed anew. */
const methodVersion = { samples: 1, table: 1, model: 1, fold: 2, tile: 1, map: 2, pairs: 1, applicability: 1 } as const

/** As `methodVersion`, of learners whose settings are sought: the keys of the others stay what they were. */
const methodOfTuning = 2

/** One unit of a run's computation. `key` is a hash of everything its result depends on, and nothing else: no clock,
 *  host, path, order or thread count. Two parts with one key hold the same bytes, whichever run asked for them. */
export type Part =
  | { readonly kind: 'samples'; readonly key: string; readonly days: readonly Day[] }
  | { readonly kind: 'table'; readonly key: string; readonly samples: readonly string[] }
  | { readonly kind: 'model'; readonly key: string; readonly table: string }
  | {
      readonly kind: 'fold'
      readonly key: string
      readonly table: string
      readonly split: number
      readonly fold: number
    }
  | { readonly kind: 'applicability'; readonly key: string; readonly table: string; readonly model: string }
  | {
      readonly kind: 'tile'
      readonly key: string
      readonly day: Day
      readonly window: TileWindow
      readonly model: string
      /** Area of applicability; null in a run that does not map it. */
      readonly applicability: string | null
    }
  | { readonly kind: 'map'; readonly key: string; readonly day: Day; readonly tiles: readonly TilePart[] }
  | {
      readonly kind: 'pairs'
      readonly key: string
      readonly day: Day
      readonly validation: number
      readonly map: string
    }

export type TilePart = Extract<Part, { kind: 'tile' }>
export type MapPart = Extract<Part, { kind: 'map' }>
export type PartKind = Part['kind']

/** A rectangle of the fine grid. */
export interface TileWindow {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** All parts of a run, in the order they can be computed. */
export interface PartList {
  readonly samples: readonly Extract<Part, { kind: 'samples' }>[]
  readonly table: Extract<Part, { kind: 'table' }>
  readonly model: Extract<Part, { kind: 'model' }>
  readonly folds: readonly Extract<Part, { kind: 'fold' }>[]
  /** Null in a run that does not map it. */
  readonly applicability: Extract<Part, { kind: 'applicability' }> | null
  readonly maps: readonly MapPart[]
  /** How the maps were made, as sentences; written into each map. */
  readonly lineage: string
  readonly pairs: readonly Extract<Part, { kind: 'pairs' }>[]
}

const applicabilityWords =
  'Cells whose weighted, standardised predictors lie further from the nearest training row than rows of one fold lie from the training rows of that fold are marked as outside the area of applicability (Meyer & Pebesma 2021).'

/** Lists a run's parts. Pure: every process that holds the plan gets the same list. */
export function listParts(plan: Plan, fields: RunFields): PartList {
  const { recipe } = plan
  const names = fields.predictors.map((field) => field.name)
  const { weight } = fields

  const samples = sampleDays(plan).map((days) => ({
    kind: 'samples' as const,
    days,
    key: hashJson({
      part: 'samples',
      method: methodVersion.samples,
      names,
      grid: plan.trainingGrid ?? plan.fineGrid,
      target: days.map((day) => fields.targetIdOn(day)),
      predictors: days.map((day) => fields.predictors.map((field) => field.idOn(day))),
      ...(weight ? { weight: days.map((day) => weight.idOn(day)) } : {}),
      days,
    }),
  }))

  const { test } = recipe.split
  const table = {
    kind: 'table' as const,
    samples: samples.map((part) => part.key),
    key: hashJson({
      part: 'table',
      method: methodVersion.table,
      samples: samples.map((part) => part.key),
      maxRows: recipe.training.maxRows,
      seed: recipe.seed,
      ...(test ? { without: test } : {}),
    }),
  }

  const { quantity, unit, encoding, intervals } = recipe.product
  const fit = {
    method: methodVersion.model,
    table: table.key,
    learner: learnerOf(recipe),
    // The model of all rows stops early, or is tuned, by folds of the first split.
    ...(stopsEarly(recipe.learner) || isTuned(recipe.learner) ? { stopsBy: plan.splits[0] } : {}),
    ...(isTuned(recipe.learner) ? { methodOfTuning } : {}),
    seed: recipe.seed,
    quantity,
    unit,
  }
  const model = { kind: 'model' as const, table: table.key, key: hashJson({ part: 'model', ...fit }) }

  const folds = plan.splits.flatMap((split, i) =>
    Array.from({ length: plan.foldCounts[i] }, (_, fold) => ({
      kind: 'fold' as const,
      table: table.key,
      split: i,
      fold,
      key: hashJson({ part: 'fold', fold, split, methodOfFold: methodVersion.fold, ...fit }),
    })),
  )

  const applicability = recipe.product.applicability
    ? {
        kind: 'applicability' as const,
        table: table.key,
        model: model.key,
        key: hashJson({
          part: 'applicability',
          method: methodVersion.applicability,
          rows: applicabilityRows,
          model: model.key,
          split: plan.splits[0],
          seed: recipe.seed,
        }),
      }
    : null

  const lineage = [
    `${recipe.product.quantity} predicted by a ${modelWords[recipe.learner.type]} from ${names.join(', ')}.`,
    ...(isTuned(recipe.learner) ? [`Its ${searchWords(recipe.learner, names.length, 'were')}.`] : []),
    ...fields.predictors.map((field) => `${field.name}: ${field.lineage}.`),
    ...(weight ? [`Training rows are weighted by ${weight.lineage}.`] : []),
    ...(fields.residual ? [fields.residual.words] : []),
    ...(applicability ? [applicabilityWords] : []),
  ].join(' ')
  const windows = tileWindows(plan)
  const maps = plan.productDays.map((day): MapPart => {
    const inputs = fields.predictors.map((field) => field.idOn(day))
    const tiles = windows.map((window) => ({
      kind: 'tile' as const,
      day,
      window,
      model: model.key,
      applicability: applicability?.key ?? null,
      key: hashJson({
        part: 'tile',
        method: methodVersion.tile,
        model: model.key,
        grid: plan.fineGrid,
        window,
        day,
        inputs,
        ...(intervals ? { intervals } : {}),
        ...(applicability ? { applicability: applicability.key } : {}),
      }),
    }))
    return {
      kind: 'map',
      day,
      tiles,
      key: hashJson({
        part: 'map',
        method: methodVersion.map,
        tiles: tiles.map((tile) => tile.key),
        encoding,
        quantity,
        unit,
        lineage,
        ...(fields.residual ? { residual: fields.residual.idOn(day) } : {}),
      }),
    }
  })

  const pairs = recipe.validation.flatMap((spec, validation) =>
    maps.map((map) => ({
      kind: 'pairs' as const,
      day: map.day,
      validation,
      map: map.key,
      key: hashJson({
        part: 'pairs',
        method: methodVersion.pairs,
        map: map.key,
        reference: fields.referenceIdOn(validation, map.day),
        baseline: fields.baseline ? fields.baseline.idOn(map.day) : null,
        baselineGrid: fields.baselineGrid,
        maxCells: 'maxCells' in spec ? spec.maxCells : null,
        seed: recipe.seed,
        ...(test ? { test } : {}),
      }),
    })),
  )

  return { samples, table, model, folds, applicability, maps, pairs, lineage }
}

/** Days that are extracted together: one each for a raster target, a month for stations, whose rows are few. */
function sampleDays(plan: Plan): Day[][] {
  if (plan.trainingGrid) return plan.trainingDays.map((day) => [day])
  const months = new Map<string, Day[]>()
  for (const day of plan.trainingDays) {
    const month = day.slice(0, 7)
    const days = months.get(month)
    if (days) days.push(day)
    else months.set(month, [day])
  }
  return [...months.values()]
}

/** The fine grid cut into tiles, row by row. */
export function tileWindows(plan: Pick<Plan, 'fineGrid' | 'tileSize'>): TileWindow[] {
  const { fineGrid, tileSize } = plan
  const windows: TileWindow[] = []
  for (let row = 0; row < fineGrid.rows; row += tileSize)
    for (let col = 0; col < fineGrid.cols; col += tileSize)
      windows.push({
        row,
        col,
        rows: Math.min(tileSize, fineGrid.rows - row),
        cols: Math.min(tileSize, fineGrid.cols - col),
      })
  return windows
}
