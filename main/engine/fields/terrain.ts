import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block, FieldExpression, Kind } from '../../contract/index.ts'
import { crsName, isGeographic, metresPerUnit } from '../raster/index.ts'
import { cached } from './block-cache.ts'
import { makeField, readAs } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { cellText } from './derive.ts'

type Terrain = Extract<FieldExpression, { terrain: string }>

const degrees = 180 / Math.PI

/** Compass direction a slope faces, degrees clockwise from north; NaN where it is flat.
 *  @param east, north gradient of the elevation */
function facing(east: number, north: number): number {
  if (east === 0 && north === 0) return Number.NaN
  return (Math.atan2(-east, -north) * degrees + 360) % 360
}

/** Terrain terms from the elevation's gradient (m m⁻¹, towards east and north). A flat cell faces nowhere: no aspect, and
 *  0 for northness and eastness, the mean of all directions. */
const terms: Record<Terrain['terrain'], { unit: string; kind: Kind; value: (east: number, north: number) => number }> =
  {
    slope: { unit: 'deg', kind: 'continuous', value: (east, north) => Math.atan(Math.hypot(east, north)) * degrees },
    aspect: { unit: 'deg', kind: 'circular', value: facing },
    northness: { unit: '1', kind: 'continuous', value: (east, north) => (0 - north) / (Math.hypot(east, north) || 1) },
    eastness: { unit: '1', kind: 'continuous', value: (east, north) => (0 - east) / (Math.hypot(east, north) || 1) },
  }

/** Slope or direction of a surface on the elevation's own grid, from the four direct neighbours (Zevenbergen & Thorne).
 *  With one neighbour of a pair missing (edge, nodata) the gradient is one-sided, as in SAGA; with both, or without the
 *  cell's own elevation, there is no value.
 *  Source: Zevenbergen & Thorne (1987), Earth Surface Processes and Landforms 12, 47–56.
 *  @throws unsupported_grid for elevation in degrees; unit_mismatch when it is not in metres */
export function terrain(expression: Terrain, at: Compiling): CompiledField {
  const elevation = at.inner(expression.elevation, 'elevation')
  const grid = elevation.nativeGrid
  checkElevation(elevation, at)
  if (grid === null) throw noGrid(at)
  const { unit, kind, value } = terms[expression.terrain]
  const [, width, , , , height] = grid.transform
  const metres = metresPerUnit(grid.crs)
  const method = { form: 'terrain/1', term: expression.terrain }
  const field = makeField(
    {
      unit,
      kind,
      times: elevation.times,
      nativeGrid: grid,
      statedFraction: elevation.statedFraction,
      lineage: `${expression.terrain} (Zevenbergen & Thorne, ${cellText(grid)}) of ${elevation.lineage}`,
      identity: { ...method, elevation: elevation.id },
      identityOn: (day) => ({ ...method, elevation: elevation.idOn(day) }),
      absence: (day) => elevation.absence(day),
      async compute(window, day, signal) {
        const { row, col, rows, cols } = window
        const halo = { grid, row: row - 1, col: col - 1, rows: rows + 2, cols: cols + 2 }
        const block = await readAs(elevation, elevation.kind, halo, day, signal)
        // Rows run southwards when the transform says so (height < 0): north is then the row above.
        return gradients(block, rows, cols, width * metres, -height * metres, value)
      },
    },
    at,
  )
  return cached(field, at.cache)
}

function gradients(
  elevation: Block,
  rows: number,
  cols: number,
  dx: number,
  dy: number,
  value: (east: number, north: number) => number,
): Block {
  const z = elevation.values
  const across = cols + 2
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols)
  for (let row = 0, i = 0; row < rows; row++)
    for (let col = 0; col < cols; col++, i++) {
      const here = (row + 1) * across + col + 1
      const centre = z[here]
      const east = slopeBetween(z[here - 1], centre, z[here + 1], dx)
      const north = slopeBetween(z[here + across], centre, z[here - across], dy)
      values[i] = value(east, north)
      if (!Number.isNaN(values[i])) continue
      if (Number.isNaN(centre)) reasons[i] = elevation.reasons[here]
      else reasons[i] = Number.isNaN(east + north) ? reasonCodes.too_few_neighbours : reasonCodes.not_finite
    }
  return { rows, cols, values, reasons }
}

/** Rise per metre from `before` to `after`, one-sided when one of them is missing; NaN when both are, or the centre is. */
function slopeBetween(before: number, centre: number, after: number, step: number): number {
  if (Number.isNaN(centre)) return Number.NaN
  if (Number.isNaN(before)) return (after - centre) / step
  if (Number.isNaN(after)) return (centre - before) / step
  return (after - before) / (2 * step)
}

const metreNames = ['', 'm', 'metre', 'metres', 'meter', 'meters', '[m]']

function checkElevation(elevation: CompiledField, at: Compiling): void {
  const grid = elevation.nativeGrid
  if (grid && isGeographic(grid.crs))
    throw new LoamError(
      'unsupported_grid',
      `Field "${at.path}": ${elevation.lineage} is in degrees (${crsName(grid.crs)}); a slope needs metres on both axes. Project the elevation to a metric CRS, such as the area's UTM zone, and add it again.`,
      { field: at.path, crs: grid.crs },
    )
  if (!metreNames.includes(elevation.unit.trim().toLowerCase()))
    throw new LoamError(
      'unit_mismatch',
      `Field "${at.path}": elevation is in "${elevation.unit}"; metres were needed. Set the variable's scale and unit when adding it, or convert with a formula of unit "m".`,
      { field: at.path, unit: elevation.unit },
    )
  if (elevation.kind !== 'continuous')
    throw new LoamError(
      'bad_recipe',
      `Field "${at.path}": elevation is ${elevation.kind}; a continuous field was needed. Name the elevation.`,
      {
        field: at.path,
      },
    )
}

function noGrid(at: Compiling): LoamError {
  return new LoamError(
    'bad_recipe',
    `Field "${at.path}": the elevation has no grid of its own, so it has no neighbours. Use an elevation raster.`,
    { field: at.path },
  )
}
