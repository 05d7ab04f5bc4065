import { reasonCodes } from '../../contract/index.ts'
import type { Block, Kind } from '../../contract/index.ts'

/** The mean of so many values from the sums of their components; see `componentsOf`. */
interface Averaging {
  /** @param y sum of the second component, where there is one. @returns NaN when the mean has no value */
  mean(x: number, y: number, count: number): number
}

const radians = Math.PI / 180
/** Directions whose mean vector is shorter cancel, up to the rounding of float32. */
const shortestMean = 1e-6

const averagings: Record<Exclude<Kind, 'categorical'>, Averaging> = {
  continuous: { mean: (sum, _, count) => sum / count },
  decibel: { mean: (sum, _, count) => 10 * Math.log10(sum / count) },
  circular: {
    mean: (x, y, count) =>
      Math.hypot(x, y) / count < shortestMean ? Number.NaN : (Math.atan2(y, x) / radians + 360) % 360,
  },
}

/** A cell whose base cells have different reasons. */
const mixed = 255

/** A block at coarser and coarser levels: a cell of level z covers 2^z × 2^z cells of the block, counted from its upper-left
 *  corner, fewer at the lower and right edge. It holds the mean by kind of those with a value (of classes the most frequent, of
 *  equal ones the smallest); where none has one, their most frequent reason (of equal ones the smaller code). Every level is
 *  computed from the cells of the block, never from the level before, so means of means do not creep in. A value is outside the
 *  area of applicability where more than half of the cells it is the mean of are.
 *  @returns levels 1 … `levels` */
export function aggregateLevels(block: Block, kind: Kind, levels: number): Block[] {
  const { outside_applicability } = reasonCodes
  if (!block.reasons.includes(outside_applicability)) return levelsOf(block, kind, levels)
  const reasons = block.reasons.map((code) => (code === outside_applicability ? reasonCodes.none : code))
  const isOutside = Float32Array.from(block.reasons, (code) => (code === outside_applicability ? 1 : 0))
  const shares = levelsOf({ ...block, values: isOutside, reasons }, 'continuous', levels)
  return levelsOf({ ...block, reasons }, kind, levels).map((level, i) => {
    for (let cell = 0; cell < level.reasons.length; cell++)
      if (level.reasons[cell] === reasonCodes.none && shares[i].values[cell] > 0.5)
        level.reasons[cell] = outside_applicability
    return level
  })
}

/** `aggregateLevels` of a block whose values all may be trusted. */
function levelsOf(block: Block, kind: Kind, levels: number): Block[] {
  const reasons = reasonLevels(block)
  if (kind === 'categorical')
    return Array.from({ length: levels }, (_, i) => {
      const { rows, cols, counts, reason } = reasons.next()
      const values = new Float32Array(rows * cols).fill(Number.NaN)
      for (let cell = 0; cell < values.length; cell++)
        if (counts[cell] > 0) values[cell] = mostFrequent(block, i + 1, Math.floor(cell / cols), cell % cols, true)
      return { rows, cols, values, reasons: reason }
    })
  const { mean } = averagings[kind]
  let sums = componentsOf(block, kind)
  let [rows, cols] = [block.rows, block.cols]
  return Array.from({ length: levels }, () => {
    sums = sums.map((each) => halved(each, rows, cols))
    const next = reasons.next()
    ;[rows, cols] = [next.rows, next.cols]
    const { counts, reason } = next
    const [x, y] = [sums[0], sums[1] ?? sums[0]]
    const values = new Float32Array(rows * cols)
    for (let i = 0; i < values.length; i++) {
      values[i] = counts[i] === 0 ? Number.NaN : mean(x[i], y[i], counts[i])
      if (counts[i] > 0 && Number.isNaN(values[i])) reason[i] = reasonCodes.not_finite
    }
    return { rows, cols, values, reasons: reason }
  })
}

/** What is added up of each cell; 0 where there is no value. Loops of their own for the two common kinds: a call a cell would
 *  cost as much as all the rest. */
function componentsOf(block: Block, kind: Exclude<Kind, 'categorical'>): Float64Array<ArrayBuffer>[] {
  const { values, reasons } = block
  const n = values.length
  const first = new Float64Array(n)
  if (kind === 'continuous') {
    for (let i = 0; i < n; i++) first[i] = reasons[i] === 0 ? values[i] : 0
    return [first]
  }
  if (kind === 'decibel') {
    for (let i = 0; i < n; i++) first[i] = reasons[i] === 0 ? 10 ** (values[i] / 10) : 0
    return [first]
  }
  const second = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    if (reasons[i] !== 0) continue
    first[i] = Math.cos(values[i] * radians)
    second[i] = Math.sin(values[i] * radians)
  }
  return [first, second]
}

/** Sums of 2 × 2 cells. */
function halved(sums: Float64Array, rows: number, cols: number): Float64Array<ArrayBuffer> {
  const width = (cols + 1) >> 1
  const whole = cols >> 1
  const out = new Float64Array(((rows + 1) >> 1) * width)
  for (let row = 0; row < rows; row++) {
    const to = (row >> 1) * width
    const from = row * cols
    for (let col = 0; col < whole; col++) out[to + col] += sums[from + 2 * col] + sums[from + 2 * col + 1]
    if (width > whole) out[to + whole] += sums[from + cols - 1]
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
  let counts = new Uint32Array(rows * cols)
  let valid = 0
  for (let i = 0; i < counts.length; i++) if (block.reasons[i] === reasonCodes.none) valid += counts[i] = 1
  const hasGaps = valid < counts.length
  /** The one reason of all base cells of a cell, or `mixed`. */
  let only: Uint8Array = block.reasons
  return {
    next() {
      level++
      const width = (cols + 1) >> 1
      const height = (rows + 1) >> 1
      const nextCounts = new Uint32Array(width * height)
      const reason = new Uint8Array(width * height)
      for (let row = 0; row < rows; row++) {
        const to = (row >> 1) * width
        const from = row * cols
        for (let col = 0; col < cols; col++) nextCounts[to + (col >> 1)] += counts[from + col]
      }
      if (hasGaps) {
        const nextOnly = onlyReasons(only, rows, cols)
        for (let i = 0; i < reason.length; i++)
          if (nextCounts[i] === 0)
            reason[i] =
              nextOnly[i] === mixed ? mostFrequent(block, level, Math.floor(i / width), i % width, false) : nextOnly[i]
        only = nextOnly
      }
      ;[rows, cols, counts] = [height, width, nextCounts]
      return { rows, cols, counts, reason }
    },
  }
}

/** Of 2 × 2 cells the one reason they share, else `mixed`. */
function onlyReasons(only: Uint8Array, rows: number, cols: number): Uint8Array {
  const width = (cols + 1) >> 1
  const out = new Uint8Array(((rows + 1) >> 1) * width)
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      const own = only[row * cols + col]
      const to = (row >> 1) * width + (col >> 1)
      // The upper-left cell of the four is met first.
      if (((row | col) & 1) === 0) out[to] = own
      else if (out[to] !== own) out[to] = mixed
    }
  return out
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
