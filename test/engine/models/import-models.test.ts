import { describe, expect, it } from 'vitest'
import { decodeModel, importModelFile } from '../../../main/engine/models/index.ts'
import { goldenCells, goldenFile, largestDifference, predictorNames, roundingOf } from './golden-case.ts'

describe('importModelFile predicts as the library that trained the model', () => {
  // Cells lie at random, on thresholds and one float32 beside them on either side.
  it.each([
    ['sklearn-onnx', 'forest', 'onnx', 12, 'double'],
    ['sklearn-onnx', 'boosting', 'onnx', 25, 'double'],
    ['xgboost-json', 'boosting', 'json', 25, 'float32'],
    ['xgboost-json', 'forest', 'json', 8, 'float32'],
    ['xgboost-json', 'stopped', 'json', null, 'float32'],
    ['lightgbm-text', 'boosting', 'txt', 25, 'double'],
    ['lightgbm-text', 'forest', 'txt', 8, 'double'],
    ['lightgbm-text', 'l1', 'txt', 12, 'double'],
  ] as const)('%s: %s', async (name, kind, extension, treeCount, libraryAdds) => {
    const { n, columns, expected } = goldenCells(name)
    const { model, format } = await importModelFile(goldenFile(`${name}/${kind}.${extension}`), {
      target: { name: 'moisture', unit: 'm3 m-3' },
      ...(extension === 'onnx' ? { predictors: predictorNames } : {}),
    })
    expect(format).toBe({ onnx: 'onnx', json: 'xgboost', txt: 'lightgbm' }[extension])
    if (treeCount !== null) expect(model.info.treeCount).toBe(treeCount)
    const predicted = await model.predict(columns, n, 2)
    expect(largestDifference(predicted, expected[kind])).toBeLessThanOrEqual(roundingOf(model.parts(), libraryAdds))
    const back = decodeModel(model.encode())
    expect(back.info).toMatchObject({ trainedBy: format, target: 'moisture' })
    expect(await back.predict(columns, n, 1)).toEqual(predicted)
  })
})
