import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Recipe, reasonCodes } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { Engine, computeShare } from '../../../main/engine/engine.ts'
import { hashBytes } from '../../../main/engine/files/index.ts'
import { openOwnMap } from '../../../main/engine/raster/index.ts'
import { RunContext } from '../../../main/engine/runs/index.ts'
import { joinSamples, makeFolds } from '../../../main/engine/samples/index.ts'
import { smallCatchment } from './small-catchment.ts'
import type { SmallCatchment } from './small-catchment.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
let made: SmallCatchment
let recipe: Recipe
let firstDay: Day

beforeAll(async () => {
  made = await smallCatchment({ size: 400, days: 6, seed: 8 })
  firstDay = made.firstDay
  const whole = made.recipeOf(2)
  recipe = Recipe.parse({
    ...whole,
    learner: { type: 'forest', treeCount: 10, minLeafSize: 3 },
    split: { ...whole.split, by: 'place', folds: 3, blockSize: 1000 },
    product: { ...whole.product, encoding: 'int16', applicability: true, residual: undefined },
  })
}, 120_000)

afterAll(() => made.remove())

const openCopy = (name: string): Promise<Engine> => Engine.open(made.copyOf(name), 'write')

const outputs = (runFolder: string): string[] =>
  readdirSync(join(runFolder, 'maps'))
    .sort()
    .map((file) => `${file} ${hashBytes(readFileSync(join(runFolder, 'maps', file)))}`)

async function readMap(path: string, context: RunContext) {
  const grid = context.plan.fineGrid
  const map = await openOwnMap(path, grid)
  const block = await map.read(0, { row: 0, col: 0, rows: grid.rows, cols: grid.cols }, 'values')
  const coarse = { rows: Math.ceil(grid.rows / 2), cols: Math.ceil(grid.cols / 2) }
  const overview = await map.read(1, { row: 0, col: 0, ...coarse }, 'values')
  map.close()
  return { ...block, overview }
}

/** Meyer & Pebesma (2021), section 2.2, by their words: the index of some cells, and the threshold. */
async function plainly(context: RunContext, columns: readonly Float32Array[], cells: readonly number[]) {
  const { plan, parts } = context
  const { importance } = (await context.trainedModel(parts.model.key)).info
  const table = joinSamples([await context.sampleTable(parts.table.key)], { maxRows: 2000, seed: plan.recipe.seed })
  const n = table.target.length
  const stats = table.columns.map((column) => {
    const mean = column.reduce((a, b) => a + b, 0) / n
    return { mean, sd: Math.sqrt(column.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1)) }
  })
  const scaled = (values: number[]) =>
    values.map((v, p) => (stats[p].sd > 0 ? ((v - stats[p].mean) / stats[p].sd) * importance.impurity[p] : 0))
  const rows = Array.from({ length: n }, (_, i) => scaled(table.columns.map((column) => column[i])))
  const distance = (a: number[], b: number[]) => Math.sqrt(a.reduce((sum, v, p) => sum + (v - b[p]) ** 2, 0))
  let sum = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += distance(rows[i], rows[j])
  const mean = sum / ((n * (n - 1)) / 2)
  const least = (point: number[], others: number[][]) =>
    others.reduce((m, row) => Math.min(m, distance(point, row)), Infinity)
  const { fold } = makeFolds(table, plan.splits[0], plan.recipe.seed)
  const inFolds = rows
    .map(
      (row, i) =>
        least(
          row,
          rows.filter((_, j) => fold[j] !== fold[i]),
        ) / mean,
    )
    .sort((a, b) => a - b)
  const median = (all: number[]) => (all[Math.ceil(all.length / 2) - 1] + all[Math.floor(all.length / 2)]) / 2
  const [lower, upper] = [median(inFolds.slice(0, Math.ceil(n / 2))), median(inFolds.slice(Math.floor(n / 2)))]
  return {
    threshold: Math.max(...inFolds.filter((value) => value <= upper + 1.5 * (upper - lower))),
    index: cells.map((cell) => least(scaled(columns.map((column) => column[cell])), rows) / mean),
  }
}

describe('a run that maps its area of applicability', () => {
  test('writes the index beside each map and marks cells above the threshold, which keep their value', async () => {
    const engine = await openCopy('mapped')
    const planned = await engine.plan(recipe)
    const { results } = await engine.run(planned.id, { workers: 2, cacheBytes: 32e6 }, quiet)
    expect(results.files.filter(({ layer }) => layer === 'di')).toHaveLength(2)
    const context = await RunContext.open(planned.folder, { cacheBytes: 32e6 })
    const grid = context.plan.fineGrid
    const whole = { grid, row: 0, col: 0, rows: grid.rows, cols: grid.cols }
    const columns = await Promise.all(
      context.fields.predictors.map(async (field) => (await field.read(whole, firstDay)).values),
    )
    const files = results.files.filter(({ day }) => day === firstDay)
    const map = await readMap(files.find(({ layer }) => layer === undefined)!.path, context)
    const index = await readMap(files.find(({ layer }) => layer === 'di')!.path, context)

    const cells = Array.from({ length: 150 }, (_, i) => (i * 1061) % map.values.length)
    const expected = await plainly(context, columns, cells)
    expect(results.applicability!.threshold).toBeCloseTo(expected.threshold, 5)
    for (const [k, cell] of cells.entries())
      if (!Number.isNaN(expected.index[k])) expect(index.values[cell]).toBeCloseTo(expected.index[k], 4)

    const { threshold } = results.applicability!
    let [outside, wrong] = [0, 0]
    for (let i = 0; i < map.values.length; i++) {
      const isOutside = index.values[i] > threshold
      if (isOutside) outside++
      if (Number.isNaN(index.values[i]) !== Number.isNaN(map.values[i])) wrong++
      if ((map.reasons[i] === reasonCodes.outside_applicability) !== isOutside) wrong++
    }
    expect(wrong).toBe(0)
    expect(outside).toBeGreaterThan(0)
    // A cell of the overview is outside where most of the cells below it are.
    const { overview } = map
    for (let row = 0; row < overview.rows - 1; row++)
      for (let col = 0; col < overview.cols - 1; col++) {
        const four = [0, 1, grid.cols, grid.cols + 1].map((step) => 2 * row * grid.cols + 2 * col + step)
        const known = four.filter((i) => !Number.isNaN(map.values[i]))
        const marked = known.filter((i) => map.reasons[i] === reasonCodes.outside_applicability)
        const cell = row * overview.cols + col
        if ((overview.reasons[cell] === reasonCodes.outside_applicability) !== marked.length * 2 > known.length) wrong++
        if (Number.isNaN(overview.values[cell]) !== (known.length === 0)) wrong++
      }
    expect(wrong).toBe(0)

    // Scores tell the two apart, and together they are all pairs.
    const fine = results.scores.filter(({ subject }) => subject === 'fine map')
    for (const validation of new Set(fine.map((row) => row.validation))) {
      const n = (part: RegExp): number =>
        fine
          .filter((row) => row.validation === validation && part.test(row.part))
          .reduce((sum, row) => sum + row.scores.n, 0)
      expect(n(/^applicability:/)).toBe(n(/^overall$/))
    }
    const counted = [0, 0]
    for (const { path, layer } of results.files)
      if (layer === 'di')
        for (const value of (await readMap(path, context)).values) {
          if (!Number.isNaN(value)) counted[0]++
          if (value > threshold) counted[1]++
        }
    expect([results.applicability!.cells, results.applicability!.outside]).toEqual(counted)
    expect(results.verdicts.at(-1)).toMatch(/^Area of applicability: [\d.]+ % of the cells/)

    const report = await engine.report(planned.id, { path: join(made.folder, 'report.html'), signal: quiet.signal })
    expect(readFileSync(report, 'utf8')).toMatch(/crossed: outside applicability [\d.]+ %/)

    // Values are those of a run that does not ask.
    const plain = await engine.plan({ ...recipe, product: { ...recipe.product, applicability: false } })
    const without = await engine.run(plain.id, { workers: 2, cacheBytes: 32e6 }, quiet)
    expect(without.results.applicability).toBeNull()
    const own = without.results.files.find(({ day, kind }) => kind === 'map' && day === firstDay)!
    expect((await readMap(own.path, context)).values).toEqual(map.values)

    // A map that was lost is made again, the same.
    const before = outputs(planned.folder)
    rmSync(files.find(({ layer }) => layer === 'di')!.path)
    await engine.run(planned.id, { workers: 1, cacheBytes: 32e6 }, quiet)
    expect(outputs(planned.folder)).toEqual(before)
    context.close()
    await engine.close()

    // And by shares of other processes, with other threads.
    const other = await openCopy('shares')
    const again = await other.plan(recipe)
    for (const task of [1, 0]) await computeShare(again.folder, { task, of: 2 }, { threads: 3, ...quiet })
    expect(outputs(again.folder).filter((line) => line.includes('.tif'))).toEqual(
      before.filter((line) => line.includes('.tif')),
    )
    await other.close()
  }, 240_000)
})
