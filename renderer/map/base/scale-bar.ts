import type { Bounds } from '../view/camera.ts'
import type { Projection } from './projection.ts'
import { roundStep } from './round-steps.ts'

export interface ScaleBar {
  readonly pixels: number
  readonly words: string
  /** `1 : 42 000` at 96 dots per inch. */
  readonly ratio: number
}

const earthRadius = 6_371_008.8

/** Metres on the ground of one unit of the CRS in the middle of the view, measured across it on the sphere: projected units are
 *  not ground metres everywhere, and degrees never are. */
export function metresPerUnit(projection: Projection, { west, south, east, north }: Bounds): number | null {
  const y = (south + north) / 2
  const reach = (east - west) / 20
  const x = (west + east) / 2
  const a = projection.inverse([x - reach, y])
  const b = projection.inverse([x + reach, y])
  if (!a || !b) return null
  const radians = Math.PI / 180
  const sinLat = Math.sin(((b[1] - a[1]) * radians) / 2)
  const sinLon = Math.sin(((b[0] - a[0]) * radians) / 2)
  const half = sinLat ** 2 + Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * sinLon ** 2
  return (2 * earthRadius * Math.asin(Math.sqrt(half))) / (2 * reach)
}

/** A bar of a round length of at most `most` pixels. */
export function scaleBar(metresPerPixel: number, most = 120): ScaleBar {
  const metres = roundStep(metresPerPixel * most)
  return {
    pixels: metres / metresPerPixel,
    words: metres >= 1000 ? `${metres / 1000} km` : metres >= 1 ? `${metres} m` : `${Math.round(metres * 100)} cm`,
    ratio: (metresPerPixel * 96) / 0.0254,
  }
}
