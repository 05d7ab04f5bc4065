import { AreaSums } from './area-means.ts'
import { cellAt, squaresPerCell } from './cell-places.ts'
import type { CoarseCells } from './coarse-cells.ts'
import { eachStrip } from './fine-map.ts'
import type { CellWindow, FineMap } from './fine-map.ts'

/** Where the fine cells with a value lie, as change of support needs to know it. */
export interface AreaSurvey {
  /** Of each square of each coarse cell: fine cells with a value, the sum of their rows and that of their columns. */
  readonly counts: Float64Array
  readonly rowSums: Float64Array
  readonly colSums: Float64Array
  /** Fine cells with a value in each group: 2 · coarse cell those in it, 2 · coarse cell + 1 those that only lie nearest to it. */
  readonly groupSizes: Float64Array
  /** The rectangle that holds each group. */
  readonly groupBounds: {
    readonly top: Int32Array
    readonly bottom: Int32Array
    readonly left: Int32Array
    readonly right: Int32Array
  }
  /** Mean number of fine cells, with a value or not, along a coarse one. */
  readonly along: number
}

/** Goes over a fine map once.
 *  @returns its means over the coarse cells, NaN where there is none, and the survey where it is asked for */
export async function surveyTrend(
  cells: CoarseCells,
  map: FineMap,
  wantsAreas: boolean,
  signal?: AbortSignal,
): Promise<{ means: Float64Array; areas: AreaSurvey | null }> {
  const sums = new AreaSums(cells)
  const survey = wantsAreas ? new Survey(cells) : null
  await eachStrip(
    cells.fine,
    (strip) => {
      const values = map.read(strip)
      const places = cells.placesOf(strip)
      sums.add(strip, values, places)
      survey?.add(strip, values, places)
    },
    signal,
  )
  return { means: sums.means(), areas: survey }
}

export const groupOf = (place: number): number => 2 * cellAt(place) + (place < 0 ? 1 : 0)

class Survey implements AreaSurvey {
  readonly counts: Float64Array
  readonly rowSums: Float64Array
  readonly colSums: Float64Array
  readonly groupSizes: Float64Array
  readonly groupBounds: AreaSurvey['groupBounds']
  #inside = 0
  readonly #isTouched: Uint8Array

  constructor({ coarse }: CoarseCells) {
    const cells = coarse.rows * coarse.cols
    const ofSquares = (): Float64Array => new Float64Array(cells * squaresPerCell)
    ;[this.counts, this.rowSums, this.colSums] = [ofSquares(), ofSquares(), ofSquares()]
    this.groupSizes = new Float64Array(2 * cells)
    const first = (): Int32Array => new Int32Array(2 * cells).fill(0x7fffffff)
    const last = (): Int32Array => new Int32Array(2 * cells).fill(-1)
    this.groupBounds = { top: first(), bottom: last(), left: first(), right: last() }
    this.#isTouched = new Uint8Array(cells)
  }

  get along(): number {
    return Math.max(1, Math.sqrt(this.#inside / this.#isTouched.reduce((sum, touched) => sum + touched, 0)))
  }

  add({ row, rows, cols }: CellWindow, values: Float32Array, places: Int32Array): void {
    const { top, bottom, left, right } = this.groupBounds
    for (let r = row, i = 0; r < row + rows; r++)
      for (let c = 0; c < cols; c++, i++) {
        const place = places[i]
        if (place >= 0) {
          this.#inside++
          this.#isTouched[cellAt(place)] = 1
        }
        if (Number.isNaN(values[i])) continue
        const group = groupOf(place)
        this.groupSizes[group]++
        // Rows come in order.
        if (bottom[group] < 0) top[group] = r
        bottom[group] = r
        if (c < left[group]) left[group] = c
        if (c > right[group]) right[group] = c
        if (place < 0) continue
        this.counts[place]++
        this.rowSums[place] += r
        this.colSums[place] += c
      }
  }
}
