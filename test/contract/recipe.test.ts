import { expect, test } from 'vitest'
import { LoamError, parseRecipe } from '../../main/contract/index.ts'

const good = {
  loam: 'recipe/1',
  name: 'small',
  grid: { like: 'dem' },
  target: { stations: 'probes', variable: 'vw' },
  predictors: { elevation: 'dem', wetness: { terrain: 'slope', elevation: 'dem' } },
  learner: { type: 'forest' },
  product: { period: { from: '2011-05-01', to: '2011-05-05' } },
}

/** The faults of a recipe after a change, as `path: message`. */
function faults(change: Record<string, unknown>): string[] {
  try {
    parseRecipe(JSON.stringify({ ...good, ...change }), 'r.json')
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(LoamError)
    const { code, details, message } = thrown as LoamError
    expect(code).toBe('bad_recipe')
    expect(message).toContain('r.json')
    return (details.faults as { path: string; message: string }[]).map((fault) => `${fault.path}: ${fault.message}`)
  }
  return []
}

test('a good recipe gets its defaults', () => {
  const recipe = parseRecipe(JSON.stringify(good), 'r.json')
  expect(recipe.split).toMatchObject({ by: 'place', folds: 5 })
  expect(recipe.learner).toMatchObject({ type: 'forest', treeCount: 126 })
  expect(recipe.product.encoding).toBe('float32')
})

const spoiled: [string, Record<string, unknown>, string][] = [
  ['an unknown key', { bogus: 1 }, '(whole file): has no place for "bogus"; it takes loam, name, description'],
  ['a missing part', { target: undefined }, 'target: is missing'],
  ['another version', { loam: 'recipe/9' }, 'loam: needs "recipe/1", not "recipe/9"'],
  ['a number as text', { seed: '1' }, 'seed: needs a number, not "1"'],
  ['a fraction', { seed: 1.5 }, 'seed: needs a whole number, not 1.5'],
  ['too few folds', { split: { folds: 1 } }, 'split.folds: needs at least 2'],
  ['both targets', { target: { stations: 'p', variable: 'v', raster: 'sm' } }, 'target: has no place for "raster"'],
  ['half a target', { target: { stations: 'p' } }, 'target.variable: is missing; it needs a text'],
  ['half a grid', { grid: { crs: 'EPSG:32632', cellSize: 10 } }, 'grid.extent: is missing; it needs a list'],
  ['a learner that is none', { learner: { type: 'oracle' } }, 'learner.type: needs one of "forest"'],
  ['a bad name', { predictors: { '9x': 'dem' } }, 'predictors.9x: needs a name of letters'],
  ['no predictor', { predictors: {} }, 'predictors: needs at least one predictor'],
  [
    'a slip deep inside',
    { predictors: { x: { formula: 'a', unit: 'm', inputs: { a: { antecedent: 'p', days: 0, statistic: 'sum' } } } } },
    'predictors.x.inputs.a.days: needs at least 1',
  ],
  [
    'a mistyped key deep inside',
    { predictors: { x: { antecedent: { fillInTime: 'p', maxAge: 3 }, days: 3, statistic: 'sum' } } },
    'predictors.x.antecedent: has no place for "maxAge"; it takes fillInTime, maxAgeDays',
  ],
  [
    'a date that is none',
    { product: { period: { from: '2011-02-30', to: '2011-05-01' } } },
    'product.period.from: needs',
  ],
  ['dates turned round', { product: { period: { from: '2011-05-02', to: '2011-05-01' } } }, 'product.period: `from`'],
  ['millennia', { product: { period: { from: '1000-01-01', to: '3000-01-01' } } }, 'product.period: spans more than'],
  ['a class that is no predictor', { learner: { type: 'svr', byClass: 'soil' } }, 'learner.byClass: needs the name'],
  ['greedy splits', { learner: { type: 'forest', predictorsPerSplit: 3 } }, 'learner.predictorsPerSplit: is 3, but'],
  [
    'two validations of one name',
    { validation: [1, 2].map(() => ({ name: 'v', stations: 'probes', variable: 'vw' })) },
    'validation.1.name: "v" is the name of another',
  ],
]

test.each(spoiled)('%s is refused with its place', (_, change, expected) => {
  expect(faults(change).join('\n')).toContain(expected)
})

test('a recipe with many faults tells the first twenty', () => {
  const predictors = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`p${i}`, null]))
  expect(() => parseRecipe(JSON.stringify({ ...good, predictors }), 'r.json')).toThrow(/… and 30 more/)
})
