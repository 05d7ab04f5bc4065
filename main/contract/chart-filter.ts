import { z } from 'zod'
import { Day } from './day.ts'

/** Values of one column from `low` to `high`, both included, in the column's unit. */
export const ValueRange = z.strictObject({ of: z.string().min(1), low: z.number(), high: z.number() })
export type ValueRange = z.infer<typeof ValueRange>

/** What lies inside a closed line drawn over two columns. */
export const Lasso = z.strictObject({
  x: z.string().min(1),
  y: z.string().min(1),
  ring: z
    .array(z.tuple([z.number(), z.number()]))
    .min(3)
    .max(500),
})
export type Lasso = z.infer<typeof Lasso>

/** What was brushed in charts, on the map and on the time bar. A row passes when it passes every part that is there. */
export const ChartFilter = z.strictObject({
  from: Day.optional(),
  to: Day.optional(),
  /** Months of the year, 1 to 12. */
  months: z.array(z.int().min(1).max(12)).optional(),
  /** [west, south, east, north] in `crs`. */
  area: z
    .strictObject({ crs: z.string().min(1), bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]) })
    .optional(),
  /** Ids of stations, or names of coarse cells as the training rows have them. */
  places: z.array(z.string()).max(20_000).optional(),
  ranges: z.array(ValueRange).max(60).optional(),
  lasso: Lasso.optional(),
})
export type ChartFilter = z.infer<typeof ChartFilter>

/** Parts of a filter that rows cannot be asked about: the cells of a raster reference have no station, and their pairs no
 *  predictors. */
export type FilterPart = 'area' | 'places' | 'predictors'
