import { RandomForestRegression } from 'ml-random-forest'
import { describe, expect, it } from 'vitest'
import { decodeModel, importMlRandomForest } from '../../../main/engine/models/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'

const random = new Random(3)
// Coarse numbers, so that many cells lie on a threshold and `<` against `<=` shows.
const draw = (): number => Math.fround(Math.round(random.uniform() * 20) / 8)
const training = Array.from({ length: 60 }, () => [draw(), draw(), draw(), draw()])
const target = training.map(([a, b, c]) => a + b * c)
const cells = [...training, ...Array.from({ length: 400 }, () => [draw(), draw(), draw(), draw()])]
const columns = [0, 1, 2, 3].map((p) => Float32Array.from(cells, (cell) => cell[p]))

function train(selectionMethod: 'mean' | 'median', nEstimators: number): RandomForestRegression {
  const forest = new RandomForestRegression({
    seed: 1,
    maxFeatures: 0.75,
    replacement: true,
    noOOB: true,
    nEstimators,
    selectionMethod,
  })
  forest.train(training, target)
  return forest
}

describe('importMlRandomForest', () => {
  it.each([
    ['mean', 7],
    ['median', 7],
    ['median', 6],
  ] as const)('predicts as the package does: %s of %i trees', async (selectionMethod, nEstimators) => {
    const theirs = train(selectionMethod, nEstimators)
    const model = importMlRandomForest(JSON.stringify(theirs), { predictors: ['a', 'b', 'c', 'd'] })
    const expected = theirs.predict(cells)
    const predicted = await model.predict(columns, cells.length, 2)
    for (const [i, value] of expected.entries()) expect(Math.abs(predicted[i] - value)).toBeLessThan(1e-6)
    const back = decodeModel(model.encode())
    expect(back.info).toMatchObject({ trainedBy: 'ml-random-forest', predictors: ['a', 'b', 'c', 'd'] })
    expect(await back.predict(columns, cells.length, 1)).toEqual(predicted)
  })

  it('says where a saved model is wrong', () => {
    const saved = JSON.parse(JSON.stringify(train('mean', 2)))
    expect(() => importMlRandomForest('{')).toThrow(expect.objectContaining({ code: 'bad_model' }))
    expect(() => importMlRandomForest({ ...saved, name: 'RFClassifier' })).toThrow(/at name/)
    expect(() => importMlRandomForest(saved, { predictors: ['a'] })).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    )
    delete saved.baseModel.estimators[1].root.splitValue
    expect(() => importMlRandomForest(saved)).toThrow(/tree 2, node 1: its split/)
  })
})
