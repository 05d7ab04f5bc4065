/** Seeded random numbers, the same on every machine. Source: O'Neill, PCG; here SplitMix64-seeded xoshiro128**
 *  (Blackman & Vigna 2018), period 2^128 − 1. */
export class Random {
  private readonly s = new Uint32Array(4)

  constructor(seed: number, stream = 0) {
    let z = (BigInt(Math.trunc(seed)) ^ (BigInt(Math.trunc(stream)) << 32n)) & 0xffff_ffff_ffff_ffffn
    for (let i = 0; i < 4; i++) {
      z = (z + 0x9e37_79b9_7f4a_7c15n) & 0xffff_ffff_ffff_ffffn
      let x = z
      x = ((x ^ (x >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & 0xffff_ffff_ffff_ffffn
      x = ((x ^ (x >> 27n)) * 0x94d0_49bb_1331_11ebn) & 0xffff_ffff_ffff_ffffn
      this.s[i] = Number((x ^ (x >> 31n)) & 0xffff_ffffn)
    }
  }

  /** An unsigned 32-bit integer. */
  uint32(): number {
    const s = this.s
    const product = Math.imul(s[1], 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const t = s[1] << 9
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = (s[3] << 11) | (s[3] >>> 21)
    return result
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67_108_864 + (this.uint32() >>> 6)) / 9_007_199_254_740_992
  }

  /** Uniform integer in [0, bound), without bias. */
  below(bound: number): number {
    const limit = 4_294_967_296 - (4_294_967_296 % bound)
    let value = this.uint32()
    while (value >= limit) value = this.uint32()
    return value % bound
  }

  /** Standard normal, by the polar method (Marsaglia & Bray 1964). */
  normal(): number {
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const s = u * u + v * v
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s)
    }
  }

  /** Shuffles in place (Fisher–Yates). */
  shuffle<T extends { [i: number]: number; length: number }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      const swap = items[i]
      items[i] = items[j]
      items[j] = swap
    }
    return items
  }
}
