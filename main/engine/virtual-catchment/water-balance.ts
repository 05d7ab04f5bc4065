import { coverOfParcels } from './landscape.ts'
import type { Landscape } from './landscape.ts'
import { rainOnFineGrid, spinUpDays } from './weather.ts'
import type { Weather } from './weather.ts'

/** The known state of one day on the fine grid. */
export interface Truth {
  /** Days from the first day of the maps. */
  readonly t: number
  /** Soil moisture of the upper 5 cm, m³ m⁻³. */
  readonly moisture: Float32Array
  /** Share of the ground covered by green plants, 0–1. */
  readonly cover: Float32Array
}

/** Depth of soil that the bucket stands for, mm. */
const bucketDepth = 110
/** Groundwater falls by this much a day, m. */
export const groundwaterDecline = 0.012

/** Soil moisture day by day from one bucket per cell: rain in; out by drainage above field capacity and by evaporation
 *  that slows as the soil dries and grows with plant cover; fed from below where groundwater is near.
 *  Starts `spinUpDays` before the first map and calls `onDay` for every day in turn up to `lastDay`. */
export async function runWaterBalance(
  landscape: Landscape,
  weather: Weather,
  lastDay: number,
  onDay: (truth: Truth) => Promise<void>,
): Promise<void> {
  const { size, clay, bulkDensity, groundwaterDepth, parcel, texture, hidden } = landscape
  const cells = size * size
  const fieldCapacity = new Float32Array(cells)
  const wiltingPoint = new Float32Array(cells)
  const porosity = new Float32Array(cells)
  const nearness = new Float32Array(cells)
  for (let i = 0; i < cells; i++) {
    fieldCapacity[i] = 0.13 + 0.6 * clay[i]
    wiltingPoint[i] = 0.03 + 0.28 * clay[i]
    porosity[i] = Math.max(0.34, 1 - bulkDensity[i] / 2.65)
    nearness[i] = Math.exp(-groundwaterDepth[i] / 0.7)
  }
  const state = Float32Array.from(fieldCapacity, (capacity) => 0.9 * capacity)
  for (let t = -spinUpDays; t <= lastDay; t++) {
    const rain = rainOnFineGrid(weather, t, size)
    const parcelCover = coverOfParcels(landscape, t)
    const evaporation = weather.potentialEvaporation(t) / bucketDepth
    const capillary = 0.3 * Math.exp((-groundwaterDecline * t) / 0.7)
    const moisture = new Float32Array(cells)
    const cover = new Float32Array(cells)
    for (let i = 0; i < cells; i++) {
      const green = Math.min(1, Math.max(0, parcelCover[parcel[i]] + texture[i]))
      const capacity = fieldCapacity[i]
      const wilting = wiltingPoint[i]
      let water = state[i] + (rain[i] * (1 - 0.15 * green)) / bucketDepth
      if (water > capacity) water = capacity + 0.45 * (water - capacity)
      const available = Math.min(1, Math.max(0, (water - wilting) / (capacity - wilting)))
      water -= evaporation * (0.25 + 1.05 * green) * available
      const wetted = 1.15 * capacity
      if (water < wetted) water += capillary * nearness[i] * (wetted - water)
      water = Math.min(porosity[i], Math.max(0.02, water))
      state[i] = water
      cover[i] = green
      moisture[i] = Math.min(porosity[i], Math.max(0.02, water + hidden[i]))
    }
    await onDay({ t, moisture, cover })
  }
}
