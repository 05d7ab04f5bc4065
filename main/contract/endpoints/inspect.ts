import { z } from 'zod'
import type { Reason } from '../block.ts'
import { Day } from '../day.ts'
import { endpoint, json } from '../endpoint.ts'

/** What one layer has at a place on a day. */
export interface InspectedLayer {
  readonly layer: string
  readonly name: string
  readonly quantity: string
  readonly unit: string
  readonly value: number | null
  /** Null where there is a value; `outside_applicability` may come with one. */
  readonly reason: Reason | null
  /** The reason in words, for a person. */
  readonly reasonText: string
  /** Cell of the layer's grid, counted from 0 from the upper left; null outside it. */
  readonly cell: { readonly row: number; readonly col: number } | null
  readonly lineage: string
  readonly fault: { readonly code: string; readonly message: string } | null
}

/** A value a model looked at. */
export interface InspectedPredictor {
  readonly name: string
  readonly unit: string
  readonly value: number | null
  readonly reason: Reason | null
  readonly reasonText: string
  /** Smallest and largest value in the training rows; null when not known. */
  readonly trainingRange: readonly [number, number] | null
  /** Days between the day and the nearest observation the value was filled from, 0 when observed on the day itself; null when
   *  the predictor is not a fill in time, or has no value. */
  readonly ageDays: number | null
  /** Share of the model's importance, 0–1; null when not known. */
  readonly importance: number | null
  readonly lineage: string
}

/** How unlike the training data a cell is. Meyer & Pebesma (2021), Methods in Ecology and Evolution 12, 1620–1633. */
export interface Dissimilarity {
  readonly index: number
  /** Above it the model is outside its area of applicability. */
  readonly threshold: number
  readonly isInside: boolean
  /** Training rows the index is measured against, and of how many they were drawn. */
  readonly rows: number
  readonly rowsOf: number
}

/** What a model says at a place, and what it says it from. */
export interface InspectedModel {
  readonly of: { readonly run: string } | { readonly preview: string }
  readonly unit: string
  readonly prediction: number | null
  readonly reason: Reason | null
  readonly reasonText: string
  /** Narrowest and widest published quantile with their levels; null when the model has none. */
  readonly interval: {
    readonly low: number
    readonly high: number
    readonly levels: readonly [number, number]
  } | null
  /** The coarse product there, its depth interval in metres, and the cell's area mean of the prediction minus it where the
   *  target is a raster (`closure`): how far the fine map is from adding up to the coarse one. */
  readonly coarse: {
    readonly value: number | null
    readonly reason: Reason | null
    readonly unit: string
    readonly depth: readonly [number, number] | null
    readonly cell: { readonly row: number; readonly col: number } | null
    readonly closure: number | null
  } | null
  readonly dissimilarity: Dissimilarity | null
  readonly predictors: readonly InspectedPredictor[]
  readonly fault: { readonly code: string; readonly message: string } | null
}

export interface Inspection {
  readonly x: number
  readonly y: number
  readonly crs: string
  readonly day: Day | 'static'
  readonly layers: readonly InspectedLayer[]
  readonly models: readonly InspectedModel[]
}

/** Values of one cell, one per day asked for; null is a gap. */
export interface CellSeries {
  /** The layer id; `coarse:<run>` and `observed:<station set>` for what was asked with `runs` and `stations`. */
  readonly id: string
  readonly name: string
  readonly unit: string
  readonly values: readonly (number | null)[]
  /** Reason of each gap; null where there is a value. */
  readonly reasons: readonly (Reason | null)[]
  readonly fault: { readonly code: string; readonly message: string } | null
}

export interface PreviewAnswer {
  /** Content hash of everything that decides its numbers; use it as `{of: 'preview', preview: id}`. */
  readonly id: string
  readonly type: string
  /** Rows it was trained on, of the rows the recipe has; `rowsOf` is a count of candidates: places × dates with a target. */
  readonly rows: number
  readonly rowsOf: number
  readonly days: number
  readonly daysOf: number
  /** Candidate rows that were looked at and left out, by first lack: `NDVI:masked`. */
  readonly excluded: Readonly<Record<string, number>>
  readonly outOfBag: { readonly n: number; readonly rmse: number | null; readonly rSquared: number | null }
  readonly unit: string
  readonly predictors: readonly {
    readonly name: string
    readonly unit: string
    readonly range: readonly [number, number]
    /** Share of the fall in variance, 0–1. */
    readonly importance: number | null
  }[]
  /** Null when there is no interval: only a forest has one. Levels of the quantiles whose distance the layer `interval` shows. */
  readonly intervalLevels: readonly [number, number] | null
  /** Dissimilarity above which a cell is outside the area of applicability; null when it cannot be told. */
  readonly applicabilityThreshold: number | null
  readonly secondsReading: number
  readonly secondsTraining: number
  /** What to know: `Preview · 2 000 of 17 564 rows · not saved`. */
  readonly sentence: string
  readonly warnings: readonly string[]
}

const place = {
  x: z.number(),
  y: z.number(),
  /** CRS of x and y. */
  crs: z.string(),
}

const reading = ['unknown_name', 'unsupported_grid', 'native_crash'] as const

export const inspectEndpoints = {
  /** Everything that is known of one place on one day. A layer that cannot be read answers with its fault, the others with
   *  their values. */
  inspect: endpoint('POST /inspect', {
    body: z.strictObject({
      ...place,
      day: z.union([z.literal('static'), Day]),
      /** Layer ids of POST /layers. For a product or preview among them, its model is told as well. */
      layers: z.array(z.string()).max(64).default([]),
    }),
    reply: json<Inspection>(),
    errors: [...reading],
  }),
  /** Values of one cell on many days. Ask for a few days first, then for the rest: each answer is one batch, and an aborted
   *  request stops reading. */
  cellSeries: endpoint('POST /cell-series', {
    body: z.strictObject({
      ...place,
      days: z.array(Day).min(1).max(400),
      layers: z.array(z.string()).max(16).default([]),
      /** Runs whose coarse product at that place is wanted. */
      runs: z.array(z.string()).max(4).default([]),
      /** Nearest station of these sets within `within` metres, as observed. */
      stations: z
        .array(
          z.strictObject({
            set: z.string(),
            variable: z.string(),
            depth: z.tuple([z.number(), z.number()]).optional(),
            within: z.number().positive().default(1000),
          }),
        )
        .max(8)
        .default([]),
    }),
    reply: json<{ readonly days: readonly Day[]; readonly series: readonly CellSeries[] }>(),
    errors: [...reading],
  }),
  /** Trains a model on a bounded sample of a recipe's rows. A new preview stops one that is under way, which then answers
   *  `cancelled`. Nothing is saved. */
  preview: endpoint('POST /previews', {
    body: z.strictObject({
      /** A whole recipe; checked as a run's would be. */
      recipe: z.record(z.string(), z.json()),
      /** Most rows trained on. */
      rows: z.int().min(50).max(20_000).default(2000),
    }),
    reply: json<PreviewAnswer>(),
    errors: [
      'bad_recipe',
      'unknown_name',
      'no_dates',
      'too_few_rows',
      'unit_mismatch',
      'conflicting_dates',
      'unsupported_grid',
      'source_missing',
      'input_changed',
      'bad_raster',
      'native_crash',
    ],
  }),
}
