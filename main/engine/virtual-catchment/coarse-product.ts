import type { Grid } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import { blockMeans, coarserGrid, scaleFactor, streams } from './place.ts'
import type { Place } from './place.ts'
import type { Truth } from './water-balance.ts'

export const coarseNodata = -9999
/** The product has no file for this day. */
export const missingDay = 12

export function makeCoarseGrid(place: Place): Grid {
  return coarserGrid(place.fineGrid, scaleFactor, 0)
}

/** The coarse soil moisture to be sharpened: mean of the truth over 1 km, a random error of 0.02 m³ m⁻³, and one cell in
 *  fifty without a value.
 *  @returns Float32Array[rows × cols] of `makeCoarseGrid`, m³ m⁻³ */
export function coarseScene(place: Place, truth: Truth): Float32Array {
  const random = new Random(place.seed, streams.coarseProduct + 10_000 * (truth.t + 1))
  return Float32Array.from(blockMeans(truth.moisture, place.fineGrid.rows, scaleFactor, 0), (mean) => {
    const value = Math.max(0.01, mean + 0.02 * random.normal())
    return random.uniform() < 0.02 ? coarseNodata : value
  })
}
