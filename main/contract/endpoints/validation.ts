import { z } from 'zod'
import { Day } from '../day.ts'
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
  readonly scores: Scores
  readonly density: PairDensity
  /** All pairs when there are at most 5 000; beyond that null, and the density is drawn. */
  readonly points: readonly PairPoint[] | null
  /** Residuals (observed − predicted) counted in equal bins from `low` to `high`. */
  readonly residuals: { readonly low: number; readonly high: number; readonly counts: readonly number[] }
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

export const validationEndpoints = {
  listValidations: endpoint('GET /runs/:run/validations', { reply: json<ValidationSummary[]>(), errors }),
  /** Pairs of one reference, all or those of a station, of a period, of days with the reference observed. */
  validationPairs: endpoint('GET /runs/:run/validations/:validation/pairs', {
    query: z.strictObject({
      subject: z.enum(subjects).default('fine'),
      station: z.string().optional(),
      from: Day.optional(),
      to: Day.optional(),
    }),
    reply: json<ValidationPairs>(),
    errors,
  }),
  stationComparison: endpoint('GET /runs/:run/validations/:validation/stations/:station', {
    reply: json<StationComparison>(),
    errors,
  }),
}
