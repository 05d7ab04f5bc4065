import { cellAt } from './cell-places.ts'
import type { CoarseCells } from './coarse-cells.ts'
import { stripsOf } from './fine-map.ts'
import type { CellWindow } from './fine-map.ts'

/** A fine cell as parts of coarse ones: names each coarse cell it counts to and its share in it.
 *  @param place of the fine cell, see PlacesOf */
export function eachShare(
  { coarse, shares }: CoarseCells,
  row: number,
  col: number,
  place: number,
  name: (cell: number, share: number) => void,
): void {
  const down = shares ? shares.rows.share[row] : 1
  const across = shares ? shares.cols.share[col] : 1
  if (down === 1 && across === 1) {
    if (place >= 0) name(cellAt(place), 1)
    return
  }
  const [top, left] = [shares!.rows.first[row], shares!.cols.first[col]]
  const part = (r: number, c: number, share: number): void => {
    if (share > 0 && r >= 0 && c >= 0 && r < coarse.rows && c < coarse.cols) name(r * coarse.cols + c, share)
  }
  part(top, left, down * across)
  part(top, left + 1, down * (1 - across))
  part(top + 1, left, (1 - down) * across)
  part(top + 1, left + 1, (1 - down) * (1 - across))
}

/** Means over coarse cells of fine values that come strip by strip, weighed by their shares. Strips come from the first row to the
 *  last, so that sums are rounded in one order whatever the strips. */
export class AreaSums {
  readonly #cells: CoarseCells
  readonly #sums: Float64Array
  /** How much of fine cells each mean is of. Float64Array[coarse cells] */
  readonly weights: Float64Array

  constructor(cells: CoarseCells) {
    const count = cells.coarse.rows * cells.coarse.cols
    this.#cells = cells
    this.#sums = new Float64Array(count)
    this.weights = new Float64Array(count)
  }

  /** @param values of the strip, NaN missing; places those of its cells */
  add({ row, rows, cols }: CellWindow, values: ArrayLike<number>, places: Int32Array): void {
    const { shares } = this.#cells
    for (let r = row, i = 0; r < row + rows; r++) {
      const isWholeRow = !shares || shares.rows.share[r] === 1
      for (let c = 0; c < cols; c++, i++) {
        const value = values[i]
        if (Number.isNaN(value)) continue
        if (isWholeRow && (!shares || shares.cols.share[c] === 1)) {
          if (places[i] < 0) continue
          const cell = cellAt(places[i])
          this.#sums[cell] += value
          this.weights[cell]++
          continue
        }
        eachShare(this.#cells, r, c, places[i], (cell, share) => {
          this.#sums[cell] += share * value
          this.weights[cell] += share
        })
      }
    }
  }

  /** NaN where there is none. Float64Array[coarse cells] */
  means(): Float64Array {
    return this.#sums.map((sum, i) => (this.weights[i] > 0 ? sum / this.weights[i] : Number.NaN))
  }
}

/** Mean of the fine cells with a value over each coarse cell, weighed by their shares in it.
 *  @param values of the whole fine grid
 *  @returns means, NaN where there is none; Float64Array[coarse cells] */
export function areaMeans(cells: CoarseCells, values: Float32Array | Float64Array): Float64Array {
  const { rows, cols } = cells.fine
  const sums = new AreaSums(cells)
  for (const strip of stripsOf(rows, cols))
    sums.add(strip, values.subarray(strip.row * cols, (strip.row + strip.rows) * cols), cells.placesOf(strip))
  return sums.means()
}

/** Adds to each fine cell of a strip the shifts of the coarse cells it lies in, by its shares in them, in place. A missing shift is
 *  none. */
export function addShifts(
  { coarse, shares }: CoarseCells,
  shifts: Float64Array,
  { row, rows, cols }: CellWindow,
  values: Float32Array,
  places: Int32Array,
): void {
  const at = (r: number, c: number): number => {
    if (r < 0 || c < 0 || r >= coarse.rows || c >= coarse.cols) return 0
    return shifts[r * coarse.cols + c] || 0
  }
  for (let r = row, i = 0; r < row + rows; r++) {
    const down = shares ? shares.rows.share[r] : 1
    for (let c = 0; c < cols; c++, i++) {
      const across = shares ? shares.cols.share[c] : 1
      if (down === 1 && across === 1) {
        if (places[i] >= 0) values[i] += shifts[cellAt(places[i])] || 0
        continue
      }
      const [top, left] = [shares!.rows.first[r], shares!.cols.first[c]]
      values[i] +=
        down * (across * at(top, left) + (1 - across) * at(top, left + 1)) +
        (1 - down) * (across * at(top + 1, left) + (1 - across) * at(top + 1, left + 1))
    }
  }
}
