import type { SampleTable } from '../samples/index.ts'

const blocksPerSide = 5

/** Neighbouring cells resemble each other, so a bootstrap draws 5 × 5 parts of the area whole. */
export function spatialGroups(table: SampleTable): Int32Array {
  const span = (values: Float64Array): ((value: number) => number) => {
    const low = values.reduce((a, b) => Math.min(a, b), Infinity)
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity)
    return (value) => Math.min(blocksPerSide - 1, Math.floor(((value - low) / (high - low || 1)) * blocksPerSide))
  }
  const [blockX, blockY] = [span(table.x), span(table.y)]
  return Int32Array.from(table.x, (x, i) => blockY(table.y[i]) * blocksPerSide + blockX(x))
}
