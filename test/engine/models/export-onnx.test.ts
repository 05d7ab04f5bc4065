import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  exportOnnx,
  importMlRandomForest,
  importModel,
  importModelFile,
  learners,
} from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { goldenCells, goldenFile, largestDifference, roundingOf } from './golden-case.ts'
import { fullTree, xgboostModel } from './xgboost-model.ts'

describe('exportOnnx', () => {
  it.each([
    ['sum', 'xgboost-json/boosting.json'],
    ['mean', 'lightgbm-text/forest.txt'],
  ])('writes the file that onnxruntime predicted from: %s', async (name, source) => {
    const { model } = await importModelFile(goldenFile(source))
    const exported = exportOnnx({ ...model, info: { ...model.info, loamVersion: 'golden' } })
    expect(Buffer.from(exported)).toEqual(readFileSync(goldenFile(`loam-onnx/${name}.onnx`)))
    const { n, columns, expected } = goldenCells('loam-onnx')
    const predicted = await model.predict(columns, n, 2)
    expect(largestDifference(predicted, expected[name])).toBeLessThanOrEqual(roundingOf(model.parts!(), 'float32'))
  })

  it('comes back as the same forest, with its names', async () => {
    const random = new Random(4)
    const n = 20_000
    const columns = [0, 1].map(() => Float32Array.from({ length: n }, () => random.uniform()))
    const target = Float64Array.from(columns[0], (value, i) => value + 0.1 * columns[1][i] + 0.1 * random.uniform())
    const model = await learners.forest.fit(
      { predictors: ['rain', 'größe'], columns, target },
      null,
      { type: 'forest', treeCount: 3, minLeafSize: 2, maxDepth: 64, sampleFraction: 1 },
      { seed: 1, threads: 2 },
    )
    const { model: back } = importModel(Buffer.from(exportOnnx(model)))
    expect(back.predictors).toEqual(['rain', 'größe'])
    // Three leaves are added to a sum that is then divided by three: the same in both.
    expect(await back.predict(columns, n, 2)).toEqual(await model.predict(columns, n, 2))
    expect(back.parts!().nodes.length).toBe(model.parts!().nodes.length)
  })

  it('comes back as the same forest when a predictor takes several columns', async () => {
    const { model } = importModel(xgboostModel(2, [fullTree(17)]))
    const { model: back } = importModel(Buffer.from(exportOnnx(model)))
    expect(model.info.columns).toEqual([0, 0, 0, 1])
    expect(back.info.columns).toEqual([0, 0, 0, 1])
    expect(Buffer.from(back.parts!().nodes).equals(model.parts!().nodes)).toBe(true)
    expect(back.parts!()).toMatchObject({ aggregate: 'sum', base: 0 })
  })

  it('refuses a median', () => {
    const saved = {
      name: 'RFRegression',
      selectionMethod: 'median',
      baseModel: { indexes: [[0]], estimators: [{ name: 'DTRegression', root: { distribution: 1 } }] },
    }
    expect(() => exportOnnx(importMlRandomForest(saved))).toThrow(
      expect.objectContaining({ code: 'unsupported_format' }),
    )
  })
})
