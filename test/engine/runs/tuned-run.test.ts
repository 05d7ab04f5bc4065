import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Recipe, dayNumber, learnerOf } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { hashJson } from '../../../main/engine/files/index.ts'
import { fitModel } from '../../../main/engine/models/index.ts'
import { RunContext } from '../../../main/engine/runs/index.ts'
import { makeFolds } from '../../../main/engine/samples/index.ts'
import { tinyRecipe } from '../../fronts/tiny-farm.ts'
import { farmData } from '../../renderer/finished-farm.ts'
import type { FinishedFarm } from '../../renderer/finished-farm.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const power = { workers: 2, cacheBytes: 32e6 }
let farm: FinishedFarm
beforeAll(async () => void (farm = await farmData()), 60_000)
afterAll(() => farm.remove())

/** The last day is sealed. */
const period = { from: '2011-05-20', to: '2011-05-20' }
const recipe = Recipe.parse({
  ...tinyRecipe,
  // Leaves as the Twente study tried them.
  learner: { type: 'forest', treeCount: 8, tuning: { minLeafSizes: [10, 50], trials: 5, folds: 2 } },
  split: { by: 'place', folds: 3, test: { period } },
})

test('a tuned run tells every trial, tunes in each fold without the rows it tests, and warns of a bound', async () => {
  const engine = await Engine.open(farm.copy(), 'write')
  const run = await engine.plan(recipe)
  const { results } = await engine.run(run.id, power, quiet)
  const tuning = results.tuning!
  expect(tuning).toMatchObject({ method: 'bayesian', seed: recipe.seed, folds: 2 })
  expect(tuning.trials).toHaveLength(5)
  expect(tuning.chosen.minLeafSize).toBe(10)
  expect(results.warnings).toContainEqual(
    expect.stringMatching(/^The best rows in a leaf of the forest is at the end of what was tried/),
  )
  // Both splits, that of the recipe and random rows beside it.
  expect(tuning.byFold).toHaveLength(6)
  expect(tuning.sentences.join(' ')).toMatch(/had the lowest RMSE on \d+ rows .*is no score: each of the 6 folds/)
  expect(results.lineage).toContain(
    'Its rows in a leaf and predictors per split were sought by a Bayesian search (5 trials)',
  )

  // The search of the model and that of one fold, from the rows left when the sealed and the tested ones are gone.
  const context = await RunContext.open(run.folder, { cacheBytes: 32e6 })
  const { plan, parts } = context
  const table = await context.sampleTable(parts.table.key)
  expect(results.excluded['test_part:sealed']).toBe(12)
  expect(Math.max(...table.day)).toBe(dayNumber('2011-05-19' as Day))
  const folds = makeFolds(table, plan.splits[0], recipe.seed)
  const options = { seed: recipe.seed, threads: 1, tuningFolds: folds.fold }
  const again = (await fitModel(table, null, learnerOf(recipe), options)).info.tuning!
  expect(again.trials).toEqual(tuning.trials)
  const seen = folds.train(1)
  const blinded = { ...table, target: Float64Array.from(table.target) }
  for (const row of folds.test(1)) blinded.target[row] = 99
  const ofFold = (await fitModel(blinded, seen, learnerOf(recipe), options)).info.tuning!
  expect(tuning.byFold.find(({ fold }) => fold === 1)).toEqual({ split: 'place folds', fold: 1, chosen: ofFold.chosen })
  context.close()

  const page = readFileSync(
    await engine.report(run.id, { path: join(temporaryFolder(), 'report.html'), signal: quiet.signal }),
    'utf8',
  )
  expect(page).toContain('<h3>Tuning</h3>')
  expect(page.match(/, chosen<\/th>/g)).toHaveLength(1)
  expect(page).toContain('<summary>5 trials</summary>')
  await engine.close()
}, 240_000)

test('keys of parts are what they were without tuning, and others with it', async () => {
  const engine = await Engine.open(farm.copy(), 'write')
  const keysOf = async (learner: Recipe['learner']) => {
    const run = await engine.plan({ ...recipe, learner })
    const context = await RunContext.open(run.folder, { cacheBytes: 0 })
    const { plan, parts } = context
    context.close()
    return { plan, parts }
  }
  const plain = { type: 'forest', treeCount: 8, minLeafSize: 5, maxDepth: 64, sampleFraction: 1 } as const
  const { parts } = await keysOf(plain)
  const { quantity, unit } = recipe.product
  const fit = { method: 1, table: parts.table.key, learner: plain, seed: recipe.seed, quantity, unit }
  expect(parts.model.key).toBe(hashJson({ part: 'model', ...fit }))
  const tuned = await keysOf(recipe.learner)
  expect(tuned.parts.table.key).toBe(parts.table.key)
  expect(tuned.parts.model.key).not.toBe(parts.model.key)
  await engine.close()
}, 60_000)

test('a search in folds of folds wants three', () => {
  const two = Recipe.safeParse({ ...recipe, split: { by: 'place', folds: 2 } })
  expect(two.error?.issues.map(({ path }) => path.join('.'))).toEqual(['split.folds'])
  expect(Recipe.safeParse({ ...recipe, split: { by: 'place', folds: 2 }, learner: { type: 'forest' } }).success).toBe(
    true,
  )
})
