import { z } from 'zod'
import { Day } from './day.ts'
import { Grid } from './grid.ts'
import { kinds } from './block.ts'

/** One file as it was when it was added. `sha256` is over the whole file. */
export const SourceFile = z.strictObject({
  /** Relative to the project's folder inside a project file (`/` between parts, `..` allowed); absolute once opened. */
  path: z.string().min(1),
  bytes: z.number(),
  modifiedMs: z.number(),
  sha256: z.string().length(64),
})
export type SourceFile = z.infer<typeof SourceFile>

/** One quantity of a raster dataset and how its stored numbers become values: value = stored × scale + offset. */
export const RasterVariable = z.strictObject({
  name: z.string().min(1),
  /** UCUM-like text as shown to the user: `m3 m-3`, `dB`, `K`, `1`. Empty when the file does not say. */
  unit: z.string(),
  kind: z.enum(kinds),
  scale: z.number(),
  offset: z.number(),
  /** Stored values that mean "no value". NaN always means that. */
  nodata: z.array(z.number()),
  /** Values (after scale and offset) outside are refused as `out_of_range`. */
  validRange: z.tuple([z.number(), z.number()]).nullable(),
  description: z.string(),
})
export type RasterVariable = z.infer<typeof RasterVariable>

/** Where one variable lies on one date. `day` is null for a dataset without dates (terrain, soil). */
export const Scene = z.strictObject({
  variable: z.int().nonnegative(),
  day: Day.nullable(),
  file: z.int().nonnegative(),
  /** Name of the sub-dataset inside the file (NetCDF variable, HDF path); empty when the file is the raster. */
  subdataset: z.string(),
  /** 1-based. */
  band: z.int().positive(),
})
export type Scene = z.infer<typeof Scene>

/** Rasters of one product on one grid: static, or one scene a date. */
export const RasterDataset = z.strictObject({
  name: z.string().min(1),
  grid: Grid,
  variables: z.array(RasterVariable).min(1),
  files: z.array(SourceFile).min(1),
  scenes: z.array(Scene).min(1),
  /** How dates were found, in words: "YYYYDDD in the file name", "NetCDF time axis, days since 1970-01-01". */
  dateRule: z.string(),
  /** Doubts and repairs to show the user: duplicated dates, assumed units, half-cell shifts. */
  notes: z.array(z.string()),
})
export type RasterDataset = z.infer<typeof RasterDataset>
