import { Random } from '../numeric/index.ts'
import { streams } from './place.ts'
import type { Place } from './place.ts'
import type { Landscape } from './landscape.ts'
import type { Truth } from './water-balance.ts'

/** A radar pass every six days, on days −4, 2, 8, … */
export function isRadarDay(t: number): boolean {
  return (((t + 4) % 6) + 6) % 6 === 0
}

export const radarNodata = -9999
/** Looks averaged in a cell: the spread of a single cell is about 4.34 / √looks dB. */
const looks = 60

/** Backscatter in the shape of Sentinel-1 σ⁰ (VV, dB): rises with soil moisture, less so under plants; parcels differ in
 *  roughness; speckle on every cell; on every other pass the swath leaves out a wedge.
 *  @returns Float32Array[size × size], `radarNodata` outside the swath */
export function radarScene(place: Place, landscape: Landscape, truth: Truth): Float32Array {
  const { size, parcel, roughness } = landscape
  const random = new Random(place.seed, streams.radar + truth.t)
  const scene = new Float32Array(size * size)
  const pass = Math.round((truth.t + 4) / 6)
  const hasGap = pass % 2 === 1
  // Along the eastern or the western side in turn, slanted as an orbit is.
  const fromEast = pass % 4 === 1
  for (let row = 0; row < size; row++)
    for (let col = 0; col < size; col++) {
      const i = row * size + col
      const across = (fromEast ? size - 1 - col : col) + 0.2 * row
      if (hasGap && across < 0.34 * size) {
        scene[i] = radarNodata
        continue
      }
      const cover = truth.cover[i]
      const soil = (truth.moisture[i] - 0.2) * 26 * (1 - 0.6 * cover)
      const surface = -13.2 + soil - 2.2 * cover + roughness[parcel[i]] * (1 - 0.5 * cover)
      // Speckle multiplies power by a gamma number of mean 1 (Wilson & Hilferty's cube).
      const cube = 1 - 1 / (9 * looks) + random.normal() / (3 * Math.sqrt(looks))
      scene[i] = surface + 30 * Math.log10(Math.max(0.2, cube))
    }
  return scene
}
