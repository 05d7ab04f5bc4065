import { Random } from '../numeric/index.ts'
import { layeredNoise } from './smooth-noise.ts'
import { streams } from './place.ts'
import type { Place } from './place.ts'
import type { Truth } from './water-balance.ts'
import type { Weather } from './weather.ts'

/** An optical pass every five days, on days −5, 0, 5, … */
export function isOpticalDay(t: number): boolean {
  return t % 5 === 0
}

/** Reflectance is stored as a whole number, reflectance × 10 000. */
export const reflectanceScale = 1e-4
/** Classes of the scene classification, numbered as in Sentinel-2 level 2A. */
export const sceneClasses = { none: 0, shadow: 3, plants: 4, bare: 5, cloud: 9 } as const

export interface OpticalScene {
  readonly blue: Int16Array
  readonly red: Int16Array
  readonly nir: Int16Array
  readonly classes: Int16Array
}

/** Reflectances in the shape of Sentinel-2 with clouds, their shadows and a class band that names them.
 *  Under a cloud the numbers are those of the cloud: whoever forgets the mask gets a wrong map, not a hole. */
export function opticalScene(place: Place, weather: Weather, truth: Truth, size: number): OpticalScene {
  const random = new Random(place.seed, streams.optical + truth.t)
  const cells = size * size
  const blue = new Int16Array(cells)
  const red = new Int16Array(cells)
  const nir = new Int16Array(cells)
  const classes = new Int16Array(cells)
  const cloud = layeredNoise(random, size, size, [
    [130, 1],
    [45, 0.6],
    [15, 0.25],
  ])
  // Standard normal surface: the threshold that leaves about this share of it above.
  const threshold = 1.9 - 3.4 * weather.cloudiness(truth.t)
  const shadowRows = 18
  const shadowCols = -27
  const stored = (reflectance: number): number =>
    Math.max(1, Math.round((reflectance + 0.003 * random.normal()) / reflectanceScale))
  for (let row = 0; row < size; row++)
    for (let col = 0; col < size; col++) {
      const i = row * size + col
      const green = truth.cover[i]
      // Wet soil is darker.
      const soil = 1.15 - 1.1 * truth.moisture[i]
      let b = 0.085 * soil * (1 - green) + 0.022 * green
      let r = 0.155 * soil * (1 - green) + 0.03 * green
      let n = 0.235 * soil * (1 - green) + 0.46 * green
      classes[i] = green > 0.3 ? sceneClasses.plants : sceneClasses.bare
      const casterRow = row + shadowRows
      const casterCol = col + shadowCols
      if (cloud[i] > threshold) {
        const thickness = Math.min(1, 0.5 + (cloud[i] - threshold))
        b += thickness * (0.5 - b)
        r += thickness * (0.52 - r)
        n += thickness * (0.55 - n)
        classes[i] = sceneClasses.cloud
      } else if (
        casterRow < size &&
        casterCol >= 0 &&
        casterCol < size &&
        cloud[casterRow * size + casterCol] > threshold
      ) {
        b *= 0.45
        r *= 0.4
        n *= 0.4
        classes[i] = sceneClasses.shadow
      }
      blue[i] = stored(b)
      red[i] = stored(r)
      nir[i] = stored(n)
    }
  return { blue, red, nir, classes }
}
