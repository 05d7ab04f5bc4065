import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recipe, decodeTile, reasonCodes } from '../../../main/contract/index.ts'
import type { Day, PreviewAnswer, TileBody } from '../../../main/contract/index.ts'
import { fitModel } from '../../../main/engine/models/index.ts'
import type { Model } from '../../../main/engine/models/index.ts'
import { RasterReader } from '../../../main/engine/raster/index.ts'
import { compileRunFields } from '../../../main/engine/runs/index.ts'
import { joinSamples, rowsFromRaster } from '../../../main/engine/samples/index.ts'
import type { SampleTable } from '../../../main/engine/samples/index.ts'
import { MapService } from '../../../main/engine/tiles/index.ts'
import { TileProject, day, hill, utm } from './tile-project.ts'

const fine = utm(10, 600, 540)
const coarse = utm(60, 100, 90)
const days = ['2019-06-01', '2019-06-02', '2019-06-04', '2019-06-05'].map(day)
const targetDays = days.slice(0, 2)
const gap = day('2019-06-03')

const folder = mkdtempSync(join(tmpdir(), 'loam-previews-'))
let project: TileProject
let map: MapService

const recipe = {
  loam: 'recipe/1' as const,
  name: 'preview test',
  seed: 7,
  grid: { like: 'dem' },
  fields: { green: { fillInTime: 'ndvi', maxAgeDays: 5 } },
  target: { raster: 'rough', depth: [0, 0.05] },
  predictors: { dem: 'dem', green: 'green', lst: 'lst' },
  split: { by: 'place', folds: 4 },
  learner: { type: 'forest', treeCount: 20 },
  product: { period: { from: days[0], to: days[1] }, intervals: [0.1, 0.9] },
}

let table: SampleTable
let model: Model
let answer: PreviewAnswer

beforeAll(async () => {
  project = await TileProject.create(folder)
  const on = (seed: number, grid = fine, only = days) =>
    Object.fromEntries(only.map((date, i) => [date, hill(grid, seed + i)]))
  await project.add(
    'dem',
    fine,
    { static: hill(fine, 40, 20, 100).map((v) => (Number.isNaN(v) ? 100 : v)) },
    { unit: 'm' },
  )
  await project.add('ndvi', fine, on(50))
  await project.add('lst', coarse, on(60, coarse, [...days, gap]), { unit: 'K' })
  await project.add('rough', coarse, on(70, coarse, targetDays), { unit: 'm3 m-3' })
  map = new MapService(project.engine.project)
  answer = await map.preview(recipe, 20_000)

  // The same rows and the same model, by hand.
  const reader = new RasterReader({ cacheBytes: 32e6 })
  const datasets = ['dem', 'ndvi', 'lst', 'rough'].map((name) => project.engine.project.storedDataset(name))
  const whole = Recipe.parse(recipe)
  const fields = compileRunFields({ recipe: whole, fineGrid: fine, trainingGrid: coarse, datasets }, new Map(), reader)
  const parts: SampleTable[] = []
  const window = { grid: coarse, row: 0, col: 0, rows: coarse.rows, cols: coarse.cols }
  for (const date of targetDays)
    parts.push(
      await rowsFromRaster({
        target: fields.target!,
        predictors: fields.predictors,
        grid: coarse,
        window,
        day: date,
        crs: fine.crs,
      }),
    )
  table = joinSamples(parts, { maxRows: 20_000, seed: 7 })
  const settings = { ...whole.learner, intervals: true } as typeof whole.learner
  model = await fitModel(table, null, settings, { seed: 7, threads: 1 })
  reader.close()
})
afterAll(async () => {
  map.close()
  await project.close()
  rmSync(folder, { recursive: true, force: true })
})

async function tileOf(id: string, on: Day, level: number, row: number, col: number): Promise<TileBody> {
  const bytes = await map.tile(id, on, { level, row, col })
  return decodeTile(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

/** Predictors of a tile, from layers of their own on the fine grid. */
async function predictorsOf(on: Day, row: number, col: number): Promise<TileBody[]> {
  const tiles: TileBody[] = []
  for (const expression of ['dem', 'green'] as const) {
    const layer = await map.openLayer({ of: 'field', expression, fields: recipe.fields as never, name: expression })
    tiles.push(await tileOf(layer.id, on, 0, row, col))
  }
  // Temperature is coarser than the map; the difference to a fine 0 brings it to the fine grid.
  const zero = { formula: 'a * 0', inputs: { a: 'dem' }, unit: 'K' }
  const layer = await map.openLayer({
    of: 'difference',
    a: { of: 'dataset', dataset: 'lst', variable: 'lst' },
    b: { of: 'field', expression: zero, fields: {}, name: 'zero' },
  })
  return [...tiles, await tileOf(layer.id, on, 0, row, col)]
}

describe('preview of a model', () => {
  test('a quick coarse tile is the prediction in the fine cell under each centre, until averages are made', async () => {
    const predictors = { dem: 'dem', green: 'green' }
    const { id } = await map.preview({ ...recipe, predictors }, 2000)
    const layer = await map.openLayer({ of: 'preview', preview: id, layer: 'prediction' })
    const [date, level] = [days[3], 2]
    const asked = { level, row: 0, col: 0, isQuick: true }
    const quick = await map.quickTile(layer.id, date, asked)
    expect(quick.oneOf).toBe(16)
    const some = decodeTile(quick.bytes.slice().buffer)
    const fineTile = await tileOf(layer.id, date, 0, 0, 0)
    for (let row = 0; row < 64; row++)
      for (let col = 0; col < 64; col++) {
        const [at, under] = [row * some.cols + col, (4 * row + 2) * 256 + 4 * col + 2]
        expect([some.values[at], some.reasons[at]]).toEqual([fineTile.values[under], fineTile.reasons[under]])
      }
    const whole = await tileOf(layer.id, date, level, 0, 0)
    expect(whole.values).not.toEqual(some.values)
    const again = await map.quickTile(layer.id, date, asked)
    expect(again.oneOf).toBe(1)
    expect(decodeTile(again.bytes.slice().buffer)).toEqual(whole)
  })

  test('says what it was trained on', () => {
    expect(answer).toMatchObject({
      type: 'forest',
      rows: table.target.length,
      rowsOf: coarse.rows * coarse.cols * 2,
      days: 2,
      daysOf: 2,
      excluded: table.excluded,
      unit: 'm3 m-3',
      intervalLevels: [0.1, 0.9],
    })
    expect(answer.sentence).toMatch(/^Preview · [\d ]+ of 18 000 rows · not saved$/)
    expect(answer.outOfBag.rmse).toBeCloseTo(model.info.outOfBag.rmse, 12)
    expect(answer.predictors.map(({ range }) => range)).toEqual(model.info.ranges)
    expect(answer.predictors.reduce((sum, { importance }) => sum + importance!, 0)).toBeCloseTo(1, 6)
    expect(answer.applicabilityThreshold).toBeGreaterThan(0)
  })

  test('its layers are what the model trained by hand says, on a day that was not trained on too', async () => {
    const source = { of: 'preview' as const, preview: answer.id }
    const [prediction, interval] = [
      await map.openLayer({ ...source, layer: 'prediction' }),
      await map.openLayer({ ...source, layer: 'interval' }),
    ]
    expect(prediction).toMatchObject({ grid: fine, times: 'any', unit: 'm3 m-3' })
    for (const on of [days[1], gap]) {
      const predictors = await predictorsOf(on, 1, 0)
      const tile = await tileOf(prediction.id, on, 0, 1, 0)
      const width = await tileOf(interval.id, on, 0, 1, 0)
      const columns = predictors.map(({ values }) => values)
      const [expected, { quantiles }] = await Promise.all([
        model.predict(columns, tile.values.length, 1),
        model.predictIntervals!(columns, tile.values.length, 1, [0.1, 0.9]),
      ])
      const lacks = expected.map((_, i) => predictors.find(({ reasons }) => reasons[i] !== 0)?.reasons[i] ?? 0)
      expect([...tile.reasons]).toEqual([...lacks])
      const blank = (from: Float32Array): Float32Array => from.map((v, i) => (lacks[i] === 0 ? v : Number.NaN))
      expect(tile.values).toEqual(blank(expected))
      expect(width.values).toEqual(blank(quantiles[1].map((high, i) => high - quantiles[0][i])))
      const valid = lacks.filter((reason) => reason === 0).length
      expect(valid).toBeGreaterThan(10_000)
    }
    // Coarser levels are predicted from coarser predictors: near the mean of the finer prediction.
    const [near, far] = [await tileOf(prediction.id, days[1], 0, 0, 0), await tileOf(prediction.id, days[1], 2, 0, 0)]
    const mean = (body: TileBody, rows: number, cols: number): number => {
      const found: number[] = []
      for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) found.push(body.values[r * body.cols + c])
      const valid = found.filter((v) => !Number.isNaN(v))
      return valid.reduce((a, b) => a + b, 0) / valid.length
    }
    expect(Math.abs(mean(near, 256, 256) - mean(far, 64, 64))).toBeLessThan(0.15)
  })

  test('its colours span what it predicts for its training rows, without reading a cell', async () => {
    const layer = await map.openLayer({ of: 'preview', preview: answer.id, layer: 'prediction' })
    const predicted = (await model.predict(table.columns, table.target.length, 1)).slice().sort()
    expect(layer.sampled).toMatchObject({ min: predicted[0], max: predicted.at(-1) })
    const inside = predicted.filter((value) => value >= layer.sampled!.low && value <= layer.sampled!.high)
    expect(inside.length / predicted.length).toBeCloseTo(0.96, 2)
    const index = await map.openLayer({ of: 'preview', preview: answer.id, layer: 'applicability' })
    expect(index.sampled!.high).toBeCloseTo(2 * answer.applicabilityThreshold!, 10)
  })

  test('applicability keeps its value where it is outside, and marks it', async () => {
    const layer = await map.openLayer({ of: 'preview', preview: answer.id, layer: 'applicability' })
    const tile = await tileOf(layer.id, days[0], 0, 0, 0)
    const threshold = answer.applicabilityThreshold!
    const outside = tile.values.filter((value) => value > threshold).length
    const inside = tile.values.filter((value) => value <= threshold).length
    const wrong = tile.values.filter((value, i) =>
      Number.isNaN(value)
        ? tile.reasons[i] === 0
        : tile.reasons[i] !== (value > threshold ? reasonCodes.outside_applicability : 0),
    )
    expect(wrong).toHaveLength(0)
    expect(inside).toBeGreaterThan(1000)
    expect(outside + inside).toBeLessThan(tile.values.length)
  })

  test('the inspector tells every predictor with its range, age and the interval', async () => {
    const layer = await map.openLayer({ of: 'preview', preview: answer.id, layer: 'prediction' })
    const at = { x: 600_005 + 10 * 333, y: 5_799_995 - 10 * 222, crs: fine.crs }
    for (const on of [days[1], gap]) {
      const { layers, models } = await map.inspect(at, on, [layer.id])
      const [found] = models
      expect(found.of).toEqual({ preview: answer.id })
      expect(found.prediction).toBe(layers[0].value)
      expect(found.interval!.levels).toEqual([0.1, 0.9])
      expect(found.interval!.low).toBeLessThanOrEqual(found.prediction!)
      expect(found.interval!.high).toBeGreaterThanOrEqual(found.prediction!)
      expect(found.predictors.map(({ name }) => name)).toEqual(['dem', 'green', 'lst'])
      const predictors = await predictorsOf(on, 0, 1)
      const cell = 222 * 256 + 333 - 256
      expect(found.predictors.map(({ value }) => value)).toEqual(predictors.map(({ values }) => values[cell]))
      expect(found.predictors.map(({ trainingRange }) => trainingRange)).toEqual(model.info.ranges)
      expect(found.predictors[1].ageDays).toBe(on === gap ? 1 : 0)
      expect(found.predictors[0].ageDays).toBeNull()
      expect(found.dissimilarity!.threshold).toBe(answer.applicabilityThreshold)
      expect(found.dissimilarity!.isInside).toBe(found.dissimilarity!.index <= found.dissimilarity!.threshold)
      expect(found.coarse).toMatchObject({ depth: [0, 0.05], cell: { row: 37, col: 55 }, unit: 'm3 m-3' })
      if (on === gap) expect(found.coarse!.reason).toBe('no_scene')
    }
  })

  test('a new preview stops the one before; a sample is a sample; rows stay when the learner changes', async () => {
    const slow = { ...recipe, learner: { type: 'forest', treeCount: 4000 } }
    const stopped = map.preview(slow, 20_000).catch((thrown: Error) => thrown)
    const few = await map.preview(recipe, 300)
    expect(await stopped).toMatchObject({ code: 'cancelled' })
    expect(few.rows).toBe(300)
    const other = await map.preview(
      { ...recipe, learner: { type: 'boosting', rounds: 10 }, product: { period: recipe.product.period } },
      300,
    )
    expect(other).toMatchObject({ rows: 300, type: 'boosting', intervalLevels: null })
    expect(other.predictors.map(({ range }) => range)).toEqual(few.predictors.map(({ range }) => range))
    for (const learner of [{ type: 'linear' }, { type: 'svr', tuning: {} }]) {
      const smooth = await map.preview({ ...recipe, learner, product: { period: recipe.product.period } }, 300)
      expect(smooth).toMatchObject({ rows: 300, type: learner.type, intervalLevels: null, outOfBag: { n: 0 } })
      expect(smooth.predictors.reduce((sum, { importance }) => sum + importance!, 0)).toBeCloseTo(1, 9)
      expect(smooth.warnings.some((warning) => /a run seeks them/.test(warning))).toBe(learner.type === 'svr')
    }
    const layer = await map
      .openLayer({ of: 'preview', preview: other.id, layer: 'interval' })
      .catch((thrown: Error) => thrown)
    expect(layer).toMatchObject({ code: 'bad_recipe' })
    await expect(map.preview({ ...recipe, predictors: { x: 'nothing' } }, 300)).rejects.toMatchObject({
      code: 'unknown_name',
    })
    await expect(map.openLayer({ of: 'preview', preview: 'gone', layer: 'prediction' })).rejects.toMatchObject({
      code: 'unknown_name',
    })
  })
})

describe('a run', () => {
  test('its maps are layers, coarse from overviews, and its inspector knows the model', async () => {
    const { engine } = project
    const run = await engine.plan(Recipe.parse(recipe))
    await engine.run(run.id, { workers: 2 }, { signal: new AbortController().signal, onEvent: () => {} })
    const layers = await Promise.all(
      ['mean', 'q10', 'q90', 'reason'].map((layer) => map.openLayer({ of: 'product', run: run.id, layer })),
    )
    const [mean, low, , reason] = layers
    expect(mean).toMatchObject({ grid: fine, quantity: 'soil moisture', times: days.slice(0, 2), kind: 'continuous' })
    expect(reason.kind).toBe('categorical')
    await expect(map.openLayer({ of: 'product', run: run.id, layer: 'q33' })).rejects.toMatchObject({
      code: 'unknown_name',
    })
    // The same recipe previewed on all rows is the same model.
    const preview = await map.openLayer({ of: 'preview', preview: answer.id, layer: 'prediction' })
    const [own, other] = [await tileOf(mean.id, days[0], 0, 0, 1), await tileOf(preview.id, days[0], 0, 0, 1)]
    expect(own.values).toEqual(other.values)
    expect(own.reasons).toEqual(other.reasons)
    const codes = await tileOf(reason.id, days[0], 0, 0, 1)
    expect([...codes.values]).toEqual([...own.reasons])
    // Overviews hold means of the cells below.
    const half = await tileOf(mean.id, days[0], 1, 0, 0)
    let compared = 0
    for (let r = 0; r < 128; r++)
      for (let c = 128; c < 256; c += 3) {
        const below = [0, 1, 256, 257].map((step) => own.values[2 * r * 256 + 2 * (c - 128) + step])
        const valid = below.filter((v) => !Number.isNaN(v))
        const found = half.values[r * half.cols + c]
        if (valid.length === 0) expect(found).toBeNaN()
        else if (Math.abs(found - valid.reduce((a, b) => a + b, 0) / valid.length) < 1e-6) compared++
        else expect.fail(`row ${r}, column ${c}: ${found} is not the mean of ${below.join(', ')}`)
      }
    expect(compared).toBeGreaterThan(1000)
    const at = { x: 600_005 + 10 * 300, y: 5_799_995 - 10 * 100, crs: fine.crs }
    const { models } = await map.inspect(at, days[0], [mean.id, low.id])
    expect(models).toHaveLength(1)
    const [model] = models
    expect(model.fault).toBeNull()
    expect(model.prediction).toBe(own.values[100 * 256 + 44])
    expect(model.interval!.low).toBe((await tileOf(low.id, days[0], 0, 0, 1)).values[100 * 256 + 44])
    expect(model.predictors.map(({ trainingRange }) => trainingRange)).toEqual(
      answer.predictors.map(({ range }) => range),
    )
    expect(model.dissimilarity).toMatchObject({ rows: 2000, rowsOf: table.target.length })
    const block = await tileOf(mean.id, days[0], 0, 0, 1)
    const cells = Array.from(
      { length: 36 },
      (_, i) => block.values[(96 + Math.floor(i / 6)) * 256 + 300 - 256 + (i % 6)],
    )
    const valid = cells.filter((v) => !Number.isNaN(v))
    expect(model.coarse!.closure).toBeCloseTo(valid.reduce((a, b) => a + b, 0) / valid.length - model.coarse!.value!, 5)
    const { series } = await map.cellSeries(at, {
      days: [...days, gap],
      layers: [mean.id],
      runs: [run.id],
      stations: [],
    })
    expect(series[0].reasons.slice(2)).toEqual(['no_scene', 'no_scene', 'no_scene'])
    expect(series[1]).toMatchObject({ id: `coarse:${run.id}`, unit: 'm3 m-3' })
    expect(series[1].values[0]).toBe(model.coarse!.value)
    expect(series[1].values[4]).toBeNull()
  })
})
