import { describe, expect, test } from 'vitest'
import { FieldExpression, LoamError, parseRecipe } from '../../main/contract/index.ts'

/** Faults that a recipe with this predictor has, by path. */
function faultsOf(expression: unknown): Record<string, string> {
  const recipe = {
    loam: 'recipe/1',
    name: 'test',
    grid: { like: 'dem' },
    target: { stations: 'wells', variable: 'sm' },
    predictors: { evi: expression },
    learner: { type: 'forest' },
    product: { period: { from: '2011-01-01', to: '2011-01-02' } },
  }
  try {
    parseRecipe(JSON.stringify(recipe), 'r.json')
    return {}
  } catch (thrown) {
    const { faults } = (thrown as LoamError).details as { faults: { path: string; message: string }[] }
    return Object.fromEntries(faults.map((fault) => [fault.path, fault.message]))
  }
}

describe('field expressions', () => {
  test.each([
    ['dem'],
    [3.5],
    [{ constant: 1, unit: 'm' }],
    [{ index: 'EVI', bands: { red: 's2.red', nir: { series: 's2', variable: 'nir' }, blue: 0.1 } }],
    [{ mask: 's2.red', by: 's2.scl', keep: { values: [4, 5] } }],
    [{ isFilled: { mask: 'a', by: 'b', keep: { min: 0 } }, maxAgeDays: 8 }],
  ])('%j is taken as it is', (expression) => {
    expect(FieldExpression.parse(expression)).toEqual(expression)
    expect(faultsOf(expression)).toEqual({})
  })

  test('a fault deep inside is named by its own path', () => {
    expect(Object.keys(faultsOf({ index: 'EVI', bands: { red: { series: 3 } } }))).toEqual([
      'predictors.evi.bands.red.series',
    ])
    expect(
      Object.keys(
        faultsOf({
          fillInTime: { mask: 'a', by: { formula: 'a', inputs: { a: { calendar: 'week' } }, unit: '1' }, keep: {} },
          maxAgeDays: 0,
        }),
      ).sort(),
    ).toEqual([
      'predictors.evi.fillInTime.by.inputs.a.calendar',
      'predictors.evi.fillInTime.keep',
      'predictors.evi.maxAgeDays',
    ])
  })

  test('an object without a form, or with two, is told all forms', () => {
    const none = faultsOf({ index: 'NDVI', bands: { red: { band: 1 }, nir: 'n' } })
    expect(none['predictors.evi.bands.red']).toMatch(/exactly one of: constant, series, index/)
    expect(faultsOf({ series: 'a', formula: 'b' })['predictors.evi']).toMatch(/found series and formula/)
    expect(faultsOf([])['predictors.evi']).toMatch(/exactly one of/)
  })

  test('nesting without end is refused, not fatal', () => {
    let expression: unknown = 'dem'
    for (let i = 0; i < 3000; i++) expression = { fillInTime: expression, maxAgeDays: 1 }
    const [[path, message]] = Object.entries(faultsOf(expression))
    expect(path).toBe(`predictors.evi${'.fillInTime'.repeat(50)}`)
    expect(message).toMatch(/more than 50 levels/)
    expect(faultsOf({ fillInTime: 'dem', maxAgeDays: 1 })).toEqual({})
  })

  test('a key that a form does not have is refused', () => {
    expect(faultsOf({ antecedent: 'rain', days: 3, statistic: 'sum', today: true })['predictors.evi']).toMatch(/today/)
  })
})
