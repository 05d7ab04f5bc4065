import { metresPerUnit, scaleBar } from './base/scale-bar.ts'
import type { Projection } from './base/projection.ts'
import { useMapReadings } from './readings.ts'
import { scaleOf } from './view/camera.ts'
import type { Bounds, Camera } from './view/camera.ts'
import './furniture.css'

/** Scale bar in the lower right corner. North is always up, so an arrow is only drawn where the grid's north is more than 3°
 *  off the true one. */
export function MapFurniture({
  projection,
  camera,
}: {
  readonly projection: Projection | null
  readonly camera: Camera
}) {
  const view = useMapReadings((state) => state.view)
  const metres = projection && view ? metresPerUnit(projection, view) : null
  if (!projection || !view || !metres) return null
  const bar = scaleBar(metres / scaleOf(camera))
  const turn = convergence(projection, view)
  return (
    <div className="map-furniture" data-map-control="">
      {Math.abs(turn) > 3 && (
        <svg
          className="north-arrow"
          viewBox="0 0 24 24"
          width={28}
          height={28}
          role="img"
          aria-label={`True north is ${Math.round(turn)}° clockwise from up`}
        >
          <g transform={`rotate(${turn} 12 12)`}>
            <path d="M12 2 16.500 15 12 12 7.500 15Z" />
            <text x="12" y="22">
              N
            </text>
          </g>
        </svg>
      )}
      <div className="scale-bar" role="img" aria-label={`Scale bar, ${bar.words}`} style={{ width: bar.pixels }}>
        {bar.words}
      </div>
    </div>
  )
}

/** Degrees clockwise from the map's up to true north in the middle of the view. */
export function convergence(projection: Projection, { west, south, east, north }: Bounds): number {
  const middle = [(west + east) / 2, (south + north) / 2] as const
  const lonLat = projection.inverse(middle)
  const above = lonLat && projection.forward([lonLat[0], lonLat[1] + 0.01])
  if (!above) return 0
  return (Math.atan2(above[0] - middle[0], above[1] - middle[1]) * 180) / Math.PI
}

/** A place of a projected CRS in words: `E 172 340  N 403 118`. */
export function coordinateWords([x, y]: readonly [number, number]): string {
  const grouped = (value: number) =>
    Math.round(value)
      .toString()
      .replace('-', '−')
      .replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009')
  return `E ${grouped(x)}  N ${grouped(y)}`
}
