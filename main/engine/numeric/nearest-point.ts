/** Points a leaf of the tree holds at most; a scan of so few costs less than going deeper. */
const leafSize = 12

/** Finds the nearest of many points in few dimensions, by a k-d tree.
 *  Source: Friedman, Bentley & Finkel (1977), ACM Transactions on Mathematical Software 3, 209–226. */
export class NearestPoint {
  readonly count: number
  readonly #dimensions: number
  /** Coordinates in the order of the leaves, point by point. */
  readonly #points: Float64Array
  /** Per node from 1, children of n at 2n and 2n + 1: the axis it splits and where; axis −1: a leaf. */
  readonly #axis: Int16Array
  readonly #cut: Float64Array
  /** First point of each node, and the one after its last. */
  readonly #from: Int32Array
  readonly #to: Int32Array
  #last = 0

  /** @param points Float64Array[n × dimensions], point by point; n ≥ 1, no NaN */
  constructor(points: Float64Array, dimensions: number) {
    this.#dimensions = dimensions
    this.count = points.length / dimensions
    const depth = Math.max(0, Math.ceil(Math.log2(this.count / leafSize)))
    const nodes = 2 ** (depth + 1)
    this.#axis = new Int16Array(nodes).fill(-1)
    this.#cut = new Float64Array(nodes)
    this.#from = new Int32Array(nodes)
    this.#to = new Int32Array(nodes)
    const order = Int32Array.from({ length: this.count }, (_, i) => i)
    this.#split(points, order, 1, 0, this.count, depth)
    this.#points = new Float64Array(points.length)
    for (let i = 0; i < this.count; i++)
      for (let d = 0; d < dimensions; d++) this.#points[i * dimensions + d] = points[order[i] * dimensions + d]
  }

  /** Squared distance from a point to the nearest one. Fast when called for places one after the other that lie close: the
   *  nearest of the last call is the first candidate of this one. */
  squaredDistance(query: Float64Array): number {
    // The last nearest only bounds the search, so the answer does not depend on the order of the calls.
    return this.#search(query, 1, this.#scan(query, this.#last, this.#last + 1, Infinity))
  }

  #search(query: Float64Array, node: number, best: number): number {
    const axis = this.#axis[node]
    if (axis < 0) return this.#scan(query, this.#from[node], this.#to[node], best)
    const beyond = query[axis] - this.#cut[node]
    const near = beyond < 0 ? 2 * node : 2 * node + 1
    const found = this.#search(query, near, best)
    return beyond * beyond < found ? this.#search(query, near ^ 1, found) : found
  }

  #scan(query: Float64Array, from: number, to: number, best: number): number {
    const points = this.#points
    const dimensions = this.#dimensions
    for (let i = from; i < to; i++) {
      let sum = 0
      const at = i * dimensions
      for (let d = 0; d < dimensions && sum < best; d++) {
        const difference = query[d] - points[at + d]
        sum += difference * difference
      }
      if (sum < best) {
        best = sum
        this.#last = i
      }
    }
    return best
  }

  #split(points: Float64Array, order: Int32Array, node: number, from: number, to: number, depth: number): void {
    this.#from[node] = from
    this.#to[node] = to
    if (depth === 0 || to - from <= leafSize) return
    const axis = widestAxis(points, order, this.#dimensions, from, to)
    if (axis < 0) return
    const middle = (from + to) >> 1
    const part = order.subarray(from, to)
    const at = (i: number): number => points[i * this.#dimensions + axis]
    part.sort((a, b) => at(a) - at(b) || a - b)
    this.#axis[node] = axis
    this.#cut[node] = at(order[middle])
    this.#split(points, order, 2 * node, from, middle, depth - 1)
    this.#split(points, order, 2 * node + 1, middle, to, depth - 1)
  }
}

/** The axis along which points spread most; −1 when they are all the same. */
function widestAxis(points: Float64Array, order: Int32Array, dimensions: number, from: number, to: number): number {
  let [widest, most] = [-1, 0]
  for (let axis = 0; axis < dimensions; axis++) {
    let [low, high] = [Infinity, -Infinity]
    for (let i = from; i < to; i++) {
      const value = points[order[i] * dimensions + axis]
      if (value < low) low = value
      if (value > high) high = value
    }
    if (high - low > most) [widest, most] = [axis, high - low]
  }
  return widest
}
