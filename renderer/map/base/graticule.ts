import type { Bounds } from '../view/camera.ts'
import type { Point, Projection } from './projection.ts'

export interface GraticuleLine {
  readonly points: readonly Point[]
  /** `6.2° E`. */
  readonly words: string
  readonly isMeridian: boolean
}

const minutes = [
  1 / 3600,
  2 / 3600,
  5 / 3600,
  10 / 3600,
  15 / 3600,
  30 / 3600,
  1 / 60,
  2 / 60,
  5 / 60,
  10 / 60,
  15 / 60,
  30 / 60,
  1,
  2,
  5,
  10,
  15,
  30,
]

/** Meridians and parallels through a view, about six each way, at round degrees, minutes or seconds. */
export function graticule(projection: Projection, view: Bounds): GraticuleLine[] {
  const seen = lonLatOf(projection, view)
  if (!seen) return []
  const { west, south, east, north } = seen
  const step = minutes.find((each) => Math.max(east - west, north - south) / each <= 7) ?? 30
  const between = (from: number, to: number) =>
    Array.from(
      { length: Math.max(0, Math.floor(to / step + 1e-9) - Math.ceil(from / step - 1e-9) + 1) },
      (_, i) => (Math.ceil(from / step - 1e-9) + i) * step,
    )
  const line = (isMeridian: boolean, at: number): GraticuleLine => {
    const points: Point[] = []
    for (let i = 0; i <= 40; i++) {
      const t = i / 40
      const xy = projection.forward(isMeridian ? [at, south + t * (north - south)] : [west + t * (east - west), at])
      if (xy) points.push(xy)
    }
    return { points, isMeridian, words: degreeWords(at, isMeridian ? 'EW' : 'NS', step) }
  }
  return [
    ...between(west, east).map((lon) => line(true, lon)),
    ...between(Math.max(south, -89), Math.min(north, 89)).map((lat) => line(false, lat)),
  ].filter(({ points }) => points.length > 1)
}

function lonLatOf(projection: Projection, { west, south, east, north }: Bounds): Bounds | null {
  const lons: number[] = []
  const lats: number[] = []
  for (let i = 0; i <= 12; i++)
    for (const xy of [
      [west + (i / 12) * (east - west), south],
      [west + (i / 12) * (east - west), north],
      [west, south + (i / 12) * (north - south)],
      [east, south + (i / 12) * (north - south)],
      [(west + east) / 2, (south + north) / 2],
    ] as const) {
      const lonLat = projection.inverse(xy)
      // Places off the edge of the world come back as something else, or not at all.
      const back = lonLat && projection.forward(lonLat)
      if (!lonLat || !back || Math.hypot(back[0] - xy[0], back[1] - xy[1]) > (east - west) / 100) continue
      lons.push(lonLat[0])
      lats.push(lonLat[1])
    }
  if (lons.length < 2) return null
  return { west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) }
}

/** `52° 07′ N`: as many parts as the step needs. */
export function degreeWords(degrees: number, [positive, negative]: string, step: number): string {
  const seconds = Math.round(Math.abs(degrees) * 3600)
  const whole = Math.floor(seconds / 3600)
  const minute = Math.floor((seconds % 3600) / 60)
  const parts = [`${whole}°`]
  if (step < 1) parts.push(`${String(minute).padStart(2, '0')}′`)
  if (step < 1 / 60) parts.push(`${String(seconds % 60).padStart(2, '0')}″`)
  const side = seconds === 0 ? '' : ` ${degrees < 0 ? negative : positive}`
  return `${parts.join(' ')}${side}`
}
