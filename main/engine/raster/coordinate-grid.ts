import type { AffineTransform } from '../../contract/index.ts'
import { transformPoints } from './transform-points.ts'

/** Longitude and latitude of the cell centres of a stored raster, degrees; NaN where the file gives none.
 *  One axis each, or one pair for every cell. */
export type CellCoordinates =
  | { readonly kind: 'axes'; readonly lon: Float64Array; readonly lat: Float64Array }
  | {
      readonly kind: 'cells'
      readonly lon: Float64Array
      readonly lat: Float64Array
      readonly rows: number
      readonly cols: number
    }

export interface CoordinateGrid {
  readonly crs: string
  /** From stored column and row; may be south-up. */
  readonly transform: AffineTransform
  /** Furthest a centre lies from the even grid, in cells. */
  readonly deviation: number
}

/** CRSs in which lon/lat arrays of satellite products turn out to be even grids: degrees, EASE-Grid 2.0 and 1.0. */
const candidates = ['EPSG:4326', 'EPSG:6933', 'EPSG:3410']

/** Centres further than this from an even grid (in cells) are not one. Float32 degrees blur 9 km cells by 0.001. */
const tolerance = 0.02

/** The even grid that cell coordinates form, if they form one in degrees or on an EASE grid.
 *  @returns null when they do not: a swath, a curvilinear or a Gaussian grid */
export function gridOfCoordinates(coordinates: CellCoordinates): CoordinateGrid | null {
  for (const crs of candidates) {
    const [x, y] = coordinates.kind === 'axes' ? projectAxes(coordinates, crs) : projectCells(coordinates, crs)
    const shape =
      coordinates.kind === 'axes'
        ? { alongX: axisOf(x, x.length, 1, 1, 0), alongY: axisOf(y, y.length, 1, 1, 0) }
        : {
            alongX: axisOf(x, coordinates.cols, coordinates.rows, 1, coordinates.cols),
            alongY: axisOf(y, coordinates.rows, coordinates.cols, coordinates.cols, 1),
          }
    const { alongX, alongY } = shape
    if (!alongX || !alongY) continue
    const deviation = Math.max(alongX.deviation, alongY.deviation)
    if (deviation > tolerance) continue
    const { start: firstX, step: width } = alongX
    const { start: firstY, step: height } = alongY
    return { crs, transform: [firstX - width / 2, width, 0, firstY - height / 2, 0, height], deviation }
  }
  return null
}

interface Axis {
  readonly start: number
  readonly step: number
  readonly deviation: number
}

/** The line start + step · i through n positions, each seen `repeats` times; position i, repeat k is at
 *  i · stride + k · repeatStride. Null with fewer than two positions. */
function axisOf(values: Float64Array, n: number, repeats: number, stride: number, repeatStride: number): Axis | null {
  let first = -1
  let last = -1
  const at = new Float64Array(n).fill(NaN)
  for (let i = 0; i < n; i++)
    for (let k = 0; k < repeats; k++) {
      const value = values[i * stride + k * repeatStride]
      if (Number.isNaN(value)) continue
      if (first < 0) first = i
      last = i
      at[i] = value
      break
    }
  if (last <= first) return null
  const step = (at[last] - at[first]) / (last - first)
  const start = at[first] - step * first
  if (step === 0) return null
  let deviation = 0
  for (let i = 0; i < n; i++)
    for (let k = 0; k < repeats; k++) {
      const value = values[i * stride + k * repeatStride]
      if (!Number.isNaN(value)) deviation = Math.max(deviation, Math.abs(value - start - step * i) / Math.abs(step))
    }
  return { start, step, deviation }
}

/** The candidates are cylindrical: x depends on longitude alone and y on latitude alone. */
function projectAxes(axes: { lon: Float64Array; lat: Float64Array }, crs: string): [Float64Array, Float64Array] {
  const x = unwrapped(axes.lon)
  const y = axes.lat.slice()
  if (crs === 'EPSG:4326') return [x, y]
  transformPoints('EPSG:4326', crs, x, new Float64Array(x.length))
  transformPoints('EPSG:4326', crs, new Float64Array(y.length), y)
  return [x, y]
}

function projectCells(cells: { lon: Float64Array; lat: Float64Array }, crs: string): [Float64Array, Float64Array] {
  const x = cells.lon.slice()
  const y = cells.lat.slice()
  transformPoints('EPSG:4326', crs, x, y)
  return [x, y]
}

/** 179, −179 becomes 179, 181. */
function unwrapped(lon: Float64Array): Float64Array {
  const result = lon.slice()
  for (let i = 1; i < result.length; i++) if (result[i] < result[i - 1] - 180) result[i] += 360
  return result
}
