import { Random } from '../numeric/index.ts'
import { smoothNoise } from './smooth-noise.ts'
import { coarserGrid, scaleFactor, streams } from './place.ts'
import type { Place } from './place.ts'
import type { Grid } from '../../contract/index.ts'

/** Days before the first map on which the water balance begins, and after the last that satellites still pass. */
export const spinUpDays = 45
export const lastSceneDays = 6
/** Cells of rain kept around the fine grid, so that interpolation to its edge has neighbours. */
export const rainMargin = 3

export interface Weather {
  /** 1 km cells with a margin. */
  readonly rainGrid: Grid
  /** Day index (from −spinUpDays) → what fell, mm, Float32Array[rows × cols] of `rainGrid`. */
  rain(t: number): Float32Array
  /** Potential evaporation, mm a day. */
  potentialEvaporation(t: number): number
  /** Air temperature at noon and in the night, K. */
  noonTemperature(t: number): number
  nightTemperature(t: number): number
  /** How cloudy the sky is, 0–1. */
  cloudiness(t: number): number
}

/** Weather of an early summer with a wet first week, showers, and a dry end. */
export function makeWeather(place: Place): Weather {
  const random = new Random(place.seed, streams.weather)
  const rainGrid = coarserGrid(place.fineGrid, scaleFactor, rainMargin)
  const count = spinUpDays + place.days + lastSceneDays + 1
  const warmth = new Float64Array(count)
  const rain: Float32Array[] = []
  let anomaly = 0
  let isWet = false
  for (let k = 0; k < count; k++) {
    const t = k - spinUpDays
    anomaly = 0.75 * anomaly + 2.2 * random.normal()
    warmth[k] = anomaly
    isWet = random.uniform() < (isWet ? 0.55 : 0.22) * (t > place.days * 0.75 ? 0.4 : 1)
    const amount = isWet ? 2 + 9 * -Math.log(1 - random.uniform()) : 0
    // Showers are patchy: some cells get twice the mean, some nothing.
    const pattern = smoothNoise(random, rainGrid.rows, rainGrid.cols, 5)
    rain.push(pattern.map((z) => Math.max(0, Math.min(45, amount * (1 + 0.55 * z)))))
  }
  const at = (t: number): number => Math.min(count - 1, Math.max(0, t + spinUpDays))
  const isRainy = (t: number): boolean => rain[at(t)].some((mm) => mm > 1)
  const cloudNoise = Float64Array.from({ length: count }, () => random.uniform())
  return {
    rainGrid,
    rain: (t) => rain[at(t)],
    potentialEvaporation: (t) => Math.max(1, 3.6 + 0.22 * warmth[at(t)] - (isRainy(t) ? 1.5 : 0)),
    noonTemperature: (t) => 294 + warmth[at(t)] - (isRainy(t) ? 3 : 0),
    nightTemperature: (t) => 284 + 0.7 * warmth[at(t)],
    cloudiness: (t) => Math.min(1, 0.9 * cloudNoise[at(t)] ** 1.5 + (isRainy(t) ? 0.45 : 0)),
  }
}

/** Rain interpolated linearly from the 1 km cells to the fine grid, mm. */
export function rainOnFineGrid(weather: Weather, t: number, size: number): Float32Array {
  const rain = weather.rain(t)
  const { cols } = weather.rainGrid
  const fine = new Float32Array(size * size)
  if (rain.every((mm) => mm === 0)) return fine
  for (let row = 0; row < size; row++) {
    const y = (row + 0.5) / scaleFactor + rainMargin - 0.5
    const k = Math.floor(y)
    const v = y - k
    for (let col = 0; col < size; col++) {
      const x = (col + 0.5) / scaleFactor + rainMargin - 0.5
      const j = Math.floor(x)
      const u = x - j
      const i = k * cols + j
      const upper = rain[i] + u * (rain[i + 1] - rain[i])
      const lower = rain[i + cols] + u * (rain[i + cols + 1] - rain[i + cols])
      fine[row * size + col] = upper + v * (lower - upper)
    }
  }
  return fine
}
