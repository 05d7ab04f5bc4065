import { z } from 'zod'

/** A fixed place with sensors. x and y are in the set's CRS; null for a table without places (farm weather). */
export const Station = z.strictObject({
  id: z.string().min(1),
  name: z.string(),
  x: z.number().nullable(),
  y: z.number().nullable(),
  elevation: z.number().nullable(),
})
export type Station = z.infer<typeof Station>

/** What a sensor measures. `depth` is the interval it stands for, metres below the surface, [from, to]; null if none. */
export const StationVariable = z.strictObject({
  name: z.string().min(1),
  unit: z.string(),
  depth: z.tuple([z.number(), z.number()]).nullable(),
})
export type StationVariable = z.infer<typeof StationVariable>

/** Rule that turns observations into one value a day. */
export const DailyRule = z.strictObject({
  statistic: z.enum(['mean', 'sum', 'min', 'max']),
  /** Days with fewer accepted observations have no value. */
  minCount: z.int().positive(),
  /** Flags that are accepted; null accepts every flag. */
  flags: z.array(z.string()).nullable(),
  /** IANA zone or fixed offset (`+02:00`) whose midnight parts the days. */
  timeZone: z.string(),
})
export type DailyRule = z.infer<typeof DailyRule>

/** What is known of a station set besides its observations. */
export const StationSet = z.strictObject({
  name: z.string().min(1),
  crs: z.string(),
  stations: z.array(Station).min(1),
  variables: z.array(StationVariable).min(1),
  daily: DailyRule,
  /** Files it was read from, path and SHA-256, for the record. */
  sources: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
  notes: z.array(z.string()),
})
export type StationSet = z.infer<typeof StationSet>

/** Observations of a set in columns, sorted by station, variable, time.
 *  observedAtMs is UTC milliseconds since 1970; flags[i] indexes flagTexts. */
export interface Observations {
  readonly station: Int32Array
  readonly variable: Int32Array
  readonly observedAtMs: Float64Array
  readonly value: Float64Array
  readonly flag: Int32Array
  readonly flagTexts: string[]
}
