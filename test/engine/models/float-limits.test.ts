import { describe, expect, it } from 'vitest'
import { highestAtMost, highestBelow, highestWhere } from '../../../main/engine/models/interchange/float-limits.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

const largest = Math.fround(3.4028234663852886e38)
const smallest = 2 ** -149

/** The float32 numbers around a double, from its rounding and the bits beside it. */
function around(value: number): number[] {
  const float = Float32Array.of(value)
  const bits = new Int32Array(float.buffer)
  const center = bits[0]
  const found: number[] = []
  for (let step = -2; step <= 2; step++) {
    bits[0] = center + step
    if (Number.isFinite(float[0])) found.push(float[0])
  }
  return [...found, ...found.map((x) => -x), 0, -0, smallest, -smallest, largest, -largest]
}

describe('limits of comparisons', () => {
  it('decide for every float32 near a threshold as the comparison in double does', () => {
    const random = new Random(8)
    const thresholds = [0, -0, 1, 0.1, -0.1, smallest / 2, -smallest / 2, 1e300, -1e300, largest, -largest, 3.5e38]
    for (let i = 0; i < 2000; i++)
      thresholds.push((random.uniform() - 0.5) * 10 ** Math.floor(random.uniform() * 80 - 45))
    for (const threshold of thresholds)
      for (const x of around(threshold)) {
        expect(x <= highestAtMost(threshold), `${x} <= ${threshold}`).toBe(x <= threshold)
        expect(x <= highestBelow(threshold), `${x} < ${threshold}`).toBe(x < threshold)
      }
  })

  it('are found by bisection where a condition ends', () => {
    const random = new Random(9)
    for (let i = 0; i < 500; i++) {
      const end = Math.fround((random.uniform() - 0.5) * 10 ** Math.floor(random.uniform() * 80 - 45))
      expect(highestWhere((x) => x <= end)).toBe(end === 0 ? 0 : end)
    }
    expect(highestWhere(() => true)).toBe(Infinity)
    expect(highestWhere(() => false)).toBe(-Infinity)
  })
})
