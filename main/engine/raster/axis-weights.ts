/** Which source cells along one axis make up each target cell, and with what weight. */
export interface AxisWeights {
  /** First source index of each target cell; `count[i]` cells follow. */
  readonly first: Int32Array
  readonly count: Int32Array
  /** Weights of all target cells one after another; cell i's start at `start[i]`. Those of one cell sum to the share of
   *  the cell that the source covers, 1 when it lies inside. */
  readonly start: Int32Array
  readonly weights: Float64Array
  /** Source indices used by any target cell: [low, high); low = high when none is. */
  readonly low: number
  readonly high: number
}

export interface AxisOptions {
  /** Source cells along the axis. */
  readonly size: number
  /** Linear interpolation (or nearest) instead of overlap: the target cell is not longer than a source cell. */
  readonly isFine: boolean
  /** With `isFine`: the source cell under the centre only. */
  readonly isNearest: boolean
  /** True when the axis comes round, so that indices beyond 0…size are places too. */
  readonly isRound: boolean
}

/** Weights by overlap of intervals. A target cell shorter than a source cell is widened about its centre to one source
 *  cell, which is linear interpolation between cell centres; so both cases meet without a step at equal size.
 *  @param edges target cell i reaches from edges[i] to edges[i + 1], in source cells from the source's first edge */
export function axisWeights(edges: Float64Array, options: AxisOptions): AxisWeights {
  const cells = edges.length - 1
  const first = new Int32Array(cells)
  const count = new Int32Array(cells)
  const start = new Int32Array(cells)
  const weights: number[] = []
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < cells; i++) {
    start[i] = weights.length
    const interval = options.isFine ? fineInterval(edges[i], edges[i + 1], options) : [edges[i], edges[i + 1]]
    if (!interval) continue
    const [from, to] = interval
    const lowest = options.isRound ? Math.floor(from) : Math.max(0, Math.floor(from))
    const highest = options.isRound ? Math.ceil(to) : Math.min(options.size, Math.ceil(to))
    for (let k = lowest; k < highest; k++) {
      const share = (Math.min(k + 1, to) - Math.max(k, from)) / (to - from)
      // Nested grids miss each other's edges by rounding; such a sliver must not pull in a neighbour.
      if (share < 1e-6) continue
      if (count[i] === 0) first[i] = k
      count[i]++
      weights.push(share)
    }
    if (count[i] === 0) continue
    low = Math.min(low, first[i])
    high = Math.max(high, first[i] + count[i])
  }
  if (low > high) low = high = 0
  return { first, count, start, weights: Float64Array.from(weights), low, high }
}

/** The stretch a fine cell reads, or null when its centre is outside the source. */
function fineInterval(from: number, to: number, options: AxisOptions): [number, number] | null {
  const centre = (from + to) / 2
  const { size, isRound } = options
  if (!isRound && (centre < 0 || centre > size)) return null
  if (options.isNearest) {
    const cell = isRound ? Math.floor(centre) : Math.min(size - 1, Math.floor(centre))
    return [cell, cell + 1]
  }
  // Beyond the outermost cell centres the outermost value holds.
  const begin = isRound ? centre - 0.5 : Math.min(Math.max(centre - 0.5, 0), size - 1)
  return [begin, begin + 1]
}
