import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type {
  CorrelationMatrix,
  DraftCheck,
  DraftFolds,
  OptimismGap,
  PrincipalComponents,
  RecipeSources,
  SamplePlaces,
  SampleScatter,
  ShippedRecipe,
  Task,
} from '../../main/contract/index.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { farmServers } from './farm-server.ts'
import type { TestServer } from './server.ts'

const farmServer = farmServers()

const ask = async <T>(server: TestServer, path: string, body?: unknown): Promise<T> => {
  const answer = body === undefined ? await server.get(path) : await server.post(path, body)
  expect([path, answer.status, answer.status === 200 ? '' : await answer.clone().text()]).toEqual([path, 200, ''])
  return (await answer.json()) as T
}

describe('a draft', () => {
  test('that is empty says what is missing on each card, and never fails', async () => {
    const server = await farmServer()
    const check = await ask<DraftCheck>(server, '/recipe/check', { recipe: {} })
    expect(check.recipe).toBeNull()
    expect(check.cards.map(({ id, state }) => [id, state])).toEqual(
      expect.arrayContaining([
        ['target', 'missing'],
        ['predictors', 'missing'],
        ['learner', 'missing'],
      ]),
    )
    expect(check.remarks.every(({ message }) => message.length > 10)).toBe(true)
  })

  test('that is whole has a sentence per card and a methods paragraph made of them', async () => {
    const server = await farmServer()
    const check = await ask<DraftCheck>(server, '/recipe/check', { recipe: tinyRecipe })
    expect(check.remarks.filter(({ severity }) => severity === 'error' || severity === 'missing')).toEqual([])
    expect(check.recipe?.learner).toMatchObject({ type: 'forest', treeCount: 10 })
    expect(check.trainingDays).toHaveLength(20)
    for (const { sentence } of check.cards) expect(check.methods).toContain(sentence)
    expect(check.cards.find(({ id }) => id === 'learner')?.sentence).toContain('10 trees')
    expect(check.predictors.map(({ name }) => name)).toEqual(['height', 'slope', 'green', 'day'])
  })

  test('names the predictor that cannot be made, at its own row', async () => {
    const server = await farmServer()
    const recipe = { ...tinyRecipe, predictors: { ...tinyRecipe.predictors, wet: 'twi', twin: 'dem' } }
    const check = await ask<DraftCheck>(server, '/recipe/check', { recipe })
    const errors = check.remarks.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ path, card }) => [path, card])).toEqual([['predictors.wet', 'predictors']])
    expect(errors[0].message).toContain('twi')
    expect(check.recipe).toBeNull()
  })

  test.each([
    ['random rows', { split: { by: 'random', folds: 3 } }, 'split.by', 'better than the map is'],
    [
      'a validation by the training stations',
      { validation: [{ name: 'same', stations: 'probes', variable: 'sm', depth: [0.05, 0.05] }] },
      'validation.0',
      'fit, not the map',
    ],
    [
      'another depth',
      { validation: [{ name: 'deep', stations: 'probes', variable: 'sm', depth: [0.3, 0.3] }] },
      'validation.0.depth',
      'depth',
    ],
    [
      'more folds than stations can bear',
      { split: { by: 'place', folds: 10 } },
      'split.folds',
      '12 stations in 10 folds',
    ],
    [
      'maps in another season',
      { product: { period: { from: '2011-11-01', to: '2011-11-03' } } },
      'product.period',
      'season',
    ],
    ['another unit', { product: { ...tinyRecipe.product, unit: '%' } }, 'product.unit', 'not converted'],
  ])('warns of %s', async (_what, change, path, words) => {
    const server = await farmServer()
    const check = await ask<DraftCheck>(server, '/recipe/check', { recipe: { ...tinyRecipe, ...change } })
    const warnings = check.remarks.filter(({ severity }) => severity === 'warning')
    const own = warnings.filter((remark) => remark.path === path && remark.message.includes(words))
    expect([warnings, own.length]).toEqual([warnings, 1])
    expect(check.recipe).not.toBeNull()
  })

  test('may name what the project has', async () => {
    const server = await farmServer()
    const { rasters, stations } = await ask<RecipeSources>(server, '/recipe/sources')
    expect(rasters.map(({ expression, cellSize, days }) => [expression, cellSize, days])).toEqual([
      ['dem', 10, 0],
      ['green', 10, 0],
    ])
    expect(stations[0]).toMatchObject({ set: 'probes', stations: 12, hasPlaces: true })
    expect(stations[0].variables.map(({ depth }) => depth)).toEqual([
      [0.05, 0.05],
      [0.3, 0.3],
    ])
  })
})

test('folds by place hold out whole stations, and every row is tested once', async () => {
  const server = await farmServer()
  const found = await ask<DraftFolds>(server, '/recipe/folds', { recipe: tinyRecipe })
  expect(found.rows).toBe(12 * 20)
  expect(found.folds.reduce((sum, { test }) => sum + test, 0)).toBe(240)
  expect(found.folds.reduce((sum, { places }) => sum + places, 0)).toBe(12)
  expect(new Set(found.places.map(({ fold }) => fold)).size).toBe(3)
  expect(found.places.every(({ x, y }) => x > 500_000 && y < 5_800_000)).toBe(true)
  expect(found.leakage.some(({ isBad }) => isBad)).toBe(false)

  const time = await ask<DraftFolds>(server, '/recipe/folds', {
    recipe: { ...tinyRecipe, split: { by: 'time', folds: 3, timeBlock: 'week' } },
  })
  expect(new Set(time.foldOfDay).size).toBe(3)
  const random = await ask<DraftFolds>(server, '/recipe/folds', {
    recipe: { ...tinyRecipe, split: { by: 'random', folds: 3 } },
  })
  expect(random.leakage.some(({ isBad }) => isBad)).toBe(true)
})

test('what is sealed is counted apart from the folds, anew with each change', async () => {
  const server = await farmServer()
  const foldsOf = (part: object) =>
    ask<DraftFolds>(server, '/recipe/folds', {
      recipe: { ...tinyRecipe, split: { by: 'place', folds: 3, test: part } },
      crs: 'EPSG:4326',
    })
  const stations = await foldsOf({ stations: ['P1', 'P2'] })
  expect([stations.rows, stations.sealed?.rows, stations.sealed?.of]).toEqual([200, 40, 240])
  expect(stations.sealed).toMatchObject({ places: 2, placesOf: 12, days: [], corners: null })
  expect(stations.places.some(({ name }) => name === 'P1')).toBe(false)

  const days = await foldsOf({ period: { from: '2011-05-01', to: '2011-05-04' } })
  expect([days.rows, days.sealed?.rows, days.sealed?.places]).toEqual([192, 48, 0])
  expect(days.sealed?.days).toEqual(['2011-05-01', '2011-05-02', '2011-05-03', '2011-05-04'])
  expect(days.days).not.toContain('2011-05-04')

  // The western half of the farm: P0 stands in column 1 + 0, P1 in 6, P2 in 11, … of 24.
  const area = await foldsOf({ extent: [500_000, 5_799_000, 500_120, 5_800_000] })
  const inside = Array.from({ length: 12 }, (_, i) => 1 + ((i * 5) % 22)).filter((column) => column < 12)
  expect([area.sealed?.rows, area.sealed?.places]).toEqual([20 * inside.length, inside.length])
  expect(area.sealed?.corners).toHaveLength(4)
  expect(area.sealed?.corners?.[0][0]).toBeCloseTo(9, 6)

  const whole = await server.post('/recipe/folds', {
    recipe: {
      ...tinyRecipe,
      split: { by: 'place', folds: 3, test: { period: { from: '2011-01-01', to: '2011-12-31' } } },
    },
  })
  expect(((await whole.json()) as { message: string }).message).toContain('holds all 240 rows')
})

test('a filter of the sample keeps the rows it says in matrix, scatter, biplot and on the map', async () => {
  const server = await farmServer()
  const all = await ask<SampleScatter>(server, '/samples/scatter', { recipe: tinyRecipe, x: 'green', y: 'target' })
  const middle = (all.x.low + all.x.high) / 2
  const filter = { ranges: [{ of: 'green', low: middle, high: all.x.high }], from: '2011-05-04', to: '2011-05-12' }
  const own = all.points!.filter(({ x, day }) => x >= middle && day >= '2011-05-04' && day <= '2011-05-12')
  expect(own.length).toBeGreaterThan(5)
  expect(own.length).toBeLessThan(all.n)
  const body = { recipe: tinyRecipe, filter }
  const some = await ask<SampleScatter>(server, '/samples/scatter', { ...body, x: 'green', y: 'target' })
  expect(some).toMatchObject({ n: own.length, of: all.n, x: all.x, y: all.y, all: all.counts, points: own })
  const matrix = await ask<CorrelationMatrix>(server, '/samples/correlation', body)
  expect(matrix).toMatchObject({ rows: own.length, rowsRead: all.n })
  const biplot = await ask<PrincipalComponents>(server, '/samples/components', body)
  expect([biplot.n, biplot.of, biplot.predictors.length]).toEqual([own.length, all.n, 4])
  const map = await ask<SamplePlaces>(server, '/samples/places', { ...body, crs: 'EPSG:4326' })
  expect(map.places.map(({ id }) => id).sort()).toEqual([...new Set(own.map(({ place }) => place))].sort())
  expect(map.places.reduce((sum, { rows }) => sum + rows, 0)).toBe(own.length)
  expect(map.places.every(({ x, y }) => Math.abs(x - 9) < 0.01 && Math.abs(y - 52.3) < 0.1)).toBe(true)
  const unknown = await server.post('/samples/components', {
    ...body,
    filter: { ranges: [{ of: 'moon', low: 0, high: 1 }] },
  })
  expect(unknown.status).toBe(404)
})

test('correlations are those of ten plain lines on the scatter’s own points', async () => {
  const server = await farmServer()
  const matrix = await ask<CorrelationMatrix>(server, '/samples/correlation', { recipe: tinyRecipe })
  expect(matrix.names).toEqual(['height', 'slope', 'green', 'day', 'target'])
  const { points, counts, n } = await ask<SampleScatter>(server, '/samples/scatter', {
    recipe: tinyRecipe,
    x: 'green',
    y: 'target',
  })
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n)
  const mean = (of: (p: { x: number; y: number }) => number) => points!.reduce((sum, p) => sum + of(p), 0) / n
  const [mx, my] = [mean((p) => p.x), mean((p) => p.y)]
  const xy = mean((p) => (p.x - mx) * (p.y - my))
  const r = xy / Math.sqrt(mean((p) => (p.x - mx) ** 2) * mean((p) => (p.y - my) ** 2))
  const at = 2 * 5 + 4
  expect(matrix.r[at]).toBeCloseTo(r, 9)
  expect(matrix.r[4 * 5 + 2]).toBe(matrix.r[at])
  expect(matrix.effectiveN[at]!).toBeLessThanOrEqual(n)
  expect(matrix.effectiveN[at]!).toBeGreaterThanOrEqual(3)
  const unknown = await server.post('/samples/scatter', { recipe: tinyRecipe, x: 'moon', y: 'target' })
  expect([unknown.status, ((await unknown.json()) as { code: string }).code]).toEqual([404, 'unknown_name'])
})

test('the optimism gap scores the same rows held out at random, by period and by place', async () => {
  const server = await farmServer()
  // The record is shorter than a month, so periods are parted by weeks.
  const recipe = { ...tinyRecipe, split: { by: 'place', folds: 3, timeBlock: 'month' } }
  const begun = await ask<Task>(server, '/recipe/optimism', { recipe })
  let task = begun
  while (task.endedAtMs === null) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    task = (await ask<Task[]>(server, '/tasks')).find(({ id }) => id === begun.id)!
  }
  expect([task.state, task.fault]).toEqual(['done', null])
  const gap = task.result as OptimismGap
  expect(gap.splits.map(({ by }) => by)).toEqual(['random', 'time', 'place'])
  expect(gap.splits.every(({ pearsonR, n }) => pearsonR !== null && n === 240)).toBe(true)
  // Each station has a level of its own, which only a model that saw the station knows.
  expect(gap.splits[0].rmse!.value).toBeLessThan(gap.splits[2].rmse!.value)
})

test('recipes come from files and go to files', async () => {
  const server = await farmServer()
  const shipped = await ask<ShippedRecipe[]>(server, '/recipes')
  expect(shipped.map(({ id }) => id)).toContain('cook-farm')
  expect(shipped.find(({ id }) => id === 'cook-farm')!.lacks).toEqual(expect.arrayContaining(['weather', 'twi']))

  const path = join(server.folder, 'kept.json')
  await ask(server, '/recipe/export', { path, recipe: { ...tinyRecipe, name: 'kept' } })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ name: 'kept' })
  const read = await ask<{ recipe: { name: string }; check: DraftCheck }>(server, '/recipe/import', { path })
  expect(read.recipe.name).toBe('kept')
  expect(read.check.recipe?.name).toBe('kept')

  const refused = async (to: string, body: unknown) =>
    ((await (await server.post(to, body)).json()) as { code: string }).code
  expect(await refused('/recipe/import', { path: join(server.folder, 'none.json') })).toBe('not_found')
  writeFileSync(join(server.folder, 'bad.json'), '[1, 2')
  expect(await refused('/recipe/import', { path: join(server.folder, 'bad.json') })).toBe('bad_recipe')
  expect(await refused('/recipe/export', { path: join(server.folder, 'x.loam'), recipe: {} })).toBe('not_allowed')
  expect(await refused('/recipe/export', { path: join(server.folder, 'no', 'x.json'), recipe: {} })).toBe('not_found')
  expect(await refused('/samples/correlation', { recipe: {} })).toBe('bad_recipe')
})
