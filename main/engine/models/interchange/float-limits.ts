/** Loam's predictors are float32 numbers and go left when they are <= a float32 cut. Here any other comparison becomes such
 *  a one that decides the same for every float32, so that an imported tree sends each cell where its own program does. */

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** The highest float32 that is <= a double; −Infinity when there is none that is finite. */
export function highestAtMost(limit: number): number {
  const rounded = Math.fround(limit)
  return rounded <= limit ? rounded : nextBelow(rounded)
}

/** The highest float32 that is < a double: for a float32 x, x < limit exactly when x <= highestBelow(limit). */
export function highestBelow(limit: number): number {
  const rounded = Math.fround(limit)
  return rounded < limit ? rounded : nextBelow(rounded)
}

/** The highest float32 for which a condition holds that holds up to some number and not beyond it; −Infinity when it holds for
 *  no finite one, Infinity when it holds for all. */
export function highestWhere(holds: (x: number) => boolean): number {
  let low = -mostFinite
  let high = mostFinite
  if (holds(floatAt(high))) return Infinity
  if (!holds(floatAt(low))) return -Infinity
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(floatAt(middle))) low = middle
    else high = middle
  }
  return floatAt(low)
}

/** Bits of the highest finite float32, which is also its place among them. */
const mostFinite = 0x7f7fffff

/** Float32 numbers in their order: place 0 is 0, place 1 the smallest positive float32, place −1 the smallest negative one, and so on. */
function floatAt(place: number): number {
  bits[0] = place < 0 ? (-place | 0x80000000) >>> 0 : place
  return float[0]
}

/** The next lower float32; of −Infinity itself. */
function nextBelow(value: number): number {
  if (value === -Infinity) return value
  float[0] = value
  if (value === 0)
    bits[0] = 0x80000001 // The smallest negative number.
  else bits[0] += value > 0 ? -1 : 1
  return float[0]
}
