import { expect, test } from 'vitest'
import { Recipe, cardIds, recipeSettings, settingHints } from '../../main/contract/index.ts'

const settings = recipeSettings()

/** A whole recipe with a learner, and nothing else said. */
const least = (learner: object, product: object = {}) => ({
  loam: 'recipe/1',
  name: 'least',
  grid: { like: 'dem' },
  target: { raster: 'coarse' },
  predictors: { height: 'dem' },
  learner,
  product: { period: { from: '2018-06-01', to: '2018-06-02' }, ...product },
})

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value)

test('every setting of the schema stands on a card with a title and a line of why, and no hint is left over', () => {
  for (const { path, card, title, why } of settings) {
    expect(cardIds).toContain(card)
    expect([path, title.length > 2, why.length > 10]).toEqual([path, true, true])
  }
  const paths = new Set(settings.map(({ path }) => path))
  expect(Object.keys(settingHints).filter((path) => !paths.has(path))).toEqual([])
})

test('defaults and choices are those the schema itself fills in', () => {
  for (const type of ['forest', 'boosting', 'linear', 'svr', 'mlp']) {
    const recipe = Recipe.parse(least({ type }))
    for (const { path, default: usual, when } of settings) {
      const isOther = when !== null && (when.is === 'on' || when.is !== type)
      if (usual !== undefined && !isOther) expect([path, at(recipe, path)]).toEqual([path, usual])
    }
  }
  for (const { path, choices, kind } of settings)
    if (kind === 'choice') expect([path, choices.length > 1]).toEqual([path, true])
})

test('what a switch puts in is a part the schema takes', () => {
  const switches = settings.filter(({ kind }) => kind === 'switch')
  expect(switches.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['learner.earlyStopping', 'product.residual']),
  )
  const on = (path: string, type?: string) =>
    switches.find((setting) => setting.path === path && (!type || setting.when?.is === type))!.on
  expect(Recipe.parse(least({ type: 'boosting', earlyStopping: on('learner.earlyStopping') })).learner).toMatchObject({
    earlyStopping: { patience: 20 },
  })
  for (const [type, tuning] of [
    ['svr', { folds: 3, epsilons: [0.1] }],
    ['forest', { folds: 3, method: 'bayesian', minLeafSizes: [1, 2, 5, 10, 20, 50] }],
    ['boosting', { folds: 3, trials: 24, learningRates: [0.03, 0.1, 0.3] }],
  ] as const)
    expect(Recipe.parse(least({ type, tuning: on('learner.tuning', type) })).learner).toMatchObject({ tuning })
  expect(Recipe.parse(least({ type: 'forest' }, { residual: on('product.residual') })).product.residual).toMatchObject({
    method: 'atp',
    neighbours: 25,
  })
})

test('parts of a switch that several choices have are shown with their own', () => {
  const of = (type: string): string[] =>
    settings.flatMap(({ path, when }) =>
      path.startsWith('learner.tuning.') && when?.within?.is === type ? [path.slice(15)] : [],
    )
  expect(of('svr')).toEqual(['folds', 'costs', 'gammas', 'epsilons', 'mostRows'])
  expect(of('forest')).toContain('minLeafSizes')
  expect(of('boosting')).toEqual(expect.arrayContaining(['maxDepths', 'method', 'trials']))
  expect(of('boosting')).not.toContain('minLeafSizes')
})

test('the weight of rows is chosen among fields', () => {
  const weight = settings.find(({ path }) => path === 'training.weight')!
  expect([weight.kind, weight.card, weight.isRequired]).toEqual(['field', 'samples', false])
})

test('bounds of a number are those the schema refuses beyond', () => {
  const trees = settings.find(({ path }) => path === 'learner.treeCount')!
  expect([trees.kind, trees.min, trees.max]).toEqual(['integer', 1, 5000])
  for (const [count, isTaken] of [
    [trees.min!, true],
    [trees.max!, true],
    [trees.min! - 1, false],
    [trees.max! + 1, false],
  ] as const)
    expect(Recipe.safeParse(least({ type: 'forest', treeCount: count })).success).toBe(isTaken)
})
