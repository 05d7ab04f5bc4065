import type { Grid } from '../../contract/index.ts'
import { gridExtent, transformPoints } from '../raster/index.ts'
import type { Extent } from '../raster/index.ts'

/** Edges bend in another CRS, so corners are not enough. */
const pointsASide = 24

/** Outline of an extent in another CRS, open, counter-clockwise from the lower left; null where it has no place there. */
export function outlineIn(crs: string, [west, south, east, north]: Extent, to: string): [number, number][] | null {
  const along = (i: number): number => i / pointsASide
  const steps = Array.from({ length: pointsASide }, (_, i) => along(i))
  const side = crs === to ? [0] : steps
  const ring = [
    ...side.map((t) => [west + t * (east - west), south]),
    ...side.map((t) => [east, south + t * (north - south)]),
    ...side.map((t) => [east - t * (east - west), north]),
    ...side.map((t) => [west, north - t * (north - south)]),
  ]
  const x = Float64Array.from(ring, ([each]) => each)
  const y = Float64Array.from(ring, ([, each]) => each)
  transformPoints(crs, to, x, y)
  const placed = Array.from(x, (each, i): [number, number] => [each, y[i]]).filter(([each]) => !Number.isNaN(each))
  return placed.length >= 3 ? placed : null
}

export function outlineOf(grid: Grid, to: string): [number, number][] | null {
  return outlineIn(grid.crs, gridExtent(grid), to)
}

/** The smallest extent in another CRS that holds an extent; null where it has no place there. */
export function extentIn(crs: string, extent: Extent, to: string): [number, number, number, number] | null {
  const ring = outlineIn(crs, extent, to)
  if (!ring) return null
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of ring) {
    bounds[0] = Math.min(bounds[0], x)
    bounds[1] = Math.min(bounds[1], y)
    bounds[2] = Math.max(bounds[2], x)
    bounds[3] = Math.max(bounds[3], y)
  }
  return bounds
}
