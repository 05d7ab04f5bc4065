import type { AreaLattice } from '../../native/index.ts'
import { isGeographic } from '../raster/index.ts'
import { squaresPerCell, squaresPerSide } from './cell-places.ts'
import type { CoarseCells } from './coarse-cells.ts'

/** A point of a fine cell, from its centre. */
export interface Shift {
  readonly x: number
  readonly y: number
}

/** A coarse cell counts as whole for its neighbours when each of its squares has this share of its fine cells. */
const wholeShare = 0.75

/** What repeats from one coarse cell to the next, for the kernel to compute once; null unless each coarse cell holds the same whole
 *  number of fine rows and columns.
 *  @param areaOf area of each coarse cell, −1 none
 *  @param counts fine cells with a value in each square of each coarse cell
 *  @param shifts points of a fine cell as a target; @param neighbourShifts as part of a neighbour
 *  @returns for groups (their coarse cells, −1 none) and the rows and columns of their fine cells in order: the lattice */
export function latticeOf(
  { fine, coarse, shares }: CoarseCells,
  areaOf: Int32Array,
  counts: Float64Array,
  shifts: readonly Shift[],
  neighbourShifts: readonly Shift[],
): ((groupCells: readonly number[], rows: Int32Array, cols: Int32Array) => AreaLattice) | null {
  const [west, width, , north, , height] = fine.transform
  const down = Math.round(coarse.transform[5] / height)
  const across = Math.round(coarse.transform[1] / width)
  const fits = shares !== null && [...shares.rows.share, ...shares.cols.share].every((share) => share === 1)
  const isWholeNumber =
    Math.abs(coarse.transform[5] / height - down) < 1e-6 * down &&
    Math.abs(coarse.transform[1] / width - across) < 1e-6 * across
  if (!fits || !isWholeNumber) return null
  // Fine rows and columns before the first of the coarse grid are negative.
  const firstRow = Math.round((coarse.transform[3] - north) / height)
  // Longitudes count from −180 or from 0.
  const turns = isGeographic(fine.crs) ? 360 * Math.round((coarse.transform[0] - west) / 360) : 0
  const firstCol = Math.round((coarse.transform[0] - west - turns) / width)

  const square = (position: number, cells: number): number => Math.floor(((position + 0.5) / cells) * squaresPerSide)
  const slots: Shift[] = []
  const places = Array.from({ length: squaresPerCell }, () => ({ x: 0, y: 0, n: 0 }))
  for (let row = 0; row < down; row++)
    for (let col = 0; col < across; col++) {
      const [x, y] = [(col + 0.5 - across / 2) * width, (row + 0.5 - down / 2) * height]
      for (const shift of shifts) slots.push({ x: x + shift.x, y: y + shift.y })
      const place = places[square(row, down) * squaresPerSide + square(col, across)]
      place.x += x
      place.y += y
      place.n++
    }
  const points = places.flatMap(({ x, y, n }) =>
    n === 0
      ? []
      : neighbourShifts.map((shift) => ({
          x: x / n + shift.x,
          y: y / n + shift.y,
          weight: n / (down * across) / neighbourShifts.length,
        })),
  )
  const isWhole = (cell: number): boolean =>
    places.every(({ n }, place) => counts[cell * squaresPerCell + place] >= wholeShare * n)

  const areaCells = [...areaOf.keys()].filter((cell) => areaOf[cell] >= 0)
  const rowOf = (cell: number): number => (cell < 0 ? Number.NaN : Math.floor(cell / coarse.cols))
  const colOf = (cell: number): number => (cell < 0 ? Number.NaN : cell % coarse.cols)
  const wholeAreas = areaCells.map((cell) => (isWhole(cell) ? cell : -1))
  const common = {
    width: across * width,
    height: down * height,
    firstY: north + (firstRow + down / 2) * height,
    areaRow: Float64Array.from(wholeAreas, rowOf),
    areaCol: Float64Array.from(wholeAreas, colOf),
    slotX: Float64Array.from(slots, ({ x }) => x),
    slotY: Float64Array.from(slots, ({ y }) => y),
    pointsPerSlot: shifts.length,
    pointX: Float64Array.from(points, ({ x }) => x),
    pointY: Float64Array.from(points, ({ y }) => y),
    pointWeight: Float64Array.from(points, ({ weight }) => weight),
  }
  const modulo = (value: number, by: number): number => ((value % by) + by) % by
  return (groupCells, rows, cols) => ({
    ...common,
    groupRow: Float64Array.from(groupCells, rowOf),
    groupCol: Float64Array.from(groupCells, colOf),
    slot: Float64Array.from(
      rows,
      (row, i) => modulo(row - firstRow, down) * across + modulo(cols[i] - firstCol, across),
    ),
  })
}
