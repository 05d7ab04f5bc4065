import type { Bounds } from '../view/camera.ts'
import type { GraticuleLine } from './graticule.ts'
import { roundStep } from './round-steps.ts'

/** Lines of round coordinates of the map's own CRS through a view, about six along the longer side: `E 172 000`, `N 403 000`. */
export function coordinateGrid({ west, south, east, north }: Bounds): GraticuleLine[] {
  const step = roundStep(Math.max(east - west, north - south) / 5)
  const between = (from: number, to: number) =>
    Array.from({ length: Math.max(0, Math.floor(to / step) - Math.ceil(from / step) + 1) }, (_, i) =>
      // Not i × step summed up: 0.1 × 3 is not 0.3.
      Number(((Math.ceil(from / step) + i) * step).toPrecision(12)),
    )
  return [
    ...between(west, east).map((x): GraticuleLine => {
      const points = [
        [x, south],
        [x, north],
      ] as const
      return { points, isMeridian: true, words: `E ${grouped(x)}` }
    }),
    ...between(south, north).map((y): GraticuleLine => {
      const points = [
        [west, y],
        [east, y],
      ] as const
      return { points, isMeridian: false, words: `N ${grouped(y)}` }
    }),
  ]
}

function grouped(value: number): string {
  const [whole, part] = String(Math.abs(value)).split('.')
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, '\u2009')
  return `${value < 0 ? '−' : ''}${spaced}${part ? `.${part}` : ''}`
}
