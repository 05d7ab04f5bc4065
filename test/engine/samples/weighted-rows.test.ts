import { expect, test } from 'vitest'
import { ForestSettings, Recipe, daysOf, faultsOf, issueText } from '../../../main/contract/index.ts'
import type { Day, Grid } from '../../../main/contract/index.ts'
import { fitModel } from '../../../main/engine/models/index.ts'
import {
  decodeSamples,
  encodeSamples,
  joinSamples,
  pickRows,
  rowsFromRaster,
  rowsFromStations,
} from '../../../main/engine/samples/index.ts'
import type { DailyTable } from '../../../main/engine/stations/index.ts'
import { fieldOf } from './made-field.ts'

const grid: Grid = { crs: 'EPSG:32631', transform: [600_000, 1000, 0, 5_700_000, 0, -1000], rows: 6, cols: 10 }
const window = { grid, row: 0, col: 0, rows: 6, cols: 10 }
const days = daysOf({ from: '2018-07-01' as Day, to: '2018-07-02' as Day })
const noise = (row: number, col: number): number => ((row * 7 + col * 13) % 10) / 100
const target = fieldOf('sm', days, (row, col) => (col < 4 ? 0.1 : col < 7 ? 0.3 : 0.36) + noise(row, col))
const east = fieldOf('east', 'static', (_row, col) => col)
const trust = fieldOf('weight', 'any', (row, col) =>
  row === 0 ? 'masked' : row === 1 && col < 3 ? -1 : col >= 6 ? 20 + row : 1 + row,
)

test('rows of cells carry their weight; those without one, or with one below 0, are left out and counted', async () => {
  const read = (day: Day) => rowsFromRaster({ target, predictors: [east], weight: trust, grid, window, day })
  const table = await read(days[0])
  expect(table.excluded).toEqual({ 'weight:masked': 10, 'weight:negative': 3 })
  expect(table.predictors).toEqual(['east'])
  expect(table.columns).toHaveLength(1)
  table.places.forEach((name, i) => {
    const [, row, col] = /^r(\d+)c(\d+)$/.exec(name)!.map(Number)
    expect(table.weights![i]).toBe(col >= 6 ? 20 + row : 1 + row)
  })
  const plain = await rowsFromRaster({ target, predictors: [east], grid, window, day: days[0] })
  expect(plain.weights).toBeUndefined()

  const joined = joinSamples([await read(days[1]), table], { maxRows: 80, seed: 3 })
  const again = decodeSamples(encodeSamples(joined))
  expect(again).toEqual(joined)
  expect(joined.weights).toHaveLength(80)
  joined.place.forEach((place, i) => {
    const [, row, col] = /^r(\d+)c(\d+)$/.exec(joined.places[place])!.map(Number)
    expect(joined.weights![i]).toBe(col >= 6 ? 20 + row : 1 + row)
  })
  expect([...pickRows(joined, [5, 2]).weights!]).toEqual([joined.weights![5], joined.weights![2]])
  expect(() => joinSamples([plain, table], { maxRows: 80, seed: 3 })).toThrow(/weights/)
})

test('a forest of such rows splits and predicts as ten plain lines with the weights have it', async () => {
  const table = await rowsFromRaster({ target, predictors: [east], weight: trust, grid, window, day: days[0] })
  // One tree of one split, from each row once: nothing is left to chance.
  const settings = ForestSettings.parse({
    type: 'forest',
    treeCount: 1,
    maxDepth: 1,
    minLeafSize: 1,
    sampleFraction: 0.9999,
  })
  const model = await fitModel(table, null, settings, { seed: 1, threads: 1 })
  const [found] = [await model.predict([Float32Array.from({ length: 10 }, (_, col) => col)], 10, 1)]
  const rows = [...table.target.keys()]
  const weights = table.weights!
  const mean = (of: number[]): number =>
    of.reduce((sum, i) => sum + weights[i] * table.target[i], 0) / of.reduce((sum, i) => sum + weights[i], 0)
  const squares = (of: number[]): number =>
    of.reduce((sum, i) => sum + weights[i] * (table.target[i] - mean(of)) ** 2, 0)
  const parted = (cut: number): [number[], number[]] => [
    rows.filter((i) => table.columns[0][i] <= cut),
    rows.filter((i) => table.columns[0][i] > cut),
  ]
  const errorOf = (cut: number): number => parted(cut).reduce((sum, part) => sum + squares(part), 0)
  const cut = Array.from({ length: 9 }, (_, col) => col).reduce((best, col) =>
    errorOf(col) < errorOf(best) ? col : best,
  )
  const [left, right] = parted(cut).map(mean)
  found.forEach((value, col) => expect(value).toBeCloseTo(col <= cut ? left : right, 5))
  const unweighted = await fitModel({ ...table, weights: undefined }, null, settings, { seed: 1, threads: 1 })
  expect([...(await unweighted.predict([Float32Array.of(0, 9)], 2, 1))]).not.toEqual([found[0], found[9]])
})

test('rows of stations are weighed in their fine cell', async () => {
  const stations = [0, 1, 2].map((i) => ({
    id: `s${i}`,
    name: `s${i}`,
    x: 600_500 + 4000 * i,
    y: 5_699_500 - 1000 * i,
    elevation: null,
  }))
  const table: DailyTable = {
    set: 'probes',
    variable: 'sm',
    unit: 'm3 m-3',
    depth: null,
    crs: grid.crs,
    stations,
    days,
    values: Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
    notes: [],
  }
  const rows = await rowsFromStations({ table, predictors: [east], weight: trust, fineGrid: grid, days })
  expect(rows.excluded).toEqual({ 'weight:masked': 2 })
  expect([...rows.place].map((place) => rows.places[place])).toEqual(['s1', 's2', 's1', 's2'])
  expect([...rows.weights!]).toEqual([2, 22, 2, 22])
  expect(rows.columns.map((column) => [...column])).toEqual([[4, 8, 4, 8]])
})

test('a recipe takes weights with a forest only', () => {
  const recipe = (learner: string) => ({
    loam: 'recipe/1',
    name: 'r',
    grid: { like: 'dem' },
    target: { raster: 'sm' },
    predictors: { dem: 'dem' },
    training: { weight: 'trust' },
    learner: { type: learner },
    product: { period: { from: '2018-07-01', to: '2018-07-02' } },
  })
  expect(Recipe.parse(recipe('forest')).training.weight).toBe('trust')
  for (const learner of ['boosting', 'linear', 'svr', 'mlp']) {
    const found = Recipe.safeParse(recipe(learner), { error: issueText })
    expect(faultsOf(found.error!)).toEqual([
      { path: 'training.weight', message: `needs a learner of type "forest"; a ${learner} takes no weights` },
    ])
  }
})
