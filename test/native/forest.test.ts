import { describe, expect, it } from 'vitest'
import { Random } from '../../main/engine/numeric/index.ts'
import {
  decodeForest,
  describeForest,
  encodeForest,
  NativeError,
  predictForest,
  trainForest,
} from '../../main/native/index.ts'
import type { TrainOptions } from '../../main/native/index.ts'

const options: TrainOptions = {
  treeCount: 30,
  minLeafSize: 5,
  predictorsPerSplit: 0,
  maxDepth: 64,
  sampleFraction: 1,
  seed: 1,
  permutationImportance: false,
  threads: 2,
}

/** Friedman's first problem (1991): five predictors matter, the rest do not. */
function friedman(
  rows: number,
  predictorCount: number,
  seed: number,
): { columns: Float32Array[]; target: Float64Array } {
  const random = new Random(seed)
  const columns = Array.from({ length: predictorCount }, () =>
    Float32Array.from({ length: rows }, () => random.uniform()),
  )
  const target = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c, d, e] = columns.map((column) => column[i])
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + random.normal()
  })
  return { columns, target }
}

interface PlainNode {
  predictor: number
  cut: number
  right: number
  value: number
  isLeaf: boolean
}

/** Reads a model file with nothing but its description and walks it with doubles, cell by cell. */
function plainPredict(file: Uint8Array, columns: Float32Array[], cells: number): Float32Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const align = (offset: number): number => Math.ceil(offset / 64) * 64
  const predictorCount = view.getUint32(12, true)
  const treeCount = view.getUint32(16, true)
  const cutCounts = align(64 + Number(view.getBigUint64(24, true)))
  const cutsAt = align(cutCounts + 4 * predictorCount)
  const startsAt = align(cutsAt + 4 * Number(view.getBigUint64(32, true)))
  const nodesAt = align(startsAt + 8 * (treeCount + 1))
  const cuts: number[][] = []
  let next = cutsAt
  for (let p = 0; p < predictorCount; p++) {
    const count = view.getUint32(cutCounts + 4 * p, true)
    cuts.push(Array.from({ length: count }, (_, i) => view.getFloat32(next + 4 * i, true)))
    next += 4 * count
  }
  const node = (tree: number, i: number): PlainNode => {
    const at = nodesAt + 8 * (Number(view.getBigUint64(startsAt + 8 * tree, true)) + i)
    const predictor = view.getUint8(at + 2)
    return {
      predictor,
      cut: cuts[predictor][view.getUint16(at, true)],
      right: view.getUint32(at + 4, true),
      value: view.getFloat32(at + 4, true),
      isLeaf: (view.getUint8(at + 3) & 1) === 0,
    }
  }
  return Float32Array.from({ length: cells }, (_, cell) => {
    if (columns.some((column) => Number.isNaN(column[cell]))) return NaN
    let sum = 0
    for (let tree = 0; tree < treeCount; tree++) {
      let i = 0
      for (let n = node(tree, i); !n.isLeaf; n = node(tree, i))
        i = columns[n.predictor][cell] <= n.cut ? i + 1 : n.right
      sum += node(tree, i).value
    }
    return sum / treeCount
  })
}

async function predict(
  forest: Parameters<typeof predictForest>[0],
  columns: Float32Array[],
  threads = 2,
): Promise<Float32Array> {
  const out = new Float32Array(columns[0].length)
  await predictForest(forest, [columns], [out], { threads })
  return out
}

describe('native forest', () => {
  it('predicts every cell as a plain walk of the model file does', async () => {
    const { columns, target } = friedman(3000, 6, 1)
    const { forest } = await trainForest(columns, target, null, options)
    const cells = friedman(5000, 6, 2).columns
    cells[2][7] = NaN
    cells[0][100] = Infinity
    cells[5][101] = -Infinity
    // Values on the cuts themselves decide between <= and <.
    for (let i = 0; i < 2000; i++) cells[1][i] = Math.fround((columns[1][i] + columns[1][i + 1]) / 2)
    for (let i = 2000; i < 4000; i++) cells[3][i] = columns[3][i - 2000]
    const expected = plainPredict(encodeForest(forest, '{}'), cells, 5000)
    expect(await predict(forest, cells)).toEqual(expected)
    expect(expected[7]).toBeNaN()
  })

  it('gives the same file on 1, 2 and 5 threads, and another for another seed', async () => {
    const { columns, target } = friedman(4000, 7, 3)
    const file = async (more: Partial<TrainOptions>): Promise<Uint8Array> =>
      encodeForest(
        (await trainForest(columns, target, null, { ...options, predictorsPerSplit: 3, ...more })).forest,
        '{}',
      )
    const one = await file({ threads: 1 })
    expect(await file({ threads: 2 })).toEqual(one)
    expect(await file({ threads: 5 })).toEqual(one)
    expect(await file({ seed: 2 })).not.toEqual(one)
  })

  it('explains what can be explained, and its out-of-bag error is honest', async () => {
    const { columns, target } = friedman(4000, 10, 4)
    const result = await trainForest(columns, target, null, { ...options, treeCount: 100, permutationImportance: true })
    const fresh = friedman(4000, 10, 5)
    const predicted = await predict(result.forest, fresh.columns)
    const rmse = Math.sqrt(fresh.target.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0) / 4000)
    expect(rmse).toBeLessThan(1.7) // noise alone is 1, the target's deviation 5
    expect(Math.abs(result.outOfBagRmse / rmse - 1)).toBeLessThan(0.06)
    expect(result.outOfBagR2).toBeGreaterThan(0.85)
    const sum = result.impurityImportance.reduce((a, b) => a + b)
    expect(sum).toBeCloseTo(1, 12)
    for (let p = 5; p < 10; p++) {
      expect(result.impurityImportance[p]).toBeLessThan(0.02)
      expect(Math.abs(result.permutationMean[p])).toBeLessThan(0.2)
    }
    for (let p = 0; p < 5; p++) expect(result.permutationMean[p]).toBeGreaterThan(1)
  })

  it('stays within the targets and keeps leaves at their smallest size', async () => {
    const { columns, target } = friedman(500, 5, 6)
    const { forest } = await trainForest(columns, target, null, {
      ...options,
      treeCount: 1,
      minLeafSize: 100,
      sampleFraction: 0.99999,
    })
    expect(describeForest(forest).nodeCount).toBeLessThanOrEqual(9)
    const predicted = await predict(forest, columns)
    for (const value of new Set(predicted))
      expect(predicted.filter((other) => other === value).length).toBeGreaterThanOrEqual(100)
    expect(Math.min(...predicted)).toBeGreaterThanOrEqual(Math.min(...target))
  })

  it('finds the one cut of a step, half-way', async () => {
    const x = Float32Array.from({ length: 40 }, (_, i) => i)
    const y = Float64Array.from(x, (value) => (value < 25 ? 1 : 3))
    const { forest, impurityImportance } = await trainForest([x], y, null, {
      ...options,
      sampleFraction: 0.99999,
      treeCount: 1,
      minLeafSize: 1,
    })
    expect(describeForest(forest).nodeCount).toBe(3)
    expect(await predict(forest, [Float32Array.of(-1e30, 24.4, 24.5, 24.6, 1e30)])).toEqual(
      Float32Array.of(1, 1, 1, 3, 3),
    )
    expect([...impurityImportance]).toEqual([1])
  })

  it('counts a weight of 2 as two rows and a weight of 0 as none', async () => {
    const x = Float32Array.of(0, 0, 0, 1, 1, 1)
    const y = Float64Array.of(1, 2, 9, 4, 5, 9)
    const weights = Float64Array.of(2, 1, 0, 1, 2, 0)
    const { forest } = await trainForest([x], y, weights, {
      ...options,
      treeCount: 1,
      minLeafSize: 1,
      sampleFraction: 0.99999,
    })
    const [left, right] = await predict(forest, [Float32Array.of(0, 1)])
    expect(left).toBeCloseTo(4 / 3, 4)
    expect(right).toBeCloseTo(14 / 3, 4)
  })

  it('survives a file round trip and refuses a damaged one', async () => {
    const { columns, target } = friedman(300, 5, 7)
    const { forest } = await trainForest(columns, target, null, options)
    const file = encodeForest(forest, '{"näme":1}')
    const back = decodeForest(file)
    expect(back.json).toBe('{"näme":1}')
    expect(await predict(back.forest, columns)).toEqual(await predict(forest, columns))
    file[file.length >> 1] ^= 1
    expect(() => decodeForest(file)).toThrow(expect.objectContaining({ code: 'bad_model' }))
    expect(() => decodeForest(new Uint8Array(10))).toThrow(NativeError)
  })

  it('refuses missing values, naming predictor and row', async () => {
    const { columns, target } = friedman(50, 5, 8)
    columns[3][20] = NaN
    await expect(trainForest(columns, target, null, options)).rejects.toMatchObject({
      code: 'bad_table',
      message: expect.stringMatching(/Predictor 4 .* row 21/),
    })
  })

  it('stops when asked and tells how far it is', async () => {
    const { columns, target } = friedman(50_000, 10, 9)
    const controller = new AbortController()
    const shares: number[] = []
    const training = trainForest(columns, target, null, {
      ...options,
      treeCount: 5000,
      signal: controller.signal,
      onProgress: (share) => {
        shares.push(share)
        controller.abort()
      },
    })
    await expect(training).rejects.toMatchObject({ code: 'cancelled' })
    expect(shares.length).toBeGreaterThan(0)
    expect(shares[0]).toBeLessThan(0.5)
  })

  it('reads and fills shared memory in place', async () => {
    const { columns, target } = friedman(300, 5, 11)
    const { forest } = await trainForest(columns, target, null, options)
    const shared = columns.map((column) => {
      const copy = new Float32Array(new SharedArrayBuffer(column.byteLength))
      copy.set(column)
      return copy
    })
    const out = new Float32Array(new SharedArrayBuffer(300 * 4))
    await predictForest(forest, [shared], [out], { threads: 2 })
    expect(Float32Array.from(out)).toEqual(await predict(forest, columns))
  })

  it('stops a prediction when asked', async () => {
    const { columns, target } = friedman(20_000, 5, 12)
    const { forest } = await trainForest(columns, target, null, { ...options, minLeafSize: 1 })
    const cells = friedman(1_000_000, 5, 13).columns
    const controller = new AbortController()
    const predicting = predictForest(forest, [cells], [new Float32Array(1_000_000)], {
      threads: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(predicting).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('codes a predictor with more than 65 535 values by its quantiles', async () => {
    const rows = 200_000
    const random = new Random(10)
    const x = Float32Array.from({ length: rows }, () => random.normal())
    const y = Float64Array.from(x, (value) => (value > 1.5 ? 1 : 0))
    const { forest, outOfBagRmse } = await trainForest([x], y, null, { ...options, treeCount: 3, maxDepth: 4 })
    expect(outOfBagRmse).toBeLessThan(0.01)
    const file = encodeForest(forest, '')
    const cuts = new DataView(file.buffer, file.byteOffset).getBigUint64(32, true)
    expect(Number(cuts)).toBeGreaterThan(60_000)
    expect(Number(cuts)).toBeLessThanOrEqual(65_535)
  })
})
