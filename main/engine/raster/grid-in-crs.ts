import { LoamError } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { normaliseCrs } from './crs.ts'
import { gridExtent } from './grid-geometry.ts'
import { transformPoints } from './transform-points.ts'

/** Points a side that are carried over to find where a grid lies: edges bend, so corners are not enough. */
const pointsASide = 33

/** A grid in another CRS that covers a grid with square cells of the same area, as measured in its middle. Edges lie on whole
 *  multiples of the cell size, so that grids of neighbouring sources fit together. The grid itself when it has that CRS.
 *  @throws unsupported_grid when no part of it has a place in that CRS */
export function gridInCrs(grid: Grid, crs: string): Grid {
  const target = normaliseCrs(crs)
  if (target === grid.crs) return grid
  const [west, south, east, north] = gridExtent(grid)
  const n = pointsASide
  const x = Float64Array.from({ length: n * n }, (_, i) => west + ((east - west) * (i % n)) / (n - 1))
  const y = Float64Array.from({ length: n * n }, (_, i) => south + ((north - south) * Math.floor(i / n)) / (n - 1))
  transformPoints(grid.crs, target, x, y)
  const extent = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue
    extent[0] = Math.min(extent[0], x[i])
    extent[1] = Math.min(extent[1], y[i])
    extent[2] = Math.max(extent[2], x[i])
    extent[3] = Math.max(extent[3], y[i])
  }
  const cell = cellSizeAt(grid, target, (west + east) / 2, (south + north) / 2)
  if (!(extent[2] > extent[0]) || !(cell > 0))
    throw new LoamError(
      'unsupported_grid',
      `The layer lies where ${target} has no coordinates. Choose a CRS of the map that covers its area.`,
      { crs: target },
    )
  const left = Math.floor(extent[0] / cell + 1e-6)
  const top = Math.ceil(extent[3] / cell - 1e-6)
  return {
    crs: target,
    transform: [left * cell, cell, 0, top * cell, 0, -cell],
    rows: Math.max(1, top - Math.floor(extent[1] / cell + 1e-6)),
    cols: Math.max(1, Math.ceil(extent[2] / cell - 1e-6) - left),
  }
}

/** Side of a square in the target CRS with the area of a cell at a place. */
function cellSizeAt(grid: Grid, target: string, x: number, y: number): number {
  const [, width, , , , height] = grid.transform
  const px = Float64Array.of(x - width / 2, x + width / 2, x, x)
  const py = Float64Array.of(y, y, y - height / 2, y + height / 2)
  transformPoints(grid.crs, target, px, py)
  const area = (px[1] - px[0]) * (py[3] - py[2]) - (px[3] - px[2]) * (py[1] - py[0])
  return Math.sqrt(Math.abs(area))
}
