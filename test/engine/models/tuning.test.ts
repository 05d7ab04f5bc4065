import { describe, expect, it, test } from 'vitest'
import { BoostingSettings, ForestSettings } from '../../../main/contract/index.ts'
import { ModelInfo, decodeModel, fitModel, workOf } from '../../../main/engine/models/index.ts'
import { nextToTry, startsOf } from '../../../main/engine/models/tuning/bayesian-search.ts'
import { expectedImprovement, gaussianProcess } from '../../../main/engine/models/tuning/gaussian-process.ts'
import { seekSettings } from '../../../main/engine/models/tuning/seek-settings.ts'
import { settingsAtBound } from '../../../main/engine/models/tuning/sought.ts'
import type { SoughtSetting, Tried } from '../../../main/engine/models/tuning/sought.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { trainBoosted } from '../../../main/native/index.ts'

const options = { seed: 1, threads: 2, target: { name: 'SM', unit: 'm3 m-3' } }
const forestOf = (more: object = {}): ForestSettings => ForestSettings.parse({ type: 'forest', ...more })
const boostingOf = (more: object = {}): BoostingSettings => BoostingSettings.parse({ type: 'boosting', ...more })

/** Rows of groups, in blocks of a tenth; one predictor tells the target, with noise. */
function moisture(rows: number, noise: number, seed = 5) {
  const random = new Random(seed)
  const columns = [0, 1, 2].map(() => Float32Array.from({ length: rows }, () => random.uniform()))
  const target = Float64Array.from({ length: rows }, (_, i) => 0.1 + 0.2 * columns[0][i] + noise * random.normal())
  return { predictors: ['rain', 'LST', 'clay'], columns, target }
}

const foldsOf = (rows: number, count: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => Math.floor((10 * i) / rows) % count)

describe('the objective', () => {
  test('of a forest is the RMSE on rows of folds it was not fitted to, refitted in plain lines', async () => {
    const table = moisture(300, 0.05)
    const tuningFolds = foldsOf(300, 4).map((fold, i) => (i % 10 === 0 ? -1 : fold))
    const tuning = { method: 'grid', minLeafSizes: [2, 20], predictorsPerSplit: [1, 3], folds: 3 }
    const model = await fitModel(table, null, forestOf({ treeCount: 15, tuning }), { ...options, tuningFolds })
    const found = model.info.tuning!
    expect(found).toMatchObject({ method: 'grid', seed: 1, rows: 270, folds: 3 })
    expect(found.trials.map(({ minLeafSize, predictorsPerSplit }) => [minLeafSize, predictorsPerSplit])).toEqual([
      [2, 1],
      [2, 3],
      [20, 1],
      [20, 3],
    ])
    for (const trial of found.trials) {
      const { minLeafSize, predictorsPerSplit } = trial
      const plain = forestOf({ treeCount: 15, minLeafSize, predictorsPerSplit })
      const errors: number[][] = []
      // Folds 0 to 3 joined to three parts: 0 and 3, 1, 2.
      for (const part of [[0, 3], [1], [2]]) {
        const isScored = (i: number): boolean => part.includes(tuningFolds[i])
        const rows = [...table.target.keys()].filter((i) => tuningFolds[i] >= 0)
        const fitted = await fitModel(table, Int32Array.from(rows.filter((i) => !isScored(i))), plain, options)
        const scored = rows.filter(isScored)
        const given = table.columns.map((column) => Float32Array.from(scored, (i) => column[i]))
        const predicted = await fitted.predict(given, scored.length, 1)
        errors.push(scored.map((row, i) => predicted[i] - table.target[row]))
      }
      const rmse = (of: number[]): number => Math.sqrt(of.reduce((sum, e) => sum + e * e, 0) / of.length)
      expect(trial.rmse).toBeCloseTo(rmse(errors.flat()), 12)
      const own = errors.map(rmse)
      const mean = (own[0] + own[1] + own[2]) / 3
      const spread = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2 / 3)
      expect(trial.standardError).toBeCloseTo(spread, 12)
    }
    const best = found.trials.reduce((lowest, trial) => (trial.rmse < lowest.rmse ? trial : lowest))
    const { minLeafSize, predictorsPerSplit } = best
    expect(found.chosen).toEqual({ minLeafSize, predictorsPerSplit })
    expect(model.info.settings).toMatchObject({ minLeafSize, predictorsPerSplit, treeCount: 15 })
    // The model is that of the chosen settings on all rows.
    const asChosen = await fitModel(table, null, forestOf({ treeCount: 15, minLeafSize, predictorsPerSplit }), options)
    expect(await model.predict(table.columns, 300, 1)).toEqual(await asChosen.predict(table.columns, 300, 1))
    expect(decodeModel(model.encode()).info).toEqual(model.info)
  })

  test('counts the error of a row as its weight says', async () => {
    const table = moisture(200, 0.05)
    const weights = Float64Array.from({ length: 200 }, (_, i) => (i % 3) + 0.5)
    const tuningFolds = foldsOf(200, 2)
    const tuning = { method: 'grid', minLeafSizes: [4], predictorsPerSplit: [2] }
    const weighted = { ...table, weights }
    const model = await fitModel(weighted, null, forestOf({ treeCount: 10, tuning }), { ...options, tuningFolds })
    let [squares, sum] = [0, 0]
    for (const part of [0, 1]) {
      const fitted = Int32Array.from([...tuningFolds.keys()].filter((i) => tuningFolds[i] !== part))
      const plain = forestOf({ treeCount: 10, minLeafSize: 4, predictorsPerSplit: 2 })
      const predicted = await (await fitModel(weighted, fitted, plain, options)).predict(table.columns, 200, 1)
      for (let i = 0; i < 200; i++) {
        if (tuningFolds[i] !== part) continue
        squares += weights[i] * (predicted[i] - table.target[i]) ** 2
        sum += weights[i]
      }
    }
    expect(model.info.tuning!.trials[0].rmse).toBeCloseTo(Math.sqrt(squares / sum), 12)
  })

  test('of boosting that stops early is that of the round which is best for all held-out rows together', async () => {
    const table = moisture(240, 0.03)
    const tuningFolds = foldsOf(240, 2)
    const tuning = { method: 'grid', maxDepths: [1, 4], learningRates: [0.2], l2Penalties: [1] }
    const settings = boostingOf({ rounds: 60, earlyStopping: { patience: 8 }, tuning })
    const stoppingRows = Int32Array.from({ length: 40 }, (_, i) => i)
    const model = await fitModel(table, null, settings, { ...options, tuningFolds, stoppingRows })
    const { trials } = model.info.tuning!
    expect(model.info.earlyStopping!.rows).toBe(40)
    for (const [t, maxDepth] of [1, 4].entries()) {
      const curves = await Promise.all(
        [0, 1].map(async (part) => {
          const rest = { minChildWeight: 1, l2: 1, rowFraction: 1, columnFraction: 1, seed: 1, threads: 1 }
          const marks = Uint8Array.from(tuningFolds, (fold) => (fold === part ? 1 : 0))
          const grown = await trainBoosted(table.columns, table.target, marks, {
            ...rest,
            learningRate: 0.2,
            maxDepth,
            rounds: 60,
            patience: 8,
          })
          return { rmse: [...grown.validationRmse], rows: marks.reduce((sum, mark) => sum + mark, 0) }
        }),
      )
      const common = Math.min(...curves.map(({ rmse }) => rmse.length))
      const pooled = Array.from({ length: common }, (_, k) =>
        Math.sqrt(curves.reduce((sum, { rmse, rows }) => sum + rows * rmse[k] ** 2, 0) / 240),
      )
      expect(trials[t].rmse).toBeCloseTo(Math.min(...pooled), 12)
      expect(trials[t].rounds).toBe(pooled.indexOf(Math.min(...pooled)) + 1)
    }
  })

  test('of boosting without early stopping is that of all its rounds', async () => {
    const table = moisture(200, 0.03)
    const tuningFolds = foldsOf(200, 2)
    const tuning = { method: 'grid', maxDepths: [2], learningRates: [0.1], l2Penalties: [1, 30] }
    const model = await fitModel(table, null, boostingOf({ rounds: 20, tuning }), { ...options, tuningFolds })
    const { trials } = model.info.tuning!
    let squares = 0
    for (const part of [0, 1]) {
      const fitted = Int32Array.from([...tuningFolds.keys()].filter((i) => tuningFolds[i] !== part))
      const own = await fitModel(table, fitted, boostingOf({ rounds: 20, maxDepth: 2, l2: 30 }), options)
      const predicted = await own.predict(table.columns, 200, 1)
      table.target.forEach((value, i) => (squares += tuningFolds[i] === part ? (predicted[i] - value) ** 2 : 0))
    }
    expect(trials[1]).toMatchObject({ maxDepth: 2, l2: 30, learningRate: 0.1 })
    expect(trials[1].rmse).toBeCloseTo(Math.sqrt(squares / 200), 12)
  })

  test('never meets rows without a fold: what they hold changes no trial', async () => {
    const table = moisture(300, 0.05)
    const tuningFolds = foldsOf(300, 3).map((fold, i) => (i >= 200 ? -1 : fold))
    const other = { ...table, target: table.target.map((value, i) => (i >= 200 ? 7 : value)) }
    const settings = forestOf({ treeCount: 10, tuning: { trials: 6 } })
    const [a, b] = await Promise.all(
      [table, other].map(async (each) => (await fitModel(each, null, settings, { ...options, tuningFolds })).info),
    )
    expect(a.tuning!.trials).toEqual(b.tuning!.trials)
    expect(a.tuning!.rows).toBe(200)
    // And rows that are not learned from at all, as those a fold of the scores tests.
    const rows = Int32Array.from({ length: 200 }, (_, i) => i)
    const all = foldsOf(300, 3)
    const [c, d] = await Promise.all(
      [table, other].map(async (each) =>
        (await fitModel(each, rows, settings, { ...options, tuningFolds: all })).encode(),
      ),
    )
    expect(Buffer.compare(c, d)).toBe(0)
  })
})

describe('what is found', () => {
  test('is large leaves where rows are mostly noise, and small ones where they are not', async () => {
    const leafOf = async (noise: number): Promise<number> => {
      const settings = forestOf({
        treeCount: 25,
        tuning: { trials: 12, minLeafSizes: [1, 60], predictorsPerSplit: [3] },
      })
      const model = await fitModel(moisture(400, noise), null, settings, { ...options, tuningFolds: foldsOf(400, 5) })
      expect(model.info.tuning!.trials).toHaveLength(12)
      return model.info.tuning!.chosen.minLeafSize
    }
    expect(await leafOf(0.2)).toBeGreaterThan(20)
    expect(await leafOf(0)).toBeLessThan(4)
  })

  test('at an end is told, unless nothing lies beyond', async () => {
    const clear = moisture(300, 0)
    const tuningFolds = foldsOf(300, 3)
    const boundOf = async (tuning: object): Promise<readonly string[]> =>
      (await fitModel(clear, null, forestOf({ treeCount: 12, tuning }), { ...options, tuningFolds })).info.tuning!
        .atBound
    // The study's own bounds: leaves of 10 to 50.
    expect(await boundOf({ minLeafSizes: [10, 50], predictorsPerSplit: [3], trials: 8 })).toEqual(['minLeafSize'])
    expect(await boundOf({ method: 'grid', minLeafSizes: [1, 50], predictorsPerSplit: [1, 3] })).toEqual([])
    const setting = { name: 'l2', isWhole: false, simpler: 'high', values: [0, 4], least: 0, most: 1e9 } as const
    expect(settingsAtBound([setting], { l2: 4 })).toEqual(['l2'])
    expect(settingsAtBound([setting], { l2: 0 })).toEqual([])
    expect(settingsAtBound([{ ...setting, values: [4] }], { l2: 4 })).toEqual([])
  })

  test('of equals is the simplest, and the simplest within one standard error is told', async () => {
    const leaf = { name: 'leaf', isWhole: true, simpler: 'high', values: [1, 5, 10, 20], least: 1, most: 1e9 } as const
    // Parts of one row: errors 2 and 4 have a standard error of 1.
    const errors: Record<number, [number, number]> = { 1: [5, 5], 5: [2, 4], 10: [2, 4], 20: [3, 4] }
    const found = await seekSettings({
      sought: [leaf],
      method: 'grid',
      trials: 0,
      seed: 3,
      score: ({ leaf: tried }) =>
        Promise.resolve({ parts: errors[tried].map((error) => ({ squares: error ** 2, count: 1 })) }),
    })
    expect(found.chosen).toEqual({ leaf: 10 })
    expect(found.simplest).toEqual({ leaf: 20 })
    expect(found.trials[1].standardError).toBeCloseTo(1, 12)
    expect(found.trials[1].rmse).toBeCloseTo(Math.sqrt(10), 12)
  })

  it.each([
    ['forest', forestOf({ treeCount: 12, tuning: { trials: 9 } })],
    ['boosting', boostingOf({ rounds: 15, rowFraction: 0.7, tuning: { trials: 9 } })],
  ] as const)('is the same bytes on any number of threads: %s', async (_, settings) => {
    const table = moisture(300, 0.05)
    const tuningFolds = foldsOf(300, 3)
    const [one, two, seven] = await Promise.all(
      [1, 2, 7].map(async (threads) =>
        (await fitModel(table, null, settings, { ...options, threads, tuningFolds })).encode(),
      ),
    )
    expect(Buffer.compare(one, two)).toBe(0)
    expect(Buffer.compare(one, seven)).toBe(0)
    const other = await fitModel(table, null, settings, { ...options, seed: 2, tuningFolds })
    expect(other.info.tuning!.trials).not.toEqual(decodeModel(one).info.tuning!.trials)
  })
})

test('a search tells its progress, stops on request, and wants two folds and predictors that are there', async () => {
  const table = moisture(300, 0.05)
  const tuningFolds = foldsOf(300, 3)
  const shares: number[] = []
  const settings = forestOf({ treeCount: 5, tuning: { trials: 5 } })
  await fitModel(table, null, settings, { ...options, tuningFolds, onProgress: (share) => shares.push(share) })
  // Five trials of three fits to 200 rows, then one to 300, which may be over before it tells anything.
  shares.slice(0, 5).forEach((share, i) => expect(share).toBeCloseTo(((i + 1) / 5) * (3000 / 3300), 12))
  expect(shares.every((share, i) => share <= 1 && (i === 0 || share >= shares[i - 1]))).toBe(true)
  const stop = new AbortController()
  const slow = fitModel(table, null, settings, {
    ...options,
    tuningFolds,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  })
  await expect(slow).rejects.toMatchObject({ code: 'cancelled' })
  for (const folds of [undefined, new Int32Array(300)])
    await expect(fitModel(table, null, settings, { ...options, tuningFolds: folds })).rejects.toMatchObject({
      code: 'bad_input',
    })
  const tooMany = forestOf({ tuning: { predictorsPerSplit: [2, 4] } })
  await expect(fitModel(table, null, tooMany, { ...options, tuningFolds })).rejects.toMatchObject({
    message: expect.stringContaining('names 4, but there are only 3'),
  })
})

test('the work of a search is its fits, to the rows they have', () => {
  const plain = { type: 'forest', treeCount: 10 } as const
  const tuning = { trials: 6, folds: 3, mostRows: 600 }
  expect(workOf(forestOf(plain), 1000).fit).toBe(10 * 1000)
  expect(workOf(forestOf({ ...plain, tuning }), 1000).fit).toBe(10 * (1000 + 6 * 3 * 400))
  const grid = { ...tuning, method: 'grid', minLeafSizes: [1, 5], predictorsPerSplit: [1, 2, 3] }
  expect(workOf(forestOf({ ...plain, tuning: grid }), 300).fit).toBe(10 * (300 + 6 * 3 * 200))
})

test('a model file of before tells its trials still', () => {
  const trials = [{ cost: 1, gamma: 0.1, epsilon: 0.1, rmse: 0.03 }]
  const read = ModelInfo.shape.tuning.parse({ rows: 90, folds: 3, trials, atBound: ['cost'] })
  expect(read).toMatchObject({ method: 'grid', trials, chosen: {}, atBound: ['cost'] })
})

test('lists of more combinations than a grid takes are refused', () => {
  const long = Array.from({ length: 12 }, (_, i) => i + 1)
  const tuning = { minLeafSizes: long, predictorsPerSplit: long, maxDepths: [4, 8, 64] }
  expect(ForestSettings.safeParse({ type: 'forest', tuning }).success).toBe(true)
  expect(ForestSettings.safeParse({ type: 'forest', tuning: { ...tuning, method: 'grid' } }).success).toBe(false)
})

describe('the Gaussian process', () => {
  const kernel = (a: readonly number[], b: readonly number[], lengths: readonly number[]): number => {
    const r = Math.sqrt(5 * a.reduce((sum, value, k) => sum + ((value - b[k]) / lengths[k]) ** 2, 0))
    return (1 + r + (r * r) / 3) * Math.exp(-r)
  }
  /** The solution of A x = b by elimination. */
  const solve = (a: number[][], b: number[]): number[] => {
    const m = a.map((row, i) => [...row, b[i]])
    for (let i = 0; i < m.length; i++)
      for (let j = 0; j < m.length; j++) {
        if (i === j) continue
        const share = m[j][i] / m[i][i]
        m[j] = m[j].map((value, k) => value - share * m[i][k])
      }
    return m.map((row, i) => row[m.length] / row[i])
  }

  test('says what its equations say, solved in plain lines', () => {
    const random = new Random(4)
    const points = Array.from({ length: 9 }, () => [random.uniform(), random.uniform()])
    const values = points.map(([x, y]) => Math.sin(5 * x) + y)
    const [lengths, noise] = [[0.4, 0.9], 0.02]
    const made = gaussianProcess(points, values, { lengths, noise })!
    const mean = values.reduce((a, b) => a + b) / 9
    const matrix = points.map((p, i) => points.map((q, j) => kernel(p, q, lengths) + (i === j ? noise + 1e-9 : 0)))
    const residuals = values.map((value) => value - mean)
    const weights = solve(matrix, residuals)
    const variance = residuals.reduce((sum, value, i) => sum + value * weights[i], 0) / 9
    for (const at of [[0.3, 0.3], [0.9, 0.1], points[2]]) {
      const like = points.map((p) => kernel(p, at, lengths))
      const { mean: predicted, sd } = made.at(at)
      expect(predicted).toBeCloseTo(mean + like.reduce((sum, value, i) => sum + value * weights[i], 0), 8)
      const known = like.reduce((sum, value, i) => sum + value * solve(matrix, like)[i], 0)
      expect(sd).toBeCloseTo(Math.sqrt(variance * (1 - known)), 8)
    }
    // Far from all values it knows the mean, and nothing else.
    expect(made.at([50, 50]).mean).toBeCloseTo(mean, 9)
    expect(made.at([50, 50]).sd).toBeCloseTo(Math.sqrt(variance), 9)
  })

  test('the improvement expected is its integral', () => {
    for (const [best, mean, sd] of [
      [0.3, 0.35, 0.05],
      [0.3, 0.1, 0.2],
      [0, 1, 0.3],
    ]) {
      let sum = 0
      const step = sd / 2000
      for (let value = mean - 9 * sd; value < best; value += step)
        sum += ((best - value) * Math.exp(-(((value - mean) / sd) ** 2) / 2) * step) / (sd * Math.sqrt(2 * Math.PI))
      expect(expectedImprovement(best, { mean, sd })).toBeCloseTo(sum, 4)
    }
    expect(expectedImprovement(1, { mean: 0.4, sd: 0 })).toBeCloseTo(0.6, 12)
    expect(expectedImprovement(1, { mean: 1.4, sd: 0 })).toBe(0)
  })
})

describe('the Bayesian search', () => {
  const range = (name: string, values: readonly number[], isWhole: boolean): SoughtSetting => ({
    name,
    values,
    isWhole,
    simpler: 'low',
    least: 0,
    most: 1e9,
  })
  const sought = [range('leaf', [1, 100], true), range('share', [0, 1], false)]
  /** Lowest, 0, at leaves of 12 and a share of 0.7. */
  const bowl = ({ leaf, share }: Tried): number => (Math.log(leaf / 12) / Math.log(100)) ** 2 + 0.5 * (share - 0.7) ** 2

  const searched = (seed: number, trials: number): number => {
    const tried: (Tried & { rmse: number })[] = []
    for (let i = 0; i < trials; i++) {
      const next = nextToTry(sought, tried, seed)!
      tried.push({ ...next, rmse: bowl(next) })
    }
    return Math.min(...tried.map(({ rmse }) => rmse))
  }

  test('comes far closer to the best than as many settings at random', () => {
    const seeds = Array.from({ length: 10 }, (_, i) => i + 1)
    const middle = (values: number[]): number => values.sort((a, b) => a - b)[5]
    const random = middle(
      seeds.map((seed) => {
        const own = new Random(seed, 99)
        const tries = Array.from({ length: 20 }, () =>
          bowl({ leaf: Math.round(100 ** own.uniform()), share: own.uniform() }),
        )
        return Math.min(...tries)
      }),
    )
    expect(middle(seeds.map((seed) => searched(seed, 20)))).toBeLessThan(random / 5)
  })

  test('stays within what was listed, tries nothing twice, and ends when all is tried', () => {
    const few = [range('leaf', [3, 7], true), range('depth', [4], true)]
    const tried: (Tried & { rmse: number })[] = []
    for (;;) {
      const next = nextToTry(few, tried, 1)
      if (!next) break
      tried.push({ ...next, rmse: Math.abs(next.leaf - 4) })
    }
    expect(tried.map(({ leaf }) => leaf).sort()).toEqual([3, 4, 5, 6, 7])
    expect(new Set(tried.map(({ depth }) => depth))).toEqual(new Set([4]))
    // Before it learns it fills the cube: no half of any setting is left out.
    const first: (Tried & { rmse: number })[] = []
    for (let i = 0; i < startsOf(2); i++) first.push({ ...nextToTry(sought, first, 8)!, rmse: 0 })
    for (const isLow of [({ leaf }: Tried) => leaf < 10, ({ share }: Tried) => share < 0.5])
      expect([...new Set(first.map(isLow))]).toHaveLength(2)
  })
})
