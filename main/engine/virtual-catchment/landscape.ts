import { Random } from '../numeric/index.ts'
import { layeredNoise, smoothNoise } from './smooth-noise.ts'
import { streams } from './place.ts'
import type { Place } from './place.ts'

/** What does not change in the month. All maps are Float32Array[size × size]. */
export interface Landscape {
  readonly size: number
  /** Clay and sand, mass share 0–1; dry bulk density, t m⁻³. */
  readonly clay: Float32Array
  readonly sand: Float32Array
  readonly bulkDensity: Float32Array
  /** Depth of the groundwater below the surface on the first day, m. */
  readonly groundwaterDepth: Float32Array
  /** Index of the parcel each cell belongs to. */
  readonly parcel: Int32Array
  readonly crops: Uint8Array
  /** Per parcel: departure of its cover from its crop's, and its radar roughness, dB. */
  readonly vigour: Float32Array
  readonly roughness: Float32Array
  /** Variation of the cover inside parcels. */
  readonly texture: Float32Array
  /** What no predictor shows: lasting departure of soil moisture, m³ m⁻³. */
  readonly hidden: Float32Array
}

export const cropNames = ['grass', 'maize', 'cereal', 'forest'] as const

const parcelSpacing = 24

export function makeLandscape(place: Place): Landscape {
  const size = place.fineGrid.rows
  const cells = size * size
  const relief = new Random(place.seed, streams.relief)
  // Valleys and ridges of 2–5 km with smaller forms on them; low ground is wet and clayey.
  const height = layeredNoise(relief, size, size, [
    [420, 1],
    [170, 0.7],
    [60, 0.3],
  ])
  const soilRandom = new Random(place.seed, streams.soil)
  const patches = layeredNoise(soilRandom, size, size, [
    [280, 0.6],
    [90, 0.8],
    [38, 0.8],
  ])
  const compaction = layeredNoise(soilRandom, size, size, [
    [200, 1],
    [70, 0.5],
  ])
  const clay = new Float32Array(cells)
  const sand = new Float32Array(cells)
  const bulkDensity = new Float32Array(cells)
  const groundwaterDepth = new Float32Array(cells)
  for (let i = 0; i < cells; i++) {
    clay[i] = 0.03 + 0.4 / (1 + Math.exp(1 - 1.2 * patches[i] + 0.6 * height[i]))
    sand[i] = Math.min(0.94, Math.max(0.1, 0.9 - 1.55 * clay[i] + 0.03 * compaction[i]))
    bulkDensity[i] = 1.42 - 0.35 * clay[i] + 0.09 * compaction[i]
    groundwaterDepth[i] = 0.25 + 2.6 / (1 + Math.exp(-1.3 * height[i] + 0.35 * patches[i]))
  }
  return {
    size,
    clay,
    sand,
    bulkDensity,
    groundwaterDepth,
    ...makeParcels(place, height),
    hidden: makeHidden(place),
  }
}

/** Parcels as Voronoi cells of a jittered lattice, about 240 m across; forest on the heights, grass in the valleys. */
function makeParcels(
  place: Place,
  height: Float32Array,
): Pick<Landscape, 'parcel' | 'crops' | 'vigour' | 'roughness' | 'texture'> {
  const size = place.fineGrid.rows
  const random = new Random(place.seed, streams.parcels)
  const side = Math.ceil(size / parcelSpacing) + 2
  const seedRow = new Float64Array(side * side)
  const seedCol = new Float64Array(side * side)
  const crops = new Uint8Array(side * side)
  const vigour = new Float32Array(side * side)
  const roughness = new Float32Array(side * side)
  for (let p = 0; p < side * side; p++) {
    seedRow[p] = (Math.floor(p / side) - 1 + 0.1 + 0.8 * random.uniform()) * parcelSpacing
    seedCol[p] = ((p % side) - 1 + 0.1 + 0.8 * random.uniform()) * parcelSpacing
    const row = Math.min(size - 1, Math.max(0, Math.round(seedRow[p])))
    const col = Math.min(size - 1, Math.max(0, Math.round(seedCol[p])))
    const inclination = height[row * size + col] + 0.8 * random.normal()
    crops[p] =
      inclination > 1.1 ? 3 : inclination < -0.5 ? 0 : random.uniform() < 0.5 ? 1 : random.uniform() < 0.6 ? 2 : 0
    vigour[p] = 0.07 * random.normal()
    roughness[p] = 0.7 * random.normal()
  }
  const parcel = new Int32Array(size * size)
  for (let row = 0; row < size; row++)
    for (let col = 0; col < size; col++) {
      const homeRow = Math.floor(row / parcelSpacing) + 1
      const homeCol = Math.floor(col / parcelSpacing) + 1
      let nearest = Infinity
      for (let r = Math.max(0, homeRow - 1); r <= Math.min(side - 1, homeRow + 1); r++)
        for (let c = Math.max(0, homeCol - 1); c <= Math.min(side - 1, homeCol + 1); c++) {
          const p = r * side + c
          const distance = (seedRow[p] - row) ** 2 + (seedCol[p] - col) ** 2
          if (distance >= nearest) continue
          nearest = distance
          parcel[row * size + col] = p
        }
    }
  const texture = layeredNoise(random, size, size, [
    [12, 1],
    [4, 0.6],
  ])
  for (let i = 0; i < texture.length; i++) texture[i] *= 0.045
  return { parcel, crops, vigour, roughness, texture }
}

function makeHidden(place: Place): Float32Array {
  const size = place.fineGrid.rows
  const random = new Random(place.seed, streams.hidden)
  const hidden = smoothNoise(random, size, size, 25)
  for (let i = 0; i < hidden.length; i++) hidden[i] = 0.01 * hidden[i] + 0.006 * random.normal()
  return hidden
}

/** Share of the ground covered by green plants on a day, per parcel. `t` counts days from the first day of the maps. */
export function coverOfParcels(landscape: Landscape, t: number): Float32Array {
  const { crops, vigour } = landscape
  return Float32Array.from(crops, (crop, p) => {
    const cover = coverCurves[crop](t, p)
    return Math.min(0.97, Math.max(0.02, cover + vigour[p]))
  })
}

const coverCurves: ((t: number, parcel: number) => number)[] = [
  // Grass grows back from a cut every five weeks, each parcel on its own day.
  (t, parcel) => 0.45 + (0.35 * ((((t + 7 * (parcel % 5)) % 35) + 35) % 35)) / 35,
  (t) => 0.06 + 0.75 / (1 + Math.exp(-(t - 22) / 7)),
  (t) => 0.85 - 0.55 / (1 + Math.exp(-(t - 24) / 6)),
  () => 0.82,
]
