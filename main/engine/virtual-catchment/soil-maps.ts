import type { Grid } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import { blockMeans, coarserGrid, streams } from './place.ts'
import type { Place } from './place.ts'
import type { Landscape } from './landscape.ts'

/** Fine cells along a side of a cell of the soil maps: 250 m. */
const factor = 25
const margin = 2
export const soilNodata = -32768

export interface SoilMaps {
  readonly grid: Grid
  /** Whole numbers in the units of SoilGrids: g kg⁻¹ for clay and sand, cg cm⁻³ for bulk density. */
  readonly clay: Int16Array
  readonly sand: Int16Array
  readonly bulkDensity: Int16Array
}

/** What a soil survey would say: means over 250 m with its own error. */
export function makeSoilMaps(place: Place, landscape: Landscape): SoilMaps {
  const random = new Random(place.seed, streams.soilMap)
  const survey = (values: Float32Array, perUnit: number, deviation: number): Int16Array =>
    Int16Array.from(blockMeans(values, landscape.size, factor, margin), (mean) =>
      Math.round(perUnit * Math.max(0.01, mean + deviation * random.normal())),
    )
  return {
    grid: coarserGrid(place.fineGrid, factor, margin),
    clay: survey(landscape.clay, 1000, 0.012),
    sand: survey(landscape.sand, 1000, 0.02),
    bulkDensity: survey(landscape.bulkDensity, 100, 0.02),
  }
}
