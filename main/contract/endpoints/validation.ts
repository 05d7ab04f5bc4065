import { z } from 'zod'
import { ChartFilter } from '../chart-filter.ts'
import type { FilterPart } from '../chart-filter.ts'
import type { Day } from '../day.ts'
import type { Kind } from '../block.ts'
import { endpoint, json } from '../endpoint.ts'
import type { Scores } from '../score.ts'

/** One reference a run's maps were held against. */
export interface ValidationSummary {
  readonly name: string
  /** False: the reference is itself modelled, say "consistency". */
  readonly measured: boolean
  readonly from: 'stations' | 'raster'
  /** Station set, or the field's methods sentence. */
  readonly reference: string
  readonly unit: string
  /** Depth intervals in metres of the reference and of the product; null where not said. */
  readonly depth: readonly [number, number] | null
  readonly targetDepth: readonly [number, number] | null
  readonly pairs: number
  readonly firstDay: Day | null
  readonly lastDay: Day | null
  readonly hasCoarse: boolean
  /** Places of stations; empty for a raster. */
  readonly crs: string | null
  readonly stations: readonly ValidatedStation[]
  /** What pairs can be grouped and filtered by besides: the run's predictors; none for a raster, whose pairs carry no cell. */
  readonly predictors: readonly { readonly name: string; readonly unit: string; readonly kind: Kind }[]
}

export interface ValidatedStation {
  readonly id: string
  readonly name: string
  readonly x: number | null
  readonly y: number | null
  /** Scores of the fine map there; null without a pair. */
  readonly scores: Scores | null
}

export const subjects = ['fine', 'coarse', 'smoothed'] as const
/** What is held against the reference: the fine map, the coarse product's plain value, the coarse product between centres. */
export type Subject = (typeof subjects)[number]

/** Pairs counted in square bins of predicted against observed. */
export interface PairDensity {
  readonly n: number
  /** Both axes go from `low` to `high` in `size` bins. */
  readonly low: number
  readonly high: number
  readonly size: number
  /** size × size, row-major; row is the predicted bin from below, column the observed one. */
  readonly counts: readonly number[]
  /** The same bins before the filter; `counts` itself where nothing is filtered. */
  readonly all: readonly number[]
}

export interface ErrorBox extends ErrorSpread {
  readonly by: 'station' | 'month' | 'season'
  readonly id: string
  readonly name: string
}

/** Errors (predicted − observed) of a group of pairs as a box: quartiles, and whiskers at the last error within 1.5
 *  interquartile ranges. */
export interface ErrorSpread {
  readonly n: number
  readonly low: number
  readonly q1: number
  readonly median: number
  readonly q3: number
  readonly high: number
  readonly bias: number
  readonly rmse: number
}

/** Errors of the pairs where a predictor lies from `from` to `to`, both included; of one class they are the same. */
export interface PredictorBox extends ErrorSpread {
  readonly from: number
  readonly to: number
}

/** Errors by what a predictor is in the fine cell and on the day of each pair. */
export interface ErrorsByPredictor {
  readonly predictor: string
  readonly unit: string
  /** `categorical`: a box a class; `circular`: quarters of the compass; else thirds of all pairs before the filter. */
  readonly kind: Kind
  readonly boxes: readonly PredictorBox[]
  /** Pairs that pass the filter. */
  readonly n: number
  /** Those of them where the predictor has no value. */
  readonly without: number
}

export interface PairPoint {
  readonly observed: number
  readonly predicted: number
  readonly day: Day
  /** Null for a cell of a raster reference. */
  readonly station: string | null
}

export interface ValidationPairs {
  readonly subject: Subject
  readonly unit: string
  readonly measured: boolean
  /** Of the pairs that pass the filter. */
  readonly scores: Scores
  /** Of the pairs that pass the filter and that all subjects have, as the run's own scores are. */
  readonly subjects: readonly { readonly subject: Subject; readonly scores: Scores }[]
  /** Pairs before the filter. */
  readonly of: number
  readonly ignored: readonly FilterPart[]
  readonly boxes: readonly ErrorBox[]
  /** RMSE of the pairs that pass, by calendar month, ascending, of pairs that all subjects have; coarse is null where nothing is coarse. */
  readonly months: readonly {
    readonly month: string
    readonly n: number
    readonly fine: number
    readonly coarse: number | null
  }[]
  readonly density: PairDensity
  /** The pairs that pass when they are at most 5 000; beyond that null, and the density is drawn. */
  readonly points: readonly PairPoint[] | null
  /** Residuals (observed − predicted) counted in equal bins from `low` to `high`. */
  readonly residuals: {
    readonly low: number
    readonly high: number
    readonly counts: readonly number[]
    /** The same bins before the filter. */
    readonly all: readonly number[]
  }
}

/** Values of one station on every day of the run's maps; null is a gap. */
export interface StationComparison {
  readonly station: string
  readonly unit: string
  readonly days: readonly Day[]
  readonly observed: readonly (number | null)[]
  readonly fine: readonly (number | null)[]
  readonly coarse: readonly (number | null)[]
}

const errors = ['no_project', 'unknown_name', 'incomplete'] as const
/** Of rasters, which are read where pairs are asked for what a predictor is there. */
const reading = [...errors, 'source_missing', 'input_changed', 'bad_raster', 'native_crash'] as const

export const validationEndpoints = {
  listValidations: endpoint('GET /runs/:run/validations', { reply: json<ValidationSummary[]>(), errors }),
  /** Pairs of one reference, all or those of a station, that pass the filter of the charts. Columns of its ranges: `observed`,
   *  `predicted` and `residual` (observed − predicted) of the subject, and the run's predictors in the stations' fine cells. */
  validationPairs: endpoint('POST /runs/:run/validations/:validation/pairs', {
    body: z.strictObject({
      subject: z.enum(subjects).default('fine'),
      station: z.string().optional(),
      filter: ChartFilter.prefault({}),
    }),
    reply: json<ValidationPairs>(),
    errors: reading,
  }),
  /** Errors of the pairs that pass the filter, by a predictor of the run. */
  errorsByPredictor: endpoint('POST /runs/:run/validations/:validation/groups', {
    body: z.strictObject({
      subject: z.enum(subjects).default('fine'),
      predictor: z.string().min(1),
      filter: ChartFilter.prefault({}),
    }),
    reply: json<ErrorsByPredictor>(),
    errors: reading,
  }),
  stationComparison: endpoint('GET /runs/:run/validations/:validation/stations/:station', {
    reply: json<StationComparison>(),
    errors,
  }),
}
