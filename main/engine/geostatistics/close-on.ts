import { AreaSums, addShifts, eachShare } from './area-means.ts'
import type { CoarseCells } from './coarse-cells.ts'
import { cutsFineCells } from './coarse-cells.ts'
import { eachStrip } from './fine-map.ts'
import type { FineMap } from './fine-map.ts'

/** What is left of a lack, far below what float32 keeps. */
const enough = 1e-10
const mostSteps = 300
/** Shifts beyond this many times the largest lack would only trade one cell's lack for stripes across the map. */
const mostShift = 20
/** Storing the shifted values as float32 leaves a little, which a second or third shift takes away. */
const rounds = 3

/** Shifts whole coarse cells, in place, so that a fine map averages to the coarse values. Kriging closes by itself where fine cells lie
 *  whole in coarse ones and a coarse cell is the plain mean of its fine ones; this makes up for cells cut by a border and for rounding.
 *  A cut cell is shifted by its shares in each coarse cell, which makes the shifts a linear system: sparse, symmetric in the weights
 *  of the coarse cells, solved by conjugate gradients (Hestenes & Stiefel 1952). It may have no solution where coarse cells are
 *  hardly larger than the fine ones; the closure then tells. */
export async function closeOn(
  cells: CoarseCells,
  map: FineMap,
  coarse: ArrayLike<number>,
  signal?: AbortSignal,
): Promise<void> {
  let system: ShiftSystem | null = null
  let means = await meansOf(cells, map, null, signal)
  for (let round = 0; round < rounds; round++) {
    const lacks = means.map((mean, i) => coarse[i] - mean || 0)
    if (largestOf(lacks) < enough) return
    if (cutsFineCells(cells.fine, cells.coarse) && cells.shares) system ??= await shiftSystem(cells, map, signal)
    means = await meansOf(cells, map, system ? shiftsFor(system, lacks) : lacks, signal)
  }
}

/** Means over the coarse cells, of the map as it is or shifted first. */
async function meansOf(
  cells: CoarseCells,
  map: FineMap,
  shifts: Float64Array | null,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const sums = new AreaSums(cells)
  await eachStrip(
    cells.fine,
    (strip) => {
      const values = map.read(strip)
      const places = cells.placesOf(strip)
      if (shifts) {
        addShifts(cells, shifts, strip, values, places)
        map.write(strip, values)
      }
      sums.add(strip, values, places)
    },
    signal,
  )
  return sums.means()
}

/** How shifts of coarse cells act on each other's means. */
interface ShiftSystem {
  /** For each coarse cell and the nine around and at it, row by row: Σ over fine cells of the product of their shares in the two. */
  readonly shared: Float64Array
  /** Sums of shares. */
  readonly weights: Float64Array
  readonly cols: number
}

async function shiftSystem(cells: CoarseCells, map: FineMap, signal?: AbortSignal): Promise<ShiftSystem> {
  const { rows, cols } = cells.coarse
  const shared = new Float64Array(rows * cols * 9)
  const weights = new Float64Array(rows * cols)
  const own: { cell: number; share: number }[] = []
  await eachStrip(
    cells.fine,
    (strip) => {
      const values = map.read(strip)
      const places = cells.placesOf(strip)
      for (let i = 0; i < values.length; i++) {
        if (Number.isNaN(values[i])) continue
        own.length = 0
        eachShare(cells, strip.row + Math.floor(i / strip.cols), i % strip.cols, places[i], (cell, share) => {
          own.push({ cell, share })
        })
        for (const a of own) {
          weights[a.cell] += a.share
          for (const b of own) {
            const down = Math.floor(b.cell / cols) - Math.floor(a.cell / cols)
            const across = (b.cell % cols) - (a.cell % cols)
            shared[a.cell * 9 + (down + 1) * 3 + across + 1] += a.share * b.share
          }
        }
      }
    },
    signal,
  )
  return { shared, weights, cols }
}

/** @param lacks what the means of the shifts have to be; 0 where nothing is asked */
function shiftsFor({ shared, weights, cols }: ShiftSystem, lacks: Float64Array): Float64Array {
  // Coarse cells without a lack to fill stay out of the system.
  const meansOfShifts = (shifts: Float64Array): Float64Array =>
    lacks.map((lack, i) => {
      if (lack === 0) return 0
      let sum = 0
      for (let near = 0; near < 9; near++) {
        const share = shared[i * 9 + near]
        if (share > 0) sum += share * shifts[i + (Math.floor(near / 3) - 1) * cols + (near % 3) - 1]
      }
      return sum / weights[i]
    })
  const product = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, own, i) => sum + weights[i] * own * b[i], 0)
  const limit = mostShift * largestOf(lacks)
  let shifts = new Float64Array(lacks.length)
  let [best, bestLeft] = [shifts, largestOf(lacks)]
  const left = lacks.slice()
  const direction = lacks.slice()
  let size = product(left, left)
  for (let step = 0; step < mostSteps && largestOf(left) > enough; step++) {
    const means = meansOfShifts(direction)
    const length = size / product(direction, means)
    if (!Number.isFinite(length)) break
    shifts = shifts.map((shift, i) => shift + length * direction[i])
    for (let i = 0; i < left.length; i++) left[i] -= length * means[i]
    if (!(largestOf(shifts) <= limit)) break
    if (largestOf(left) < bestLeft) [best, bestLeft] = [shifts, largestOf(left)]
    const before = size
    size = product(left, left)
    for (let i = 0; i < direction.length; i++) direction[i] = left[i] + (size / before) * direction[i]
  }
  return best
}

function largestOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
