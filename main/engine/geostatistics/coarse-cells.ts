import { LoamError } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { axisCentres, isGeographic, transformPoints } from '../raster/index.ts'
import { carriedPlaces, straightPlaces } from './cell-places.ts'
import type { PlacesOf } from './cell-places.ts'

/** How the cells of a fine grid lie in those of a coarse one. */
export interface CoarseCells {
  readonly fine: Grid
  readonly coarse: Grid
  readonly placesOf: PlacesOf
  /** Shares of rows and columns of the fine grid in those of the coarse one; null in another CRS, where a fine cell counts to the
   *  coarse cell that holds its centre. */
  readonly shares: { readonly rows: AxisShares; readonly cols: AxisShares } | null
  /** Width and height of a coarse cell in the middle of the fine grid, metres where the fine grid is in degrees. */
  readonly cellSize: { readonly width: number; readonly height: number }
}

/** Fine row i lies in coarse row first[i] with share[i] of its height, and in the next with the rest. */
interface AxisShares {
  readonly first: Int32Array
  readonly share: Float64Array
}

/** @throws unsupported_grid when the fine cells are longer than the coarse ones, or the grids do not meet */
export function coarseCellsOf(fine: Grid, coarse: Grid): CoarseCells {
  const cellSize = coarseCellSize(fine, coarse)
  const turn = turnBetween(fine, coarse)
  const isStraight = fine.crs === coarse.crs
  const placesOf = isStraight ? straightPlaces(fine, coarse, turn) : carriedPlaces(fine, coarse)
  if (!placesOf)
    throw new LoamError(
      'unsupported_grid',
      'The coarse grid does not reach the fine one: no fine cell has its centre in a coarse cell. Give grids of one area.',
    )
  return { fine, coarse, placesOf, shares: sharesBetween(fine, coarse), cellSize }
}

/** Whether borders of coarse cells cut fine ones; never in another CRS, where a fine cell belongs to one coarse cell. */
export function cutsFineCells(fine: Grid, coarse: Grid): boolean {
  const shares = sharesBetween(fine, coarse)
  return shares !== null && [shares.rows, shares.cols].some(({ share }) => share.some((own) => own < 1))
}

function sharesBetween(fine: Grid, coarse: Grid): CoarseCells['shares'] {
  if (fine.crs !== coarse.crs) return null
  return { rows: sharesOf(fine, coarse, 3, 5, 0), cols: sharesOf(fine, coarse, 0, 1, turnBetween(fine, coarse)) }
}

/** Centres of the coarse cells in the CRS of the fine grid. */
export function coarseCentres(fine: Grid, coarse: Grid): { x: Float64Array; y: Float64Array } {
  const axes = axisCentres({ grid: coarse, row: 0, col: 0, rows: coarse.rows, cols: coarse.cols })
  const [x, y] = crossed(axes.x, axes.y)
  transformPoints(coarse.crs, fine.crs, x, y)
  return { x, y }
}

function crossed(x: Float64Array, y: Float64Array): [Float64Array, Float64Array] {
  const n = x.length * y.length
  return [
    Float64Array.from({ length: n }, (_, i) => x[i % x.length]),
    Float64Array.from({ length: n }, (_, i) => y[Math.floor(i / x.length)]),
  ]
}

/** Whole turns that bring the middle of the fine grid to that of the coarse one: longitudes count from −180 or from 0. */
function turnBetween(fine: Grid, coarse: Grid): number {
  if (fine.crs !== coarse.crs || !isGeographic(fine.crs)) return 0
  const middle = ({ transform, cols }: Grid): number => transform[0] + (cols / 2) * transform[1]
  return 360 * Math.round((middle(coarse) - middle(fine)) / 360)
}

function sharesOf(fine: Grid, coarse: Grid, origin: 0 | 3, step: 1 | 5, turn: number): AxisShares {
  const length = step === 1 ? fine.cols : fine.rows
  const size = fine.transform[step] / coarse.transform[step]
  const offset = (fine.transform[origin] + turn - coarse.transform[origin]) / coarse.transform[step]
  const first = new Int32Array(length)
  const share = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const begin = offset + i * size
    // A cell within a thousandth of its side of a border lies on one side of it.
    first[i] = Math.floor(begin + 1e-3 * size)
    share[i] = (first[i] + 1 - begin) / size > 1 - 1e-3 ? 1 : (first[i] + 1 - begin) / size
  }
  return { first, share }
}

/** Width and height of a coarse cell in the middle of the fine grid.
 *  @throws unsupported_grid when fine cells are longer than coarse ones */
export function coarseCellSize(fine: Grid, coarse: Grid): { width: number; height: number } {
  const middleRow = Math.floor(fine.rows / 2)
  const middleCol = Math.floor(fine.cols / 2)
  const centre = axisCentres({ grid: fine, row: middleRow, col: middleCol, rows: 1, cols: 1 })
  const [x, y] = [Float64Array.of(centre.x[0]), Float64Array.of(centre.y[0])]
  transformPoints(fine.crs, coarse.crs, x, y)
  const [, stepX, , , , stepY] = coarse.transform
  const [alongX, alongY] = [Float64Array.of(x[0], x[0] + stepX, x[0]), Float64Array.of(y[0], y[0], y[0] + stepY)]
  transformPoints(coarse.crs, fine.crs, alongX, alongY)
  const isDegrees = isGeographic(fine.crs)
  const metresUp = isDegrees ? (6_371_008.8 * Math.PI) / 180 : 1
  const metresAlong = metresUp * (isDegrees ? Math.cos((centre.y[0] * Math.PI) / 180) : 1)
  const length = (i: number): number =>
    Math.hypot((alongX[i] - alongX[0]) * metresAlong, (alongY[i] - alongY[0]) * metresUp)
  const size = { width: length(1), height: length(2) }
  const own = { width: fine.transform[1] * metresAlong, height: -fine.transform[5] * metresUp }
  if (!(size.width > 0.999 * own.width && size.height > 0.999 * own.height))
    throw new LoamError(
      'unsupported_grid',
      `The coarse cells are ${size.width.toPrecision(4)} × ${size.height.toPrecision(4)}, the fine ones ${own.width.toPrecision(4)} × ${own.height.toPrecision(4)}. ` +
        'A residual is brought from a coarse grid to a finer one; exchange them, or choose a finer grid.',
    )
  return size
}
