import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, MultiPolygon, Polygon, Topology } from 'topojson-specification'
import { clipRing, densify, soundWindow } from './lon-lat-window.ts'
import type { LonLatWindow } from './lon-lat-window.ts'
import type { Point, Projection } from './projection.ts'

/** Land and state borders in a CRS. */
export interface WorldOutline {
  /** Polygons: the outer ring, then holes. */
  readonly land: readonly (readonly (readonly Point[])[])[]
  /** Shores; the cut along the window's edge is not among them. */
  readonly coast: readonly (readonly Point[])[]
  readonly borders: readonly (readonly Point[])[]
}

export type WorldTopology = Topology<{
  countries: GeometryCollection
  land: GeometryCollection<object> | MultiPolygon | Polygon
}>

/** Natural Earth 1 : 50 million, bundled: no request leaves the page's own origin. */
export async function loadWorld(signal?: AbortSignal): Promise<WorldTopology> {
  const { default: address } = await import('world-atlas/countries-50m.json?url')
  const response = await fetch(address, { signal })
  return (await response.json()) as WorldTopology
}

/** The world as far as the projection can show it, around a place in degrees. */
export function worldOutline(topology: WorldTopology, projection: Projection, middle: Point): WorldOutline {
  const window = soundWindow(projection, middle)
  const land: Point[][][] = []
  const shape = feature(topology, topology.objects.land)
  const geometries = 'features' in shape ? shape.features.map(({ geometry }) => geometry) : [shape.geometry]
  for (const geometry of geometries) {
    const polygons =
      geometry.type === 'MultiPolygon'
        ? geometry.coordinates
        : geometry.type === 'Polygon'
          ? [geometry.coordinates]
          : []
    for (const polygon of polygons) {
      const rings = polygon.flatMap((ring) => projectRing(ring.slice(0, -1) as unknown as Point[], window, projection))
      if (rings.length > 0) land.push(rings)
    }
  }
  const linesOf = (inner: boolean) =>
    mesh(topology, topology.objects.countries, (a, b) => (a !== b) === inner).coordinates.flatMap((line) =>
      projectLine(line as unknown as Point[], window, projection),
    )
  return { land, coast: linesOf(false), borders: linesOf(true) }
}

function projectRing(ring: readonly Point[], window: LonLatWindow, projection: Projection): Point[][] {
  const clipped = clipRing(ring, window)
  if (clipped.length < 3) return []
  const projected = densify(clipped, 2, true).flatMap((lonLat) => {
    const xy = projection.forward(lonLat)
    return xy ? [xy] : []
  })
  return projected.length < 3 ? [] : [projected]
}

/** Breaks a line where it leaves the window. */
function projectLine(
  line: readonly Point[],
  [west, south, east, north]: LonLatWindow,
  projection: Projection,
): Point[][] {
  const pieces: Point[][] = []
  let piece: Point[] = []
  for (const lonLat of line) {
    const isInside = lonLat[0] >= west && lonLat[0] <= east && lonLat[1] >= south && lonLat[1] <= north
    const xy = isInside ? projection.forward(lonLat) : null
    if (xy) piece.push(xy)
    else if (piece.length > 0) {
      pieces.push(piece)
      piece = []
    }
  }
  pieces.push(piece)
  return pieces.filter(({ length }) => length > 1)
}
