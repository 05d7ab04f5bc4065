import { addDays } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'

/** Where and when the virtual catchment lies. The frame is a real one (UTM 32 N, early summer); nothing in it is. */
export interface Place {
  /** 10 m cells, `size` × `size`. */
  readonly fineGrid: Grid
  /** First day of the maps and how many follow; weather and satellites begin earlier and end later. */
  readonly firstDay: Day
  readonly days: number
  readonly seed: number
}

export const placeCrs = 'EPSG:32632'
export const fineCellSize = 10
/** Fine cells along a side of a cell of the coarse product: 1 km. */
export const scaleFactor = 100
const west = 350_000
const north = 5_800_000

export function makePlace(options: { seed: number; size: number; days: number }): Place {
  return {
    fineGrid: {
      crs: placeCrs,
      transform: [west, fineCellSize, 0, north, 0, -fineCellSize],
      rows: options.size,
      cols: options.size,
    },
    firstDay: '2018-06-01' as Day,
    days: options.days,
    seed: options.seed,
  }
}

/** Date of a day counted from the first day of the maps, negative before. */
export function dayAt(place: Place, index: number): Day {
  return addDays(place.firstDay, index)
}

/** The grid of cells `factor` times larger, with `margin` more of them on every side. */
export function coarserGrid(fine: Grid, factor: number, margin: number): Grid {
  const [x, width, , y, , height] = fine.transform
  return {
    crs: fine.crs,
    transform: [x - margin * factor * width, width * factor, 0, y - margin * factor * height, 0, height * factor],
    rows: fine.rows / factor + 2 * margin,
    cols: fine.cols / factor + 2 * margin,
  }
}

/** Means of blocks of factor × factor fine cells, the outermost repeated outwards into the margin.
 *  @returns Float64Array[rows × cols] of `coarserGrid(fine, factor, margin)` */
export function blockMeans(values: Float32Array, size: number, factor: number, margin: number): Float64Array {
  const side = size / factor
  const inner = new Float64Array(side * side)
  for (let row = 0; row < size; row++) {
    const coarseRow = Math.floor(row / factor) * side
    for (let col = 0; col < size; col++) inner[coarseRow + Math.floor(col / factor)] += values[row * size + col]
  }
  const outer = side + 2 * margin
  const means = new Float64Array(outer * outer)
  const clamp = (k: number): number => Math.min(Math.max(k - margin, 0), side - 1)
  for (let row = 0; row < outer; row++)
    for (let col = 0; col < outer; col++)
      means[row * outer + col] = inner[clamp(row) * side + clamp(col)] / (factor * factor)
  return means
}

/** Independent streams of random numbers, so that changing one product leaves the others as they are. */
export const streams = {
  relief: 1,
  soil: 2,
  parcels: 3,
  weather: 4,
  hidden: 5,
  soilMap: 6,
  coarseProduct: 7,
  stations: 8,
  wells: 9,
  /** Plus the scene's day index. */
  radar: 1000,
  optical: 2000,
  thermal: 3000,
  rainMap: 4000,
} as const
