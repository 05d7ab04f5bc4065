import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LoamError, Recipe, TestPart, addDays, dayNumber } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { hashBytes } from '../../../main/engine/files/index.ts'
import { RasterReader } from '../../../main/engine/raster/index.ts'
import {
  RunContext,
  compileRunFields,
  gatherPairs,
  planStationSources,
  readStationInputs,
} from '../../../main/engine/runs/index.ts'
import { decodeSamples, testPartHolds, withoutTestPart } from '../../../main/engine/samples/index.ts'
import type { SampleTable } from '../../../main/engine/samples/index.ts'
import { previewRows } from '../../../main/engine/tiles/preview-rows.ts'
import { smallCatchment } from './small-catchment.ts'
import type { SmallCatchment } from './small-catchment.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const power = { workers: 2, cacheBytes: 32e6 }
let made: SmallCatchment
let recipe: Recipe
let firstDay: Day

beforeAll(async () => {
  made = await smallCatchment({ size: 200, days: 10, seed: 3 })
  firstDay = made.firstDay
  const whole = made.recipeOf(10)
  recipe = Recipe.parse({
    ...whole,
    learner: { type: 'forest', treeCount: 10 },
    split: { by: 'time', folds: 2, timeBlock: 'week' },
    product: { ...whole.product, residual: undefined },
  })
}, 120_000)

afterAll(() => made.remove())

const openCopy = (name: string): Promise<Engine> => Engine.open(made.copyOf(name), 'write')

test('a place or a day that is named is sealed, and nothing else', () => {
  const period = { from: '2018-07-02' as Day, to: '2018-07-03' as Day }
  const holds = testPartHolds({ stations: ['b'], extent: [0, 0, 10, 5], period })
  const at = (place: string, x: number, y: number, day: string): boolean =>
    holds({ place, x, y, day: dayNumber(day as Day) })
  expect(at('a', 20, 20, '2018-07-01')).toBe(false)
  expect(at('b', 20, 20, '2018-07-01')).toBe(true)
  expect(at('a', 10, 5, '2018-07-01')).toBe(true)
  expect(at('a', 10, 5.1, '2018-07-01')).toBe(false)
  expect(at('a', 20, 20, '2018-07-02')).toBe(true)
  expect(at('a', 20, 20, '2018-07-04')).toBe(false)
  expect(at('a', Number.NaN, Number.NaN, '2018-07-01')).toBe(false)
  expect(TestPart.safeParse({}).success).toBe(false)
})

describe('a run with a sealed test part', () => {
  test('is the run of somebody who never had it, until it is opened once, with a reason that stays', async () => {
    const engine = await openCopy('sealed')
    const period = { from: addDays(firstDay, 8), to: addDays(firstDay, 9) }
    const sealedBy = (part: TestPart): Recipe => ({ ...recipe, split: { ...recipe.split, test: part } })
    const planned = await engine.plan(sealedBy({ period }))
    const { results } = await engine.run(planned.id, power, quiet)
    const model = readFileSync(join(planned.folder, 'model.loammodel'))

    const shorter = {
      ...recipe,
      training: { ...recipe.training, period: { from: firstDay, to: addDays(firstDay, 7) } },
    }
    const without = await engine.plan(shorter)
    const other = await engine.run(without.id, power, quiet)
    expect(hashBytes(model)).toBe(hashBytes(readFileSync(join(without.folder, 'model.loammodel'))))
    const folds = (rows: typeof results.scores) => rows.filter(({ validation }) => validation === 'crossValidation')
    expect(folds(results.scores)).toEqual(folds(other.results.scores))

    // Every row and pair is on one side.
    const context = await RunContext.open(planned.folder, { cacheBytes: 32e6 })
    const isSealed = (day: number): boolean => day >= dayNumber(period.from) && day <= dayNumber(period.to)
    const tables: SampleTable[] = []
    for (const { key } of context.parts.samples) tables.push(decodeSamples((await context.need(key, 'rows')).payload))
    const all = tables.flatMap((table) => Array.from(table.day))
    expect(results.excluded['test_part:sealed']).toBe(all.filter(isSealed).length)
    expect(results.rows).toBe(all.filter((day) => !isSealed(day)).length)
    for (const [i, { name }] of recipe.validation.entries()) {
      const [open, sealed] = [await gatherPairs(context, i), await gatherPairs(context, i, 'test')]
      expect(open.day.some(isSealed)).toBe(false)
      expect(sealed.day.every(isSealed)).toBe(true)
      expect(sealed.day.length).toBeGreaterThan(0)
      const overall = results.scores.find(
        ({ validation, subject, part }) => validation === name && subject === 'fine map' && part === 'overall',
      )!
      expect(overall.scores.n).toBeLessThanOrEqual(open.day.length)
    }

    // Sealed, then opened once.
    expect(await engine.testPart(planned.id)).toMatchObject({ opened: null, others: [], scores: [] })
    expect(await engine.testPart(without.id)).toBeNull()
    const reason = 'the paper is being written'
    await engine.openTestPart(planned.id, { reason, who: 'ada' })
    await expect(engine.openTestPart(planned.id, { reason, who: 'ada' })).rejects.toMatchObject({ code: 'conflict' })
    await engine.close()
    const again = await Engine.open(join(made.folder, 'sealed.loam'), 'write')
    const told = (await again.testPart(planned.id))!
    expect(told.opened).toMatchObject({ run: planned.id, who: 'ada', reason })

    // The score of the rows, by plain lines.
    let [sum, n] = [0, 0]
    const forest = await context.trainedModel(context.parts.model.key)
    for (const table of tables) {
      const rows = Array.from(table.day.keys()).filter((i) => isSealed(table.day[i]))
      const columns = table.columns.map((column) => Float32Array.from(rows, (i) => column[i]))
      const predicted = await forest.predict(columns, rows.length, 1)
      rows.forEach((row, i) => (sum += (predicted[i] - table.target[row]) ** 2))
      n += rows.length
    }
    const own = told.scores.find(
      ({ validation, subject }) => validation === 'crossValidation' && /test part/.test(subject),
    )!
    expect(own.scores.n).toBe(n)
    expect(own.scores.measures.rmse.value).toBeCloseTo(Math.sqrt(sum / n), 9)
    expect(new Set(told.scores.map(({ part }) => part))).toEqual(new Set(['test']))
    context.close()

    // Another run of the same test part is told that it was opened, and stays sealed itself.
    const next = await again.plan({ ...sealedBy({ period }), seed: 9 })
    expect(await again.testPart(next.id)).toMatchObject({ opened: null, others: [{ run: planned.id, reason }] })
    const page = readFileSync(
      await again.report(planned.id, { path: join(made.folder, 'report.html'), signal: quiet.signal }),
      'utf8',
    )
    expect(page).toContain('by ada. Reason: the paper is being written')
    await again.close()
  }, 240_000)

  test('previews draw none of it, and a place can be sealed too', async () => {
    const engine = await openCopy('preview')
    const planned = await engine.plan(recipe)
    const context = await RunContext.open(planned.folder, { cacheBytes: 0 })
    const reader = new RasterReader({ cacheBytes: 32e6 })
    const stations = planStationSources(await readStationInputs(planned.folder, context.plan))
    const fields = compileRunFields(context.plan, stations, reader)
    const draw = async (part: TestPart | undefined) => {
      const split = { ...recipe.split, ...(part ? { test: part } : {}) }
      return (await previewRows({ ...context.plan, recipe: { ...recipe, split } }, fields, fields.predictors, 500))
        .table
    }
    const whole = await draw(undefined)
    const [first] = whole.places
    const left = await draw({ stations: [first] })
    expect(left.places).not.toContain(first)
    expect(left.target.length).toBe(withoutTestPart(whole, { stations: [first] }).target.length)
    expect(left.target.length).toBeLessThan(whole.target.length)
    expect((await draw({ period: { from: firstDay, to: addDays(firstDay, 9) } })).target.length).toBe(0)
    reader.close()
    context.close()
    await expect(engine.openTestPart(planned.id, { reason: 'before it ran', who: 'ada' })).rejects.toBeInstanceOf(
      LoamError,
    )
    await engine.close()
  }, 120_000)
})
