import { addShifts, areaMeans, weighedMeans } from './coarse-cells.ts'
import type { CoarseCells } from './coarse-cells.ts'

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
export function closeOn(cells: CoarseCells, values: Float32Array, coarse: ArrayLike<number>): void {
  const isCut =
    cells.shares !== null && [cells.shares.rows, cells.shares.cols].some(({ share }) => share.some((own) => own < 1))
  for (let round = 0; round < rounds; round++) {
    const lacks = areaMeans(cells, values).map((mean, i) => coarse[i] - mean || 0)
    if (largestOf(lacks) < enough) return
    addShifts(cells, isCut ? shiftsFor(cells, values, lacks) : lacks, values)
  }
}

/** @param lacks what the means of the shifts have to be; 0 where nothing is asked */
function shiftsFor(cells: CoarseCells, values: Float32Array, lacks: Float64Array): Float64Array {
  const { weights } = weighedMeans(cells, values)
  const fine = new Float64Array(values.length)
  const meansOf = (shifts: Float64Array): Float64Array => {
    for (let i = 0; i < fine.length; i++) fine[i] = Number.isNaN(values[i]) ? Number.NaN : 0
    addShifts(cells, shifts, fine)
    // Coarse cells without a lack to fill stay out of the system.
    return areaMeans(cells, fine).map((mean, i) => (lacks[i] === 0 ? 0 : mean))
  }
  const product = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, own, i) => sum + weights[i] * own * b[i], 0)
  const limit = mostShift * largestOf(lacks)
  let shifts = new Float64Array(lacks.length)
  let [best, bestLeft] = [shifts, largestOf(lacks)]
  const left = lacks.slice()
  const direction = lacks.slice()
  let size = product(left, left)
  for (let step = 0; step < mostSteps && largestOf(left) > enough; step++) {
    const means = meansOf(direction)
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
