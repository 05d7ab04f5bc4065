import type { FieldExpression, RasterDataset, StationSet } from '../../contract/index.ts'
import type { RasterReader } from '../raster/index.ts'
import type { DailyTable } from '../stations/index.ts'

/** A station set and its daily values. */
export interface StationSource {
  readonly set: StationSet
  /** Identity of the set's observations and daily rule. */
  readonly hash: string
  /** @throws unknown_name when the set has no such variable or depth */
  daily(variable: string, depth?: [number, number]): DailyTable
}

/** What the names in an expression stand for. */
export interface FieldContext {
  /** Named fields of the recipe. */
  readonly named: Readonly<Record<string, FieldExpression>>
  /** Raster datasets by name, file paths absolute. */
  readonly datasets: ReadonlyMap<string, RasterDataset>
  readonly stations: ReadonlyMap<string, StationSource>
  readonly reader: RasterReader
  /** Share of a cell's area that must be covered by valid source cells, 0–1; a series may state its own. */
  readonly minValidFraction: number
  /** CRS in which the `coordinate` form gives x and y: that of the run's fine grid. */
  readonly crs?: string
}
