import type { Recipe } from '../../contract/index.ts'
import type { Plan, StationInput } from '../runs/index.ts'
import type { SampleTable } from '../samples/index.ts'

/** Work on a draft, or on what a run was made of, that reads rasters or trains models; done in a child, so that a damaged file costs
 *  one answer. */
export type DraftJob =
  | {
      readonly kind: 'rows'
      readonly plan: Omit<Plan, 'id'>
      readonly inputs: readonly StationInput[]
      /** Most rows wanted. */
      readonly rows: number
      /** False: rows of the target alone. */
      readonly withPredictors: boolean
      /** Reading of further days ends after so long. */
      readonly seconds: number
    }
  | { readonly kind: 'optimism'; readonly recipe: Recipe; readonly table: SampleTable; readonly threads: number }
  | ({ readonly kind: 'at_stations' } & StationQuestion)

/** What a predictor of a finished run is where and when the stations of one of its references have a value. */
export interface StationQuestion {
  /** Of the run. */
  readonly folder: string
  /** Index in the recipe. */
  readonly validation: number
  readonly predictor: string
}

/** One entry a station and day that has the reference's value and the predictor's. */
export interface StationValues {
  /** Index into the reference's stations. */
  readonly station: Int32Array
  /** Days since 1970-01-01. */
  readonly day: Int32Array
  readonly value: Float32Array
}

/** A bounded sample of the rows of a draft. */
export interface DraftRows {
  readonly table: SampleTable
  readonly units: readonly string[]
  readonly targetUnit: string
  readonly days: number
  readonly daysOf: number
  /** Places × dates with a target there are at most. */
  readonly rowsOf: number
  /** What the sealed test part takes out on the days that were read; null without one. */
  readonly sealed: {
    /** Sealed rows, at most as many as were asked for. */
    readonly table: SampleTable
    readonly rows: number
    /** Sealed and open ones together. */
    readonly of: number
  } | null
}

export type DraftMessage =
  | { readonly progress: { readonly doing: string; readonly done: number; readonly total: number } }
  | { readonly result: unknown }
  | { readonly fault: { readonly code: string; readonly message: string; readonly details?: Record<string, unknown> } }
