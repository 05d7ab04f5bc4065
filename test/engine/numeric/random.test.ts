import { describe, expect, it } from 'vitest'
import { Random, kolmogorovSmirnov, mean, normalQuantile, variance } from '../../../main/engine/numeric/index.ts'

const mask64 = (1n << 64n) - 1n
const mask32 = (1n << 32n) - 1n

/** SplitMix64 seeding and xoshiro128**, written in whole numbers of any size from the papers' pseudocode. */
function* plainly(seed: bigint): Generator<number> {
  let z = seed & mask64
  const s = [0, 1, 2, 3].map(() => {
    z = (z + 0x9e3779b97f4a7c15n) & mask64
    let x = z
    x = ((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n) & mask64
    x = ((x ^ (x >> 27n)) * 0x94d049bb133111ebn) & mask64
    return (x ^ (x >> 31n)) & mask32
  })
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask32
  for (;;) {
    yield Number((rotate((s[1] * 5n) & mask32, 7n) * 9n) & mask32)
    const t = (s[1] << 9n) & mask32
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = rotate(s[3], 11n)
  }
}

describe('Random', () => {
  it('is xoshiro128** seeded by SplitMix64', () => {
    for (const seed of [0, 1, 42, 2 ** 40]) {
      const random = new Random(seed)
      const plain = plainly(BigInt(seed))
      for (let i = 0; i < 200; i++) expect(random.uint32()).toBe(plain.next().value)
    }
  })

  it('same seed same numbers; another seed or stream, other numbers', () => {
    const first = (seed: number, stream?: number) => {
      const random = new Random(seed, stream)
      return [0, 1, 2].map(() => random.uniform()).join()
    }
    expect(first(7)).toBe(first(7, 0))
    expect(new Set([first(7), first(8), first(7, 1), first(7, 2), first(8, 1)]).size).toBe(5)
  })

  it('uniform fills [0, 1) evenly', () => {
    const random = new Random(3)
    const drawn = Float64Array.from({ length: 20_000 }, () => random.uniform()).sort()
    const even = Float64Array.from({ length: 20_000 }, (_, i) => (i + 0.5) / 20_000)
    expect(drawn[0]).toBeGreaterThanOrEqual(0)
    expect(drawn[19_999]).toBeLessThan(1)
    expect(kolmogorovSmirnov(drawn, even).distance).toBeLessThan(0.012)
  })

  it('below gives each number its share', () => {
    const random = new Random(4)
    const counts = new Array<number>(7).fill(0)
    for (let i = 0; i < 70_000; i++) counts[random.below(7)]++
    // Chi-square with 6 degrees: 22.5 is passed once in 1000.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5)
    expect(random.below(1)).toBe(0)
  })

  it('normal follows the normal distribution', () => {
    const random = new Random(5)
    const drawn = Float64Array.from({ length: 20_000 }, () => random.normal()).sort()
    const wanted = Float64Array.from({ length: 20_000 }, (_, i) => normalQuantile((i + 0.5) / 20_000))
    expect(kolmogorovSmirnov(drawn, wanted).distance).toBeLessThan(0.012)
    expect(mean(drawn)).toBeCloseTo(0, 1)
    expect(variance(drawn)).toBeCloseTo(1, 1)
  })

  it('shuffle keeps every item and puts each everywhere', () => {
    const random = new Random(6)
    const at = Array.from({ length: 4 }, () => new Array<number>(4).fill(0))
    for (let i = 0; i < 8000; i++) {
      const shuffled = random.shuffle([0, 1, 2, 3])
      expect([...shuffled].sort()).toEqual([0, 1, 2, 3])
      shuffled.forEach((item, position) => at[item][position]++)
    }
    for (const counts of at) for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(160)
  })
})
