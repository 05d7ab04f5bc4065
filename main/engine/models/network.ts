import type { Random } from '../numeric/index.ts'

/** A feed-forward network with rectified hidden units and one linear output, as flat arrays. */
export interface Network {
  /** Units of each layer: predictors, hidden ones, 1. */
  readonly sizes: readonly number[]
  /** Layer by layer: weights [units × units before], then the units' offsets. */
  readonly weights: Float64Array
}

/** How many numbers a network of these layers has. */
export function weightCount(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, units, l) => sum + units * (sizes[l] + 1), 0)
}

/** Weights drawn evenly within ±√(6 / (units before + units)), offsets 0 (Glorot & Bengio 2010). */
export function drawNetwork(sizes: readonly number[], random: Random): Network {
  const weights = new Float64Array(weightCount(sizes))
  let at = 0
  for (let l = 1; l < sizes.length; l++) {
    const bound = Math.sqrt(6 / (sizes[l - 1] + sizes[l]))
    for (let k = 0; k < sizes[l] * sizes[l - 1]; k++) weights[at++] = bound * (2 * random.uniform() - 1)
    at += sizes[l]
  }
  return { sizes, weights }
}

/** Values and slopes of every unit for one row. */
export interface Scratch {
  readonly values: Float64Array[]
  readonly slopes: Float64Array[]
}

export function scratchOf({ sizes }: Network): Scratch {
  const arrays = (): Float64Array[] => sizes.map((units) => new Float64Array(units))
  return { values: arrays(), slopes: arrays() }
}

/** The output for the row in `scratch.values[0]`. */
export function forward({ sizes, weights }: Network, { values }: Scratch): number {
  let at = 0
  for (let l = 1; l < sizes.length; l++) {
    const before = values[l - 1]
    const own = values[l]
    const isLast = l === sizes.length - 1
    const offsets = at + own.length * before.length
    for (let unit = 0; unit < own.length; unit++) {
      let sum = weights[offsets + unit]
      for (let i = 0; i < before.length; i++) sum += weights[at + unit * before.length + i] * before[i]
      own[unit] = isLast || sum > 0 ? sum : 0
    }
    at = offsets + own.length
  }
  return values[sizes.length - 1][0]
}

/** Adds to `gradient` the slope of ½ (output − goal)² by every weight, for the row that `forward` took last. */
export function backward(
  { sizes, weights }: Network,
  { values, slopes }: Scratch,
  goal: number,
  gradient: Float64Array,
): void {
  const last = sizes.length - 1
  slopes[last][0] = values[last][0] - goal
  let end = weights.length
  for (let l = last; l >= 1; l--) {
    const before = values[l - 1]
    const own = slopes[l]
    const offsets = end - own.length
    const at = offsets - own.length * before.length
    const passed = slopes[l - 1]
    passed.fill(0)
    for (let unit = 0; unit < own.length; unit++) {
      const slope = own[unit]
      if (slope === 0) continue
      const row = at + unit * before.length
      gradient[offsets + unit] += slope
      for (let i = 0; i < before.length; i++) {
        gradient[row + i] += slope * before[i]
        passed[i] += slope * weights[row + i]
      }
    }
    // A unit that is off passes nothing on.
    if (l > 1) for (let i = 0; i < before.length; i++) if (before[i] <= 0) passed[i] = 0
    end = at
  }
}

/** Outputs for `count` cells at once, unit by unit so that inner loops run along the cells.
 *  @param block one Float64Array[≥ count] per predictor
 *  @returns Float64Array whose first `count` numbers are the outputs */
export function outputsOf({ sizes, weights }: Network, block: readonly Float64Array[], count: number): Float64Array {
  let before = block
  let at = 0
  for (let l = 1; l < sizes.length; l++) {
    const isLast = l === sizes.length - 1
    const offsets = at + sizes[l] * before.length
    const own: Float64Array[] = []
    for (let unit = 0; unit < sizes[l]; unit++) {
      const sums = new Float64Array(count).fill(weights[offsets + unit])
      for (let i = 0; i < before.length; i++) {
        const weight = weights[at + unit * before.length + i]
        const values = before[i]
        for (let c = 0; c < count; c++) sums[c] += weight * values[c]
      }
      if (!isLast) for (let c = 0; c < count; c++) if (!(sums[c] > 0)) sums[c] = 0
      own.push(sums)
    }
    before = own
    at = offsets + sizes[l]
  }
  return before[0]
}
