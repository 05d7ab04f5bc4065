import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ForestParts } from '../../../main/native/index.ts'

export const predictorNames = ['ndvi', 'lst', 'slope', 'clay']

/** Path of a file of test/golden. */
export function goldenFile(name: string): string {
  return fileURLToPath(new URL(`../../golden/${name}`, import.meta.url))
}

export interface GoldenCells {
  readonly n: number
  /** Predictors, one Float32Array[n] each. */
  readonly columns: Float32Array[]
  /** What the original library predicted, by model. */
  readonly expected: Record<string, number[]>
}

export function goldenCells(name: string): GoldenCells {
  const [head, ...lines] = readFileSync(goldenFile(`${name}/cells.csv`), 'utf8')
    .trimEnd()
    .split('\n')
  const cells = lines.map((line) => line.split(',').map(Number))
  const all = head.split(',')
  return {
    n: cells.length,
    columns: predictorNames.map((_, p) => Float32Array.from(cells, (cell) => cell[p])),
    expected: Object.fromEntries(all.slice(4).map((column, i) => [column, cells.map((cell) => cell[4 + i])])),
  }
}

/** Largest difference that rounding alone can make between Loam and a library that adds the same leaves: Loam rounds each leaf
 *  and its result to float32, half a unit of 2^-23 each; a library that adds in float32 rounds after every tree as well. */
export function roundingOf(parts: ForestParts, libraryAdds: 'float32' | 'double'): number {
  const view = new DataView(parts.nodes.buffer, parts.nodes.byteOffset, parts.nodes.length)
  let at = 0
  let largestSum = Math.abs(parts.base)
  for (const size of parts.treeSizes) {
    let largest = 0
    for (let i = 0; i < size; i++, at += 8)
      if ((view.getUint8(at + 3) & 1) === 0) largest = Math.max(largest, Math.abs(view.getFloat32(at + 4, true)))
    largestSum += largest / (parts.aggregate === 'mean' ? parts.treeSizes.length : 1)
  }
  const roundings = 2 + (libraryAdds === 'float32' ? parts.treeSizes.length + 1 : 0)
  return roundings * 2 ** -24 * largestSum
}

export function largestDifference(predicted: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(predicted[i] - expected[i])
    if (!(difference <= largest)) largest = difference
  }
  return largest
}
