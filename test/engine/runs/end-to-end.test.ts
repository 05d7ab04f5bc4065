import { fork } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BoostingSettings, LearnerSettings, addDays } from '../../../main/contract/index.ts'
import type { Recipe, RunEvent } from '../../../main/contract/index.ts'
import { withTrees } from '../../../main/engine/models/index.ts'
import { Engine, computeShare, withDates } from '../../../main/engine/engine.ts'
import { childEntry, hashBytes } from '../../../main/engine/files/index.ts'
import { RasterReader, gridOfFile } from '../../../main/engine/raster/index.ts'
import { smallCatchment } from './small-catchment.ts'
import type { SmallCatchment } from './small-catchment.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const power = { workers: 2, cacheBytes: 32e6 }
let catchment: SmallCatchment
let recipe: Recipe

/** One small synthetic catchment and its project, made once; each test works on a copy of the project. */
beforeAll(async () => {
  catchment = await smallCatchment({ size: 400, days: 8, seed: 5 })
  const whole = catchment.recipeOf(5)
  recipe = {
    ...whole,
    learner: { type: 'forest', treeCount: 12, minLeafSize: 3, maxDepth: 64, sampleFraction: 1 },
    split: { ...whole.split, by: 'place', folds: 3, blockSize: 1000 },
  }
}, 120_000)

afterAll(() => catchment.remove())

async function readValues(path: string): Promise<Float32Array> {
  const grid = await gridOfFile(path)
  const reader = new RasterReader({ cacheBytes: 0 })
  const source = { path, subdataset: '', band: 1, grid, scale: 1, offset: 0, nodata: [], validRange: null }
  const { values } = await reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })
  reader.close()
  return values
}

/** Name and hash of every file a run is for. */
function outputs(runFolder: string): string[] {
  const maps = readdirSync(join(runFolder, 'maps')).map((file) => `maps/${file}`)
  return [...maps, 'model.loammodel', 'results.json']
    .sort()
    .map((file) => `${file} ${hashBytes(readFileSync(join(runFolder, file)))}`)
}

describe('a run', () => {
  test('with intervals publishes a map per quantile and tells how often they held; the other learners run too', async () => {
    const engine = await Engine.open(catchment.copyOf('intervals'), 'write')
    try {
      const { from } = recipe.product.period
      const product = { ...recipe.product, period: { from, to: from }, intervals: [0.05, 0.95] }
      const planned = await engine.plan({ ...recipe, product })
      const { results } = await engine.run(planned.id, power, quiet)
      const layers = results.files.filter((file) => file.layer !== undefined)
      expect(layers.map((file) => file.layer)).toEqual(['q05', 'q95', 'sd'])
      const [low, mean, high] = await Promise.all(
        [layers[0], results.files.find((file) => file.kind === 'map')!, layers[1]].map(({ path }) => readValues(path)),
      )
      expect(low.some((value) => !Number.isNaN(value))).toBe(true)
      let outside = 0
      for (let i = 0; i < low.length; i++) {
        expect(Number.isNaN(low[i])).toBe(Number.isNaN(mean[i]))
        if (low[i] > mean[i] || high[i] < mean[i]) outside++
      }
      expect(outside).toBeLessThan(low.length / 50)
      expect(results.coverage[0].inside).toBeGreaterThan(0.5)
      const map = results.files.find((file) => file.kind === 'map')!.path
      const item = JSON.parse(readFileSync(map.replace(/\.tif$/, '.json'), 'utf8')) as {
        assets: Record<string, { href: string; 'file:checksum': string }>
      }
      expect(Object.keys(item.assets)).toEqual(['map', 'q05', 'q95', 'sd'])
      for (const { href, 'file:checksum': checksum } of Object.values(item.assets))
        expect(checksum).toBe(`1220${hashBytes(readFileSync(join(dirname(map), href)))}`)
      expect(results.importance[0].heldOut).toBeGreaterThan(0)

      // The same maps without intervals are there already, and the mean is the same to the last bit.
      const plain = await engine.plan({ ...recipe, product: { ...product, intervals: undefined } })
      const without = await engine.run(plain.id, power, quiet)
      expect(await readValues(without.results.files.find((file) => file.kind === 'map')!.path)).toEqual(mean)
      expect(without.results.coverage).toEqual([])

      const learner = BoostingSettings.parse({ type: 'boosting', rounds: 200, earlyStopping: { patience: 10 } })
      const boosted = await engine.plan({ ...recipe, learner, product: { ...product, intervals: undefined } })
      const { results: third } = await engine.run(boosted.id, power, quiet)
      expect(third.lineage).toContain('boosted forest')
      expect(third.importance[0].permutation).toBeNull()
      expect(third.scores.find((row) => row.subject === 'place folds')!.scores.measures.pearsonR.value).toBeGreaterThan(
        0.3,
      )

      for (const [type, words] of [
        ['linear', 'linear regression'],
        ['mlp', 'neural network'],
      ] as const) {
        const smooth = LearnerSettings.parse({
          type,
          ...(type === 'mlp' ? { epochs: 40, stopping: { patience: 5 } } : {}),
        })
        const run = await engine.plan({ ...recipe, learner: smooth, product: { ...product, intervals: undefined } })
        const { results: found } = await engine.run(run.id, power, quiet)
        expect(found.lineage).toContain(words)
        expect(found.importance.reduce((sum, { impurity }) => sum + impurity, 0)).toBeCloseTo(1, 6)
        const { pearsonR } = found.scores.find((row) => row.subject === 'place folds')!.scores.measures
        expect(pearsonR.value).toBeGreaterThan(0.3)
      }
    } finally {
      await engine.close()
    }
  }, 120_000)

  test('goes from files to maps and scores, and a second run computes only what changed', async () => {
    const engine = await Engine.open(catchment.copyOf('rerun'), 'write')
    try {
      const first = await engine.plan(recipe)
      const { results } = await engine.run(first.id, power, quiet)
      expect(results.files.filter((file) => file.kind === 'map')).toHaveLength(5)
      expect(engine.project.run(first.id).state).toMatch(/^done/)
      const subjects = new Set(results.scores.map((row) => row.subject))
      for (const subject of ['place folds', 'random folds', 'fine map', 'coarse product'])
        expect(subjects).toContain(subject)
      for (const row of results.scores.filter(({ part }) => part === 'overall')) {
        const { rmse, bias, ubrmse } = row.scores.measures
        expect(ubrmse.value ** 2).toBeCloseTo(rmse.value ** 2 - bias.value ** 2, 12)
      }

      const { from, to } = recipe.product.period
      const dayMore = await engine.plan(withDates(recipe, { from, to: addDays(to, 1) }))
      await engine.run(dayMore.id, power, quiet)
      const steps = (id: string) =>
        Object.fromEntries(engine.project.steps(id).map(({ step, computed, reused }) => [step, { computed, reused }]))
      expect(steps(dayMore.id).samples.computed).toBe(0)
      expect(steps(dayMore.id).train).toEqual({ computed: 0, reused: 1 })
      expect(steps(dayMore.id).crossValidate.computed).toBe(0)
      expect(steps(dayMore.id).publish).toEqual({ computed: 1, reused: 5 })

      const moreTrees = await engine.plan({ ...recipe, learner: withTrees(recipe.learner, 13) })
      await engine.run(moreTrees.id, power, quiet)
      expect(steps(moreTrees.id).samples.computed).toBe(0)
      expect(steps(moreTrees.id).train).toEqual({ computed: 1, reused: 0 })
      expect(steps(moreTrees.id).publish).toEqual({ computed: 5, reused: 0 })
    } finally {
      await engine.close()
    }
  }, 120_000)

  test('in shares, in any order, gives the same bytes as one run', async () => {
    const whole = await Engine.open(catchment.copyOf('whole'), 'write')
    const one = await whole.plan(recipe)
    await whole.run(one.id, power, quiet)
    await whole.close()

    const shared = await Engine.open(catchment.copyOf('shared'), 'write')
    const run = await shared.plan(recipe)
    await expect(shared.collect(run.id, quiet)).rejects.toMatchObject({ code: 'incomplete' })
    for (const task of [2, 0, 1]) await computeShare(run.folder, { task, of: 3 }, { ...quiet, threads: 1 })
    const results = await shared.collect(run.id, quiet)
    await shared.close()
    expect(results.scores.length).toBeGreaterThan(0)
    expect(outputs(run.folder)).toEqual(outputs(one.folder))
  }, 120_000)

  test('killed without warning goes on to the same bytes', async () => {
    const calm = await Engine.open(catchment.copyOf('calm'), 'write')
    const expected = await calm.plan(recipe)
    await calm.run(expected.id, power, quiet)
    await calm.close()

    for (const after of ['samples', 'crossValidate', 'predict'] as const) {
      const engine = await Engine.open(catchment.copyOf(`killed-${after}`), 'write')
      const run = await engine.plan(recipe)
      await killWhen(run.folder, (event) => event.event === 'step' && event.step === after)
      expect(existsSync(join(run.folder, 'results.json'))).toBe(false)
      await engine.run(run.id, power, quiet)
      expect(outputs(run.folder)).toEqual(outputs(expected.folder))
      const left = readdirSync(run.folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.includes('.tmp'),
      )
      expect(left).toEqual([])
      await engine.close()
    }
  }, 180_000)

  test('cancelled stops within a second and resumes', async () => {
    const engine = await Engine.open(catchment.copyOf('cancelled'), 'write')
    const run = await engine.plan(recipe)
    const stop = new AbortController()
    let askedAt = 0
    const onEvent = (event: RunEvent): void => {
      if (event.event !== 'step' || event.step !== 'train' || askedAt > 0) return
      askedAt = performance.now()
      stop.abort()
    }
    await expect(engine.run(run.id, power, { signal: stop.signal, onEvent })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(performance.now() - askedAt).toBeLessThan(1000)
    expect(engine.project.run(run.id).state).toBe('cancelled')
    await engine.run(run.id, power, quiet)
    expect(engine.project.run(run.id).state).toMatch(/^done/)
    await engine.close()
  }, 120_000)

  test('refuses to go on with an input that changed', async () => {
    const path = catchment.copyOf('changed')
    const engine = await Engine.open(path, 'write')
    const run = await engine.plan(recipe)
    const { datasets } = JSON.parse(readFileSync(join(run.folder, 'plan.json'), 'utf8')) as {
      datasets: { files: { path: string }[] }[]
    }
    const victim = join(run.folder, datasets[0].files[0].path)
    const before = readFileSync(victim)
    const { atime, mtime } = statSync(victim)
    appendFileSync(victim, 'x')
    await expect(engine.run(run.id, power, quiet)).rejects.toMatchObject({ code: 'input_changed' })
    writeFileSync(victim, before)
    utimesSync(victim, atime, mtime)
    await engine.run(run.id, power, quiet)
    await engine.close()
  }, 120_000)

  test('days whose file is damaged fail alone, also where the pace is measured on them', async () => {
    const engine = await Engine.open(catchment.copyOf('rot'), 'write')
    const { lstNight: _, ...predictors } = recipe.predictors
    const ownDays = { ...recipe, predictors: { ...predictors, lstDay: 'lst.lst_day' } }
    const first = await engine.plan(ownDays)
    await engine.run(first.id, power, quiet)
    const third = addDays(recipe.product.period.from, 2)
    const dayOfYear = (Date.parse(third) - Date.parse(`${third.slice(0, 4)}-01-01`)) / 86_400_000 + 1
    const victim = join(
      catchment.folder,
      'catchment',
      'lst',
      `lst_${third.slice(0, 4)}${String(dayOfYear).padStart(3, '0')}.tif`,
    )
    // As a failing disk does it: size and time of the file tell nothing.
    const whole = readFileSync(victim)
    const { atime, mtime } = statSync(victim)
    writeFileSync(victim, Buffer.from(whole).fill(0xff, Math.round(whole.length * 0.2), Math.round(whole.length * 0.8)))
    utimesSync(victim, atime, mtime)
    const second = await engine.plan({ ...ownDays, seed: recipe.seed + 1 })
    try {
      expect(await engine.estimate(second.id, power)).toMatchObject({ blocks: expect.any(Number) })
      await expect(engine.run(second.id, power, quiet)).rejects.toMatchObject({
        code: 'incomplete',
        // What is found depends on where the file is hit.
        details: { days: { [third]: { code: expect.stringMatching(/^(bad_raster|unsupported_grid)$/) } } },
      })
      expect(readdirSync(join(second.folder, 'maps')).filter((file) => file.endsWith('.tif'))).toHaveLength(4)
    } finally {
      writeFileSync(victim, whole)
      utimesSync(victim, atime, mtime)
    }
    await engine.run(second.id, power, quiet)
    expect(readdirSync(join(second.folder, 'maps')).filter((file) => file.endsWith('.tif'))).toHaveLength(5)
    await engine.close()
  }, 240_000)
})

/** Starts the run's process and kills it, −9, at an event; its workers have to leave by themselves. */
function killWhen(runFolder: string, isMoment: (event: RunEvent) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(childEntry('run-process'), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] })
    child.on('message', (message: { type: string; event?: RunEvent }) => {
      if (message.event && isMoment(message.event)) child.kill('SIGKILL')
    })
    child.on('exit', (_code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error('the run ended before it was killed')),
    )
    child.send({ type: 'start', folder: runFolder, workers: 2, cacheBytes: 32e6, estimate: null })
  })
}
