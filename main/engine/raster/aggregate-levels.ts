import { reasonCodes } from '../../contract/index.ts'
import type { Block, Kind } from '../../contract/index.ts'

/** Values that add up to a mean: their components per cell, and a mean's value. */
interface Averaging {
  readonly components: 1 | 2
  /** Component `k` of a value. */
  part(value: number, k: number): number
  /** Of the sums of both components; the second is 0 where there is one. @returns NaN when the mean has no value */
  mean(x: number, y: number, count: number): number
}

const radians = Math.PI / 180
/** Directions whose mean vector is shorter cancel, up to the rounding of float32. */
const shortestMean = 1e-6

const averagings: Record<Exclude<Kind, 'categorical'>, Averaging> = {
  continuous: { components: 1, part: (value) => value, mean: (sum, _, count) => sum / count },
  decibel: {
    components: 1,
    part: (value) => 10 ** (value / 10),
    mean: (sum, _, count) => 10 * Math.log10(sum / count),
  },
  circular: {
    components: 2,
    part: (value, k) => (k === 0 ? Math.cos(value * radians) : Math.sin(value * radians)),
    mean: (x, y, count) =>
      Math.hypot(x, y) / count < shortestMean ? Number.NaN : (Math.atan2(y, x) / radians + 360) % 360,
  },
}

/** A cell whose base cells have different reasons. */
const mixed = 255

/** A block at coarser and coarser levels: a cell of level z covers 2^z × 2^z cells of the block, counted from its upper-left
 *  corner, fewer at the lower and right edge. It holds the mean by kind of those with a value (of classes the most frequent, of
 *  equal ones the smallest); where none has one, their most frequent reason (of equal ones the smaller code). Every level is
 *  computed from the cells of the block, never from the level before, so means of means do not creep in.
 *  @returns levels 1 … `levels` */
export function aggregateLevels(block: Block, kind: Kind, levels: number): Block[] {
  const result: Block[] = []
  const reasons = reasonLevels(block)
  if (kind === 'categorical') {
    for (let level = 1; level <= levels; level++) {
      const { rows, cols, counts, reason } = reasons.next()
      const values = new Float32Array(rows * cols).fill(Number.NaN)
      for (let i = 0; i < values.length; i++)
        if (counts[i] > 0) values[i] = mostFrequent(block, level, Math.floor(i / cols), i % cols, true)
      result.push({ rows, cols, values, reasons: reason })
    }
    return result
  }
  const { components, part, mean } = averagings[kind]
  let sums = Array.from({ length: components }, (_, k) => {
    const own = new Float64Array(block.values.length)
    for (let i = 0; i < own.length; i++) if (block.reasons[i] === reasonCodes.none) own[i] = part(block.values[i], k)
    return own
  })
  let [rows, cols] = [block.rows, block.cols]
  for (let level = 1; level <= levels; level++) {
    sums = sums.map((each) => halved(each, rows, cols))
    const next = reasons.next()
    rows = next.rows
    cols = next.cols
    const values = new Float32Array(rows * cols).fill(Number.NaN)
    for (let i = 0; i < values.length; i++) {
      if (next.counts[i] === 0) continue
      values[i] = mean(sums[0][i], components === 1 ? 0 : sums[1][i], next.counts[i])
      if (Number.isNaN(values[i])) next.reason[i] = reasonCodes.not_finite
    }
    result.push({ rows, cols, values, reasons: next.reason })
  }
  return result
}

/** Sums of 2 × 2 cells. */
function halved(sums: Float64Array, rows: number, cols: number): Float64Array<ArrayBuffer> {
  const width = (cols + 1) >> 1
  const out = new Float64Array(((rows + 1) >> 1) * width)
  for (let row = 0; row < rows; row++) {
    const to = (row >> 1) * width
    const from = row * cols
    for (let col = 0; col < cols; col++) out[to + (col >> 1)] += sums[from + col]
  }
  return out
}

interface ReasonLevel {
  readonly rows: number
  readonly cols: number
  /** Base cells with a value. */
  readonly counts: Uint32Array
  /** 0 where there is one. */
  readonly reason: Uint8Array
}

/** Counts and reasons, level by level. */
function reasonLevels(block: Block): { next(): ReasonLevel } {
  let [rows, cols, level] = [block.rows, block.cols, 0]
  // Plain loops: `from` calls a function for each cell, which took longer than all else here.
  let counts = new Uint32Array(block.reasons.length)
  for (let i = 0; i < counts.length; i++) counts[i] = block.reasons[i] === reasonCodes.none ? 1 : 0
  /** The one reason of all base cells of a cell, or `mixed`. */
  let only: Uint8Array = block.reasons
  return {
    next() {
      level++
      const width = (cols + 1) >> 1
      const height = (rows + 1) >> 1
      const nextCounts = new Uint32Array(width * height)
      const nextOnly = new Uint8Array(width * height)
      const isTouched = new Uint8Array(width * height)
      for (let row = 0; row < rows; row++)
        for (let col = 0; col < cols; col++) {
          const from = row * cols + col
          const to = (row >> 1) * width + (col >> 1)
          nextCounts[to] += counts[from]
          if (!isTouched[to]) nextOnly[to] = only[from]
          else if (nextOnly[to] !== only[from]) nextOnly[to] = mixed
          isTouched[to] = 1
        }
      const reason = new Uint8Array(width * height)
      for (let i = 0; i < reason.length; i++)
        if (nextCounts[i] === 0)
          reason[i] =
            nextOnly[i] === mixed ? mostFrequent(block, level, Math.floor(i / width), i % width, false) : nextOnly[i]
      ;[rows, cols, counts, only] = [height, width, nextCounts, nextOnly]
      return { rows, cols, counts, reason }
    },
  }
}

/** The most frequent value of the base cells that have one, or the most frequent reason of those that have none. */
function mostFrequent(block: Block, level: number, row: number, col: number, ofValues: boolean): number {
  const tally = new Map<number, number>()
  const bottom = Math.min(block.rows, (row + 1) << level)
  const right = Math.min(block.cols, (col + 1) << level)
  for (let r = row << level; r < bottom; r++)
    for (let c = col << level; c < right; c++) {
      const i = r * block.cols + c
      const hasValue = block.reasons[i] === reasonCodes.none
      if (hasValue !== ofValues) continue
      const key = ofValues ? block.values[i] : block.reasons[i]
      tally.set(key, (tally.get(key) ?? 0) + 1)
    }
  let [best, most] = [Number.NaN, 0]
  for (const [key, count] of tally) if (count > most || (count === most && key < best)) [best, most] = [key, count]
  return best
}
