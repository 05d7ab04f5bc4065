import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldExpression, Recipe } from '../../../main/contract/index.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { smallCatchment } from './small-catchment.ts'
import type { SmallCatchment } from './small-catchment.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const power = { workers: 2, cacheBytes: 32e6 }
let catchment: SmallCatchment
let engine: Engine
let recipe: Recipe

beforeAll(async () => {
  catchment = await smallCatchment({ size: 300, days: 5, seed: 6 })
  engine = await Engine.open(catchment.copyOf('weighted'), 'write')
  const whole = catchment.recipeOf(1)
  const { clay, sand, precipitation } = whole.predictors
  recipe = {
    ...whole,
    predictors: { clay, sand, precipitation },
    learner: { type: 'forest', treeCount: 4, minLeafSize: 3, maxDepth: 64, sampleFraction: 1 },
    split: { ...whole.split, by: 'place', folds: 2, blockSize: 1000 },
    product: { ...whole.product, residual: undefined },
    validation: [],
  }
}, 120_000)

afterAll(async () => {
  await engine.close()
  catchment.remove()
})

async function run(weight?: FieldExpression) {
  const training = weight === undefined ? recipe.training : { ...recipe.training, weight }
  const { id } = await engine.plan({ ...recipe, training })
  const { results } = await engine.run(id, power, quiet)
  const row = results.scores.find(({ part, subject }) => part === 'overall' && subject.includes('place'))!
  return { id, results, rmse: row.scores.measures.rmse }
}

test('a run weighs its training rows by a field: equal weights change nothing, others do, and it says so', async () => {
  const plain = await run()
  const equal = await run(2)
  const weighted = await run({ formula: 'exp(-c)', inputs: { c: 'clay' }, unit: '1' })
  expect(equal.rmse).toEqual(plain.rmse)
  expect(weighted.rmse).not.toEqual(plain.rmse)
  expect(plain.results.lineage).not.toContain('weighted')
  expect(weighted.results.lineage).toContain('Training rows are weighted by exp(-c)')
  // Weights are part of what training rows are: with others the rows and the model are made anew.
  const steps = Object.fromEntries(engine.project.steps(weighted.id).map((each) => [each.step, each]))
  expect(steps.train).toMatchObject({ computed: 1, reused: 0 })
  expect(steps.samples).toMatchObject({ reused: 0 })
}, 120_000)
