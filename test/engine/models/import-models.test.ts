import { describe, expect, it } from 'vitest'
import { decodeModel, importModel, importModelFile } from '../../../main/engine/models/index.ts'
import { decodeForest, encodeForest } from '../../../main/native/index.ts'
import { goldenCells, goldenFile, largestDifference, predictorNames, roundingOf } from './golden-case.ts'
import { fullTree, xgboostModel } from './xgboost-model.ts'

describe('importModelFile predicts as the library that trained the model', () => {
  // Cells lie at random, on thresholds and one float32 beside them on either side.
  it.each([
    ['sklearn-onnx', 'forest.onnx', 12, 'double'],
    ['sklearn-onnx', 'boosting.onnx', 25, 'double'],
    ['xgboost-json', 'boosting.json', 25, 'float32'],
    ['xgboost-json', 'forest.json', 8, 'float32'],
    ['xgboost-json', 'stopped.json', 24, 'float32'],
    ['lightgbm-text', 'boosting.txt', 25, 'double'],
    ['lightgbm-text', 'forest.txt', 8, 'double'],
    ['lightgbm-text', 'l1.txt', 12, 'double'],
    ...['leq', 'lt', 'gte', 'gt', 'average', 'scaler', 'concat', 'add', 'ensemble', 'doubles'].map(
      (name) => ['onnx-operators', `${name}.onnx`, 6, 'float32'] as const,
    ),
  ] as const)('%s: %s', async (name, file, treeCount, libraryAdds) => {
    const [kind, extension] = file.split('.')
    const { n, columns, expected } = goldenCells(name)
    const { model, format } = await importModelFile(goldenFile(`${name}/${file}`), {
      target: { name: 'moisture', unit: 'm3 m-3' },
      predictors: predictorNames,
    })
    expect(format).toBe({ onnx: 'onnx', json: 'xgboost', txt: 'lightgbm' }[extension])
    expect(model.info.treeCount).toBe(treeCount)
    const predicted = await model.predict(columns, n, 2)
    expect(largestDifference(predicted, expected[kind])).toBeLessThanOrEqual(roundingOf(model.parts!(), libraryAdds))
    const back = decodeModel(model.encode())
    expect(back.info).toMatchObject({ trainedBy: format, target: 'moisture', predictors: predictorNames })
    expect(await back.predict(columns, n, 1)).toEqual(predicted)
  })

  it('says which trees it took after early stopping', async () => {
    const { notes } = await importModelFile(goldenFile('xgboost-json/stopped.json'))
    expect(notes).toEqual([expect.stringMatching(/^The best 24 of 29 trees were taken/)])
  })
})

describe('importModel', () => {
  it('takes names from the file, from the caller, or counts', async () => {
    const named = await importModelFile(goldenFile('xgboost-json/boosting.json'))
    expect(named.model.predictors).toEqual(predictorNames)
    const joined = await importModelFile(goldenFile('onnx-operators/concat.onnx'))
    expect(joined.model.predictors).toEqual(predictorNames)
    const counted = await importModelFile(goldenFile('onnx-operators/leq.onnx'))
    expect(counted.model.predictors).toEqual(['x1', 'x2', 'x3', 'x4'])
    await expect(
      importModelFile(goldenFile('xgboost-json/boosting.json'), { predictors: ['a'] }),
    ).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(/4 columns \(ndvi, lst, slope, clay\); 1 predictor names were given/),
    })
  })

  it('is exact with more thresholds than 16 bits can number', async () => {
    // Beside the full tree one on another predictor, so that the columns after the split one are met too.
    const { model } = importModel(
      xgboostModel(2, [
        fullTree(17),
        { left: [1, -1, -1], right: [2, -1, -1], columns: [1, 0, 0], conditions: [5, 0, 0.5] },
      ]),
    )
    expect(model.info.columns).toEqual([0, 0, 0, 1])
    const x = Float32Array.from({ length: 5000 }, (_, i) => (i < 2500 ? (i * 52) / 2 ** 17 : Math.fround(i / 5000)))
    const y = Float32Array.from(x, (_, i) => (i % 2 === 0 ? 4 : 5))
    const expected = Float32Array.from(x, (value, i) => Math.floor(value * 2 ** 17) + (i % 2 === 0 ? 0 : 0.5))
    expect(await model.predict([x, y], x.length, 2)).toEqual(expected)
    const back = decodeModel(model.encode())
    expect(await back.predict([x, y], x.length, 1)).toEqual(expected)
  })

  it.each([
    [[0, 0, 2], /a column of no predictor/],
    [[0, 1], /other predictors or trees/],
  ])('leaves model files whose columns %j do not fit to be refused', (columns, message) => {
    const { model } = importModel(xgboostModel(2, [fullTree(17)]))
    const { forest, json } = decodeForest(model.encode())
    const changed = encodeForest(forest, JSON.stringify({ ...JSON.parse(json), columns: [...columns, 1] }))
    expect(() => decodeModel(changed)).toThrow(
      expect.objectContaining({ code: 'bad_model', message: expect.stringMatching(message) }),
    )
  })

  it('takes a tree that is one long chain', async () => {
    const length = 50_000
    const left = Array.from({ length: 2 * length + 1 }, (_, i) => (i < length ? length + i : -1))
    const right = left.map((_, i) => (i < length - 1 ? i + 1 : i === length - 1 ? 2 * length : -1))
    const conditions = left.map((_, i) => (i < length ? i : i - length))
    const { model } = importModel(xgboostModel(1, [{ left, right, columns: left.map(() => 0), conditions }]))
    // Value v >= 0 goes right while v >= threshold.
    const predicted = await model.predict([Float32Array.of(-1, 0, 17.5, 49_999)], 4, 1)
    expect([...predicted]).toEqual([0, 1, 18, 50_000])
  })

  it('leaves out splits that send every cell one way', async () => {
    const tree = { left: [1, -1, -1], right: [2, -1, -1], columns: [0, 0, 0], conditions: [-Infinity, 3, 4] }
    const text = xgboostModel(1, [tree]).toString().replace('null', '-1e300')
    const { model } = importModel(Buffer.from(text))
    expect(model.info.nodeCount).toBe(1)
    expect([...(await model.predict([Float32Array.of(-1, 3e38)], 2, 1))]).toEqual([4, 4])
  })
})
