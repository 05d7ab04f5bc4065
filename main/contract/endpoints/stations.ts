import { z } from 'zod'
import { Day } from '../day.ts'
import { endpoint, json } from '../endpoint.ts'
import type { StationSet, StationVariable } from '../station.ts'

export interface StationSetRow {
  readonly name: string
  readonly crs: string
  readonly stations: number
  readonly observations: number
  readonly variables: readonly StationVariable[]
  readonly firstDay: Day | null
  readonly lastDay: Day | null
  readonly hasPlaces: boolean
  /** Files it was read from that are not there any more; its values are in the project. */
  readonly missingFiles: number
}

export interface PlacedStation {
  readonly id: string
  readonly name: string
  /** In the asked CRS; null for a station without a place. */
  readonly x: number | null
  readonly y: number | null
  readonly elevation: number | null
  /** Observations with a value. */
  readonly n: number
  readonly missing: number
  readonly firstDay: Day | null
  readonly lastDay: Day | null
  readonly gaps: number
  readonly longestGapDays: number
}

export interface StationSetCard extends Omit<StationSet, 'stations'> {
  /** CRS of the stations' x and y here. */
  readonly mapCrs: string
  readonly stations: readonly PlacedStation[]
  /** Observations by flag; empty when there are no flags. */
  readonly flags: Readonly<Record<string, number>>
}

/** Daily values by the set's rule. */
export interface StationSeries {
  readonly set: string
  readonly station: string
  readonly variable: string
  readonly unit: string
  readonly depth: readonly [number, number] | null
  readonly days: readonly Day[]
  readonly values: readonly (number | null)[]
  readonly notes: readonly string[]
}

/** Of one variable and, where it has several, one depth in metres. */
const variable = {
  variable: z.string().min(1),
  depthFrom: z.coerce.number().optional(),
  depthTo: z.coerce.number().optional(),
}

const reading = ['no_project', 'unknown_name', 'unit_mismatch', 'too_few_rows'] as const

export const stationEndpoints = {
  stationSets: endpoint('GET /stations', { reply: json<StationSetRow[]>(), errors: ['no_project'] }),
  stationSet: endpoint('GET /stations/:set', {
    query: z.strictObject({ crs: z.string().optional() }),
    reply: json<StationSetCard>(),
    errors: ['no_project', 'unknown_name', 'unsupported_grid'],
  }),
  stationSeries: endpoint('GET /stations/:set/series/:station', {
    query: z.strictObject({ ...variable, from: Day.optional(), to: Day.optional() }),
    reply: json<StationSeries>(),
    errors: [...reading],
  }),
  /** Values of all stations on a day, in the order of the set; null where there is none. */
  stationDay: endpoint('GET /stations/:set/days/:day', {
    query: z.strictObject(variable),
    reply: json<{ readonly unit: string; readonly values: readonly (number | null)[] }>(),
    errors: [...reading, 'bad_input'],
  }),
}
