import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseRecipe } from '../../../main/contract/index.ts'
import type { Day, Recipe } from '../../../main/contract/index.ts'
import { Engine, computeShare } from '../../../main/engine/engine.ts'
import { hashBytes } from '../../../main/engine/files/index.ts'
import { areaMeans, coarseCellsOf } from '../../../main/engine/geostatistics/index.ts'
import { RasterReader, gridOfFile } from '../../../main/engine/raster/index.ts'
import type { Field } from '../../../main/engine/fields/index.ts'
import { residualStep, residualWarnings, summariseResiduals } from '../../../main/engine/runs/residual-step.ts'
import type { ProductPlan } from '../../../main/engine/tiles/layer-plan.ts'
import { planLayer } from '../../../main/engine/tiles/plan-layer.ts'
import { productField } from '../../../main/engine/tiles/product-field.ts'
import { smallCatchment } from './small-catchment.ts'
import type { SmallCatchment } from './small-catchment.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const power = { workers: 2, cacheBytes: 32e6 }
let catchment: SmallCatchment
let coarseFolder: string
let recipe: Recipe

beforeAll(async () => {
  catchment = await smallCatchment({ size: 300, days: 6, seed: 5 })
  coarseFolder = join(catchment.folder, 'catchment', 'coarse')
  const whole = catchment.recipeOf(2)
  recipe = {
    ...whole,
    learner: { type: 'forest', treeCount: 5, minLeafSize: 3, maxDepth: 64, sampleFraction: 1 },
    split: { ...whole.split, by: 'place', folds: 2, blockSize: 1000 },
    validation: [],
    product: {
      ...whole.product,
      encoding: 'float32',
      residual: { method: 'atp', neighbours: 25, variogram: 'auto', gate: 'stop', closureMap: false },
    },
  }
}, 120_000)

afterAll(() => catchment.remove())

async function readBand(path: string) {
  const grid = await gridOfFile(path)
  const reader = new RasterReader({ cacheBytes: 0 })
  const source = { path, subdataset: '', band: 1, grid, scale: 1, offset: 0, nodata: [], validRange: null }
  const { values } = await reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })
  reader.close()
  return { grid, values }
}

/** Largest |area mean of a map − coarse value| and how many coarse cells were compared. */
async function openness(map: string, coarse: string): Promise<{ largest: number; cells: number }> {
  const [fine, wanted] = [await readBand(map), await readBand(coarse)]
  const off = areaMeans(coarseCellsOf(fine.grid, wanted.grid), fine.values).map((mean, i) =>
    Math.abs(mean - wanted.values[i]),
  )
  const known = off.filter((value) => !Number.isNaN(value))
  return { largest: Math.max(...known), cells: known.length }
}

function outputs(runFolder: string): string[] {
  return readdirSync(join(runFolder, 'maps'))
    .map((file) => `maps/${file}`)
    .concat('results.json')
    .sort()
    .map((file) => `${file} ${hashBytes(readFileSync(join(runFolder, file)))}`)
}

describe('a run with residual correction', () => {
  test('publishes maps that average to the coarse product, and computes anew only them', async () => {
    const engine = await Engine.open(catchment.copyOf('atp'), 'write')
    try {
      const product = {
        ...recipe.product,
        intervals: [0.05, 0.95],
        residual: { ...recipe.product.residual!, closureMap: true },
      }
      const plain = await engine.plan({ ...recipe, product: { ...product, residual: undefined } })
      const without = await engine.run(plain.id, power, quiet)
      const run = await engine.plan({ ...recipe, product })
      const { results } = await engine.run(run.id, power, quiet)

      const mapOf = (files: typeof results.files, day: string, layer?: string): string =>
        files.find((file) => file.kind === 'map' && file.day === day && file.layer === layer)!.path
      const { from } = recipe.product.period
      const coarse = readdirSync(coarseFolder).find(
        (file) => file.includes(from.replaceAll('-', '')) || file.includes(from),
      )!
      const before = await openness(mapOf(without.results.files, from), join(coarseFolder, coarse))
      const after = await openness(mapOf(results.files, from), join(coarseFolder, coarse))
      expect(before.largest).toBeGreaterThan(1e-4)
      expect(after.cells).toBe(9)
      expect(after.largest).toBeLessThan(1e-6)
      expect(results.residual).toMatchObject({ method: 'atp', days: 2, clamped: 0, daysWithoutCoarse: [] })
      expect(results.residual!.largestClosure).toBeLessThan(1e-6)
      expect(results.verdicts.at(-1)).toMatch(
        /^Residual correction by area-to-point kriging on 2 days: .* at most \d\.\de-(0?[7-9]|1\d) /,
      )
      expect(without.results.residual).toBeNull()
      expect(results.lineage).toMatch(
        /residual of its cells .* by area-to-point kriging \(25 neighbours, variogram of each day\)/,
      )

      // The closure map is what the map lacks, on the coarse grid.
      const [closure, wanted, fine] = await Promise.all([
        readBand(mapOf(results.files, from, 'closure')),
        readBand(join(coarseFolder, coarse)),
        readBand(mapOf(results.files, from)),
      ])
      const off = areaMeans(coarseCellsOf(fine.grid, wanted.grid), fine.values).map(
        (mean, i) => mean - wanted.values[i],
      )
      const known = (values: ArrayLike<number>): number[] => Array.from(values).filter((value) => !Number.isNaN(value))
      expect(closure.grid.transform[1]).toBe(wanted.grid.transform[1])
      expect(known(closure.values)).toHaveLength(after.cells)
      known(off).forEach((value, i) => expect(known(closure.values)[i]).toBeCloseTo(value, 9))

      // It is a layer of the run, on its own grid.
      const tools = { project: engine.project, preview: () => expect.unreachable() }
      const { plan: layer, quantity } = await planLayer({ of: 'product', run: run.id, layer: 'closure' }, tools)
      const field = productField(layer as ProductPlan)
      expect(quantity).toBe('difference from the coarse product of soil moisture')
      expect(field.times).toHaveLength(2)
      const { rows, cols } = closure.grid
      const shown = await field.read({ row: 0, col: 0, rows, cols, grid: closure.grid }, from)
      expect(shown.values).toEqual(closure.values)
      field.close()

      // Quantiles move with the map; the standard deviation stays.
      const [plainMap, map, plainLow, low, plainSd, sd] = await Promise.all(
        [undefined, 'q05', 'sd'].flatMap((layer) => [
          readBand(mapOf(without.results.files, from, layer)),
          readBand(mapOf(results.files, from, layer)),
        ]),
      )
      for (const i of [0, 12_345, 40_000, 80_000]) {
        if (Number.isNaN(map.values[i])) continue
        expect(low.values[i] - plainLow.values[i]).toBeCloseTo(map.values[i] - plainMap.values[i], 6)
      }
      expect(sd.values).toEqual(plainSd.values)
      const steps = Object.fromEntries(
        engine.project.steps(run.id).map(({ step, computed, reused }) => [step, { computed, reused }]),
      )
      expect(steps.train).toEqual({ computed: 0, reused: 1 })
      expect(steps.samples.computed).toBe(0)
      expect(steps.publish).toEqual({ computed: 2, reused: 0 })
    } finally {
      await engine.close()
    }
  }, 120_000)

  test('gives the same bytes in shares, and tells what rounding and cutting cost', async () => {
    const product = {
      ...recipe.product,
      encoding: 'int16' as const,
      residual: { ...recipe.product.residual!, clamp: [0, 0.2] as [number, number] },
    }
    const whole = await Engine.open(catchment.copyOf('whole'), 'write')
    const one = await whole.plan({ ...recipe, product })
    const { results } = await whole.run(one.id, power, quiet)
    await whole.close()
    expect(results.residual!.tolerance).toBe(5e-5)
    expect(results.residual!.clamped).toBeGreaterThan(0)
    expect(results.warnings.join()).toMatch(/values were cut to the limits/)

    const shared = await Engine.open(catchment.copyOf('shared'), 'write')
    const run = await shared.plan({ ...recipe, product })
    for (const task of [1, 0]) await computeShare(run.folder, { task, of: 2 }, { ...quiet, threads: 3 })
    await shared.collect(run.id, quiet)
    await shared.close()
    expect(outputs(run.folder)).toEqual(outputs(one.folder))
  }, 120_000)

  test('keeps a day that does not close, alone, also in shares and where another run published it', async () => {
    const made = await Engine.open(catchment.copyOf('gate'), 'write')
    const first = await made.plan(recipe)
    const { results } = await made.run(first.id, power, quiet)
    const maxima = await Promise.all(
      results.files
        .filter(({ kind }) => kind === 'map')
        .map(async ({ path, day }) => ({
          day: day!,
          most: (await readBand(path)).values.reduce((a, b) => (b > a ? b : a), 0),
        })),
    )
    maxima.sort((a, b) => b.most - a.most)
    const [wettest, other] = maxima
    // Only the wettest day is cut.
    const clamp: [number, number] = [0, (wettest.most + other.most) / 2]
    const withGate = (gate: 'stop' | 'strict' | 'warn'): Recipe => ({
      ...recipe,
      product: { ...recipe.product, residual: { ...recipe.product.residual!, clamp, gate } },
    })
    const fault = {
      code: 'incomplete',
      message: expect.stringMatching(/1 of 2 days failed.* widen or drop `product\.residual\.clamp`/) as string,
      details: { days: { [wettest.day]: { code: 'not_closed', details: { tolerance: 1e-6 } } } },
    }
    const mapsIn = (folderOfRun: string): string[] =>
      readdirSync(join(folderOfRun, 'maps')).filter((file) => file.endsWith('.tif'))
    const strict = await made.plan(withGate('strict'))
    await expect(made.run(strict.id, power, quiet)).rejects.toMatchObject(fault)
    expect(mapsIn(strict.folder)).toEqual([expect.stringContaining(other.day)])

    const shared = await made.plan(withGate('strict'))
    const told: string[] = []
    const onEvent = (event: { event: string; message?: string }): void =>
      void (event.event === 'warning' && told.push(event.message ?? ''))
    for (const task of [0, 1]) await computeShare(shared.folder, { task, of: 2 }, { ...quiet, onEvent, threads: 1 })
    expect(told.join()).toContain(`The map of ${wettest.day} does not average to the coarse values`)
    await expect(made.collect(shared.id, quiet)).rejects.toMatchObject(fault)

    // Where cutting was asked for it is warned of; the numbers are the same, and still not for a run that is strict.
    const run = await made.plan(withGate('stop'))
    const { results: own } = await made.run(run.id, power, quiet)
    expect(own.warnings.join()).toMatch(/values were cut to the limits of `product\.residual\.clamp`/)
    expect(mapsIn(run.folder)).toHaveLength(2)
    const again = await made.plan(withGate('strict'))
    await expect(made.run(again.id, power, quiet)).rejects.toMatchObject(fault)
    expect(mapsIn(again.folder)).toEqual([expect.stringContaining(other.day)])
    await made.close()
  }, 240_000)

  test('is refused without a coarse product, and with a variogram that is none', async () => {
    const stations = { stations: 'stations', variable: 'soil_moisture', depth: [0.05, 0.05] as [number, number] }
    const text = JSON.stringify({ ...recipe, target: stations })
    expect(() => parseRecipe(text, 'r.json')).toThrow(/product\.residual: needs a coarse product/)
    const engine = await Engine.open(catchment.copyOf('refused'), 'write')
    const residual = { ...recipe.product.residual!, variogram: 'round(1,2)' }
    await expect(engine.plan({ ...recipe, product: { ...recipe.product, residual } })).rejects.toMatchObject({
      code: 'bad_recipe',
      message: expect.stringContaining('product.residual.variogram') as string,
    })
    await engine.close()
  }, 120_000)
})

test('a plan of before there was a gate only warns, as it did; a gate judges records of before cells were kept', () => {
  const grid = (side: number, cells: number) => ({
    crs: 'EPSG:32633',
    transform: [400_000, side, 0, 5_100_000, 0, -side] as [number, number, number, number, number, number],
    rows: cells,
    cols: cells,
  })
  const closure = { cells: 9, largest: 1e-3, meanAbsolute: 1e-3, rmse: 1e-3, tolerance: 1e-6 }
  const record = { closure, uncorrected: 0, clamped: 0, variogram: '' }
  const { gate: _, ...before } = recipe.product.residual!
  const judge = (residual: object, clamped: number) => () => {
    const own = { ...recipe, product: { ...recipe.product, residual: residual as typeof recipe.product.residual } }
    const coarse = { name: 'coarse', lineage: 'coarse' } as Field
    residualStep(own, grid(100, 40), coarse, grid(1000, 4))!.requireClosed({ ...record, clamped }, days[0])
  }
  expect(judge(before, 0)).not.toThrow()
  expect(judge({ ...before, gate: 'stop' }, 3)).not.toThrow()
  expect(judge({ ...before, gate: 'stop' }, 0)).toThrow(
    /The map of 2020-01-01 .* off by up to 1\.0e-3 m3 m-3; at most 1e-6/,
  )
  expect(judge({ ...before, gate: 'strict' }, 3)).toThrow(/3 fine cells were cut to the limits/)
})

const days = ['2020-01-01', '2020-01-02', '2020-01-03'] as Day[]

describe('what a run says of its corrected days', () => {
  const record = (largest: number | null, more = {}) => ({
    closure: largest === null ? null : { cells: 9, largest, meanAbsolute: largest, rmse: largest, tolerance: 1e-6 },
    uncorrected: 0,
    clamped: 0,
    variogram: '',
    ...more,
  })
  test('names the worst day, the days without coarse values and cells left as they were', () => {
    const records = [record(2e-3), record(null), record(5e-3, { uncorrected: 7 })]
    const summary = summariseResiduals(
      'bilinear',
      records.map((residual, i) => ({ day: days[i], residual })),
    )
    expect(summary).toMatchObject({ days: 2, worstDay: '2020-01-03', largestClosure: 5e-3, uncorrected: 7 })
    const warnings = residualWarnings(summary, 3)
    expect(warnings).toHaveLength(3)
    expect(warnings[0]).toContain('1 of 3 maps are not corrected')
    expect(warnings[1]).toContain('5.0e-3 (worst on 2020-01-03)')
    expect(warnings[2]).toContain('7 values')
  })

  test('says nothing when all is closed', () => {
    expect(residualWarnings(summariseResiduals('atp', [{ day: days[0], residual: record(3e-9) }]), 1)).toEqual([])
  })
})
