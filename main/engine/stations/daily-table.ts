import type { Day, Station } from '../../contract/index.ts'

/** One quantity of a station set, one value a station and day. */
export interface DailyTable {
  /** Name of the station set. */
  readonly set: string
  readonly variable: string
  readonly unit: string
  /** Depth interval in metres; null for a quantity without one. */
  readonly depth: [number, number] | null
  /** CRS of the stations' x and y; empty when they have no places. */
  readonly crs: string
  readonly stations: Station[]
  /** Sorted, unique; a date is here when at least one station has a value on it. */
  readonly days: Day[]
  /** [stations × days], row-major; NaN = none. */
  readonly values: Float64Array
  /** What was decided on the way, for the user: sensors averaged, stations without an accepted value. */
  readonly notes?: string[]
}
