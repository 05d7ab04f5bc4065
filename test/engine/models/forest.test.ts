import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeModel, learners, readModelFile, writeModelFile } from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

const settings = { type: 'forest', treeCount: 20, minLeafSize: 3, maxDepth: 64, sampleFraction: 1 } as const
const options = { seed: 1, threads: 2, target: { name: 'SM', unit: 'm3 m-3' } }

function moisture(rows: number): { predictors: string[]; columns: Float32Array[]; target: Float64Array } {
  const random = new Random(5)
  const columns = [0, 1, 2].map(() => Float32Array.from({ length: rows }, () => random.uniform()))
  const target = Float64Array.from({ length: rows }, (_, i) => 0.1 + 0.3 * columns[0][i] - 0.1 * columns[1][i] ** 2)
  return { predictors: ['rain', 'LST', 'clay'], columns, target }
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-models-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('forest learner', () => {
  it('learns, says what it is, and comes back from its file as it was', async () => {
    const table = moisture(800)
    const model = await learners.forest.fit(table, null, settings, { ...options, permutationImportance: true })
    expect(model.info).toMatchObject({
      predictors: ['rain', 'LST', 'clay'],
      target: 'SM',
      targetUnit: 'm3 m-3',
      rows: 800,
      treeCount: 20,
    })
    expect(model.info.settings).toMatchObject({ predictorsPerSplit: 1 })
    expect(model.info.ranges[2]).toEqual([Math.min(...table.columns[2]), Math.max(...table.columns[2])])
    expect(model.info.outOfBag.rSquared).toBeGreaterThan(0.9)
    const { impurity, permutation } = model.info.importance
    expect(impurity[0]).toBeGreaterThan(impurity[1])
    expect(impurity[1]).toBeGreaterThan(impurity[2])
    expect(permutation[0]).toBeGreaterThan(10 * Math.abs(permutation[2]))

    const path = join(folder, 'm.loammodel')
    await writeModelFile(path, model)
    const back = await readModelFile(path)
    expect(back.info).toEqual(model.info)
    expect(back.encode()).toEqual(model.encode())
    expect(await back.predict(table.columns, 800, 1)).toEqual(await model.predict(table.columns, 800, 2))
    expect(await readdir(folder)).toEqual(['m.loammodel'])
  })

  it('learns from the rows asked for only', async () => {
    const table = moisture(400)
    const rows = Int32Array.from({ length: 200 }, (_, i) => 2 * i)
    const half = {
      predictors: table.predictors,
      columns: table.columns.map((column) => Float32Array.from(rows, (row) => column[row])),
      target: Float64Array.from(rows, (row) => table.target[row]),
    }
    const model = await learners.forest.fit(table, rows, settings, options)
    expect(model.encode()).toEqual((await learners.forest.fit(half, null, settings, options)).encode())
  })

  it('names the predictor and row of a missing value', async () => {
    const table = moisture(50)
    table.columns[1][6] = NaN
    await expect(learners.forest.fit(table, null, settings, options)).rejects.toMatchObject({
      code: 'bad_table',
      message: expect.stringContaining('Predictor "LST" has no finite value in training row 7'),
    })
  })

  it('stops at once when the signal is already given', async () => {
    const signal = AbortSignal.abort()
    await expect(learners.forest.fit(moisture(50), null, settings, { ...options, signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('keeps a forest of two constant rows: one leaf, no score', async () => {
    const table = { predictors: ['a'], columns: [Float32Array.of(1, 1)], target: Float64Array.of(0.2, 0.2) }
    const model = await learners.forest.fit(table, null, settings, options)
    expect(model.info.nodeCount).toBe(20)
    expect(model.info.outOfBag.rSquared).toBeNaN()
    expect(decodeModel(model.encode()).info).toEqual(model.info)
    expect((await model.predict([Float32Array.of(7)], 1, 1))[0]).toBeCloseTo(0.2, 7)
  })
})

describe('model file', () => {
  it('is refused by name when it is another kind of file, cut off, changed or absent', async () => {
    const model = await learners.forest.fit(moisture(100), null, settings, options)
    const bytes = model.encode()
    const path = join(folder, 'm.loammodel')
    const changed = Uint8Array.from(bytes)
    changed[100] ^= 4
    for (const content of [
      Buffer.from('not a model, but long enough to have a header of its own'.repeat(4)),
      bytes.subarray(0, 300),
      changed,
    ]) {
      await writeFile(path, content)
      await expect(readModelFile(path)).rejects.toMatchObject({
        code: 'bad_model',
        message: expect.stringContaining(path),
      })
    }
    await expect(readModelFile(join(folder, 'absent'))).rejects.toMatchObject({ code: 'not_found' })
  })
})
