import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, parseRecipe } from '../../../main/contract/index.ts'
import type { FieldExpression, Recipe } from '../../../main/contract/index.ts'
import { Engine, withDates } from '../../../main/engine/engine.ts'
import { generateVirtualCatchment, virtualCatchmentSources } from '../../../main/engine/virtual-catchment/index.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const power = { workers: 2, cacheBytes: 32e6 }
let folder: string
let engine: Engine
let recipe: Recipe

/** A small catchment whose wells are kriged: one variogram for all dates, the elevation of the land left out of it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loam-kriged-'))
  const made = await generateVirtualCatchment(join(folder, 'catchment'), { size: 300, days: 5, seed: 6 })
  engine = await Engine.create(join(folder, 'p.loam'))
  const { rasters, stations } = virtualCatchmentSources(join(folder, 'catchment'))
  for (const raster of rasters) await engine.addRasters(raster)
  for (const table of stations) await engine.addStations(table)
  const path = 'resources/recipes/virtual-catchment.json'
  const whole = withDates(parseRecipe(readFileSync(path, 'utf8'), path), {
    from: made.firstDay,
    to: addDays(made.firstDay, 1),
  })
  const wells = (output: 'prediction' | 'variance', more: object = {}): FieldExpression => ({
    kriged: 'wells',
    variable: 'groundwater_depth',
    output,
    ...more,
  })
  const { clay, sand, precipitation } = whole.predictors
  recipe = {
    ...whole,
    predictors: {
      clay,
      sand,
      precipitation,
      groundwater: wells('prediction'),
      groundwaterVariance: wells('variance'),
      groundwaterWithSand: wells('prediction', { drift: { sand: 'sand' }, variogram: 'perDay' }),
    },
    learner: { type: 'forest', treeCount: 8, minLeafSize: 3, maxDepth: 64, sampleFraction: 1 },
    split: { ...whole.split, by: 'place', folds: 2, blockSize: 1000 },
    validation: whole.validation.slice(0, 1),
  }
}, 120_000)

afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

test('wells kriged day by day, their variance, and with drift, are predictors of a run', async () => {
  const planned = await engine.plan(recipe)
  const { results } = await engine.run(planned.id, power, quiet)
  expect(results.files.filter((file) => file.kind === 'map')).toHaveLength(2)
  expect(results.importance.map(({ predictor }) => predictor)).toContain('groundwaterVariance')
  expect(results.lineage).toMatch(/ordinary kriging in .*variogram .*range .*nugget .*sill .*fitted to all dates/)
  expect(results.lineage).toMatch(/universal kriging with drift in sand/)

  // One date more: the wells of the other dates and their variogram are the same, so nothing of those is computed again.
  const { from, to } = recipe.product.period
  const more = await engine.plan(withDates(recipe, { from, to: addDays(to, 1) }))
  await engine.run(more.id, power, quiet)
  const steps = Object.fromEntries(engine.project.steps(more.id).map((each) => [each.step, each]))
  expect(steps.publish).toMatchObject({ computed: 1, reused: 2 })
}, 120_000)
