import { z } from 'zod'
import { kinds } from './block.ts'
import type { Day } from './day.ts'
import type { ErrorCode } from './errors.ts'
import type { Grid } from './grid.ts'
import type { RasterVariable } from './dataset.ts'
import type { StationVariable } from './station.ts'

/** The part a dataset plays. A target, predictors and masks are named in the workspace; stations and the rest are what they are. */
export const sourceRoles = ['target', 'predictor', 'mask', 'stations', 'unassigned'] as const
export const SourceRole = z.enum(sourceRoles)
export type SourceRole = z.infer<typeof SourceRole>

/** What the user says of one variable against what its files say. */
export const VariableSettings = z.strictObject({
  name: z.string().min(1).optional(),
  unit: z.string().optional(),
  kind: z.enum(kinds).optional(),
  scale: z.number().optional(),
  offset: z.number().optional(),
  nodata: z.array(z.number()).optional(),
  validRange: z.tuple([z.number(), z.number()]).optional(),
})
export type VariableSettings = z.infer<typeof VariableSettings>

/** What the user says of a series of rasters. */
export const RasterSettings = z.strictObject({
  dateRule: z.string().optional(),
  /** By the name the variable is found under. */
  variables: z.record(z.string(), VariableSettings).optional(),
  /** Variables that are not wanted. */
  leaveOut: z.array(z.string()).optional(),
})
export type RasterSettings = z.infer<typeof RasterSettings>

const heading = z.string().min(1)
const depth = z.tuple([z.number().nonnegative(), z.number().nonnegative()])

/** What the user says of a table of observations. */
export const StationTableSettings = z.strictObject({
  columns: z
    .strictObject({
      station: heading.optional(),
      network: heading.optional(),
      date: z.union([heading, z.array(heading).min(1)]).optional(),
      variable: heading.optional(),
      value: heading.optional(),
      values: z
        .array(
          z.strictObject({
            column: heading,
            variable: z.string().min(1).optional(),
            unit: z.string().optional(),
            depth: depth.optional(),
          }),
        )
        .min(1)
        .optional(),
      unit: heading.optional(),
      flag: heading.optional(),
      sensor: heading.optional(),
      depth: heading.optional(),
      depthTo: heading.optional(),
      x: heading.optional(),
      y: heading.optional(),
      lon: heading.optional(),
      lat: heading.optional(),
      elevation: heading.optional(),
    })
    .optional(),
  /** CRS of x and y. */
  crs: z.string().optional(),
  dateOrder: z.enum(['dayFirst', 'monthFirst']).optional(),
  /** Metres, of values whose heading does not say. */
  depth: depth.optional(),
  depthUnit: z.enum(['m', 'cm', 'mm', 'in']).optional(),
  /** Of all values, where their headings do not say. */
  unit: z.string().optional(),
  /** Of times that name no zone. */
  timeZone: z.string().optional(),
  decimalMark: z.enum(['.', ',']).optional(),
  /** Further texts that mean "no value". */
  missing: z.array(z.string()).optional(),
  station: z.string().optional(),
  placesAreStations: z.boolean().optional(),
  /** File with one row a station that says where it is; absolute. */
  stationsFile: z.string().optional(),
  duplicates: z.enum(['refuse', 'mean']).optional(),
  daily: z
    .strictObject({
      statistic: z.enum(['mean', 'sum', 'min', 'max']).optional(),
      minCount: z.int().positive().optional(),
      flags: z.array(z.string()).nullable().optional(),
    })
    .optional(),
})
export type StationTableSettings = z.infer<typeof StationTableSettings>

/** A variable of a product as Loam understood it. */
export interface SurveyedVariable extends RasterVariable {
  /** Name under which its settings are given. */
  readonly found: string
  /** Of the cells looked at; null when none was. */
  readonly sample: {
    readonly minimum: number | null
    readonly maximum: number | null
    /** Share of the cells looked at that hold a value, 0–1. */
    readonly validShare: number | null
  }
  /** What the files do not say and Loam took for granted. */
  readonly assumed: readonly ('unit' | 'kind' | 'scale')[]
  readonly doubts: readonly string[]
}

/** One product among what was dropped: rasters that belong together, or stations. */
export interface SurveyedProduct {
  readonly id: string
  readonly kind: 'raster' | 'stations' | 'station list'
  /** File name with `…` where files differ. */
  readonly title: string
  readonly folder: string
  readonly files: number
  readonly bytes: number
  /** Files looked into so far. */
  readonly looked: number
  /** Suggested name of the dataset. */
  readonly name: string
  readonly role: SourceRole
  /** Why it cannot be added as it is; null when it can. */
  readonly refusal: { readonly code: ErrorCode; readonly message: string; readonly question: string | null } | null
  readonly notes: readonly string[]
  readonly doubts: readonly string[]
  readonly raster: {
    readonly grid: Grid
    readonly crsName: string
    /** `10 m × 10 m`. */
    readonly cellText: string
    readonly variables: readonly SurveyedVariable[]
    readonly dateRule: string
    /** Three names with the dates read from them. */
    readonly examples: readonly { readonly text: string; readonly day: Day }[]
    /** Sorted, unique; empty when static. */
    readonly days: readonly Day[]
    /** Days absent at the usual step; null when there is no usual step. */
    readonly missing: readonly Day[]
    /** Days that come more than once; the first stays. */
    readonly duplicated: readonly Day[]
    readonly settings: RasterSettings
  } | null
  readonly stations: {
    readonly format: 'table' | 'station list' | 'ISMN'
    readonly encoding: string | null
    readonly separator: string | null
    readonly decimalMark: '.' | ',' | null
    readonly rows: number | null
    readonly stations: readonly string[]
    readonly crs: string
    readonly variables: readonly StationVariable[]
    readonly period: { readonly from: string; readonly to: string } | null
    readonly observations: number
    readonly missing: number
    readonly flags: Readonly<Record<string, number>>
    readonly timeZone: string
    readonly settings: StationTableSettings
  } | null
}

/** A file that makes no dataset, and why. */
export interface RefusedFile {
  readonly path: string
  readonly code: ErrorCode
  readonly message: string
}

/** What was dropped, as far as it was looked into. */
export interface Survey {
  readonly id: string
  readonly state: 'looking' | 'done' | 'failed' | 'cancelled'
  readonly task: string
  readonly files: number
  readonly looked: number
  readonly products: readonly SurveyedProduct[]
  readonly refused: readonly RefusedFile[]
}

/** First rows of a table, and what its columns look like. */
export interface TablePreview {
  readonly encoding: string
  readonly separator: string
  readonly decimalMark: '.' | ','
  readonly rows: number
  readonly columns: readonly {
    readonly heading: string
    readonly filled: number
    readonly missing: number
    readonly isDate: boolean
    readonly isNumber: boolean
    /** What Loam takes it for; null for a column that is left out. */
    readonly role: string | null
  }[]
  readonly first: readonly (readonly string[])[]
}
