import type { Grid } from '../../contract/index.ts'
import { transformPoints } from '../raster/index.ts'

/** [west, south, east, north], degrees on WGS 84; west > east when it reaches across the date line. */
export type Bbox = readonly [number, number, number, number]
type Ring = (readonly [number, number])[]

export interface Footprint {
  readonly bbox: Bbox
  readonly geometry:
    | { readonly type: 'Polygon'; readonly coordinates: Ring[] }
    | { readonly type: 'MultiPolygon'; readonly coordinates: Ring[][] }
}

const pointsPerEdge = 16

/** A grid's area on WGS 84: its four edges with 16 points each, because straight edges of a projection are curved in
 *  degrees. Cut in two at the date line (RFC 7946, 3.1.9). Where the edges do not close around the area, as around a pole
 *  or beyond the projection's reach, the bounding box of points all over the grid. */
export function footprint(grid: Grid): Footprint {
  const edge = edgePoints(grid)
  if (!edge || Math.abs(edge.x[edge.x.length - 1] - edge.x[0]) > 180) return boxOfPlaces(grid)
  const ring: Ring = Array.from(edge.x, (x, i) => [rounded(x), rounded(edge.y[i])] as const)
  const lons = ring.map(([lon]) => lon)
  const lats = ring.map(([, lat]) => lat)
  const [west, east] = [Math.min(...lons), Math.max(...lons)]
  const [south, north] = [Math.min(...lats), Math.max(...lats)]
  // The edges of the whole world lie on the date line itself, where rounding decides on which side.
  if (east - west > 359) return boxOfPlaces(grid)
  if (west >= -180 && east <= 180)
    return { bbox: [west, south, east, north], geometry: { type: 'Polygon', coordinates: [ring] } }
  const line = east > 180 ? 180 : -180
  const eastern = cut(ring, line, (lon) => lon <= line)
  const western = cut(ring, line, (lon) => lon >= line)
  const turn = (part: Ring, by: number): Ring => part.map(([lon, lat]) => [rounded(lon + by), lat] as const)
  const parts = line === 180 ? [eastern, turn(western, -360)] : [turn(eastern, 360), western]
  const bbox: Bbox =
    line === 180 ? [west, south, rounded(east - 360), north] : [rounded(west + 360), south, east, north]
  return { bbox, geometry: { type: 'MultiPolygon', coordinates: parts.map((part) => [part]) } }
}

/** Points along the edges, counter-clockwise from the upper left and back to it; longitudes run on beyond ±180 rather than
 *  jump. Null when one has no place on Earth. */
function edgePoints(grid: Grid): { x: Float64Array; y: Float64Array } | null {
  const { rows, cols } = grid
  const corners = [
    [0, 0],
    [0, rows],
    [cols, rows],
    [cols, 0],
  ]
  const places = corners.flatMap(([col, row], i) => {
    const [nextCol, nextRow] = corners[(i + 1) % 4]
    return Array.from({ length: pointsPerEdge }, (_, k) => {
      const t = k / pointsPerEdge
      return [col + t * (nextCol - col), row + t * (nextRow - row)]
    })
  })
  const { x, y } = onEarth(grid, [...places, places[0]])
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) return null
    if (i > 0) x[i] -= 360 * Math.round((x[i] - x[i - 1]) / 360)
  }
  return { x, y }
}

function boxOfPlaces(grid: Grid): Footprint {
  const places = Array.from({ length: 41 * 41 }, (_, i) => [
    (grid.cols * (i % 41)) / 40,
    (grid.rows * Math.floor(i / 41)) / 40,
  ])
  const { x, y } = onEarth(grid, places)
  const lons = [...x].filter((lon) => !Number.isNaN(lon))
  const lats = [...y].filter((lat) => !Number.isNaN(lat))
  const [south, north] = [rounded(Math.min(...lats)), rounded(Math.max(...lats))]
  // Every longitude is met around a pole.
  const isPolar = Math.max(north, -south) > 85
  const [west, east] = isPolar ? [-180, 180] : [rounded(Math.min(...lons)), rounded(Math.max(...lons))]
  const top = isPolar && north > 85 ? 90 : north
  const bottom = isPolar && south < -85 ? -90 : south
  const ring: Ring = [
    [west, top],
    [west, bottom],
    [east, bottom],
    [east, top],
    [west, top],
  ]
  return { bbox: [west, bottom, east, top], geometry: { type: 'Polygon', coordinates: [ring] } }
}

function onEarth(grid: Grid, places: number[][]): { x: Float64Array; y: Float64Array } {
  const [west, width, , north, , height] = grid.transform
  const x = Float64Array.from(places, ([col]) => west + col * width)
  const y = Float64Array.from(places, ([, row]) => north + row * height)
  transformPoints(grid.crs, 'EPSG:4326', x, y)
  return { x, y }
}

/** The part of a ring on one side of a meridian (Sutherland & Hodgman, 1974). */
function cut(ring: Ring, meridian: number, isKept: (lon: number) => boolean): Ring {
  const part: Ring = []
  for (let i = 0; i + 1 < ring.length; i++) {
    const [a, b] = [ring[i], ring[i + 1]]
    if (isKept(a[0])) part.push(a)
    if (isKept(a[0]) !== isKept(b[0])) {
      const t = (meridian - a[0]) / (b[0] - a[0])
      part.push([meridian, rounded(a[1] + t * (b[1] - a[1]))])
    }
  }
  return [...part, part[0]]
}

/** 1e-7 degrees are a centimetre. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7
}
