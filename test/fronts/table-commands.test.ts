import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Grid } from '../../main/contract/index.ts'
import { readModelFile } from '../../main/engine/models/index.ts'
import { Random } from '../../main/engine/numeric/index.ts'
import { describeRaster, RasterReader, writeGeoTiff } from '../../main/engine/raster/index.ts'
import { loam } from './loam-process.ts'

const patience = { timeout: 120_000 }
const grid: Grid = { crs: 'EPSG:32632', transform: [500_000, 10, 0, 5_800_000, 0, -10], rows: 40, cols: 50 }
const cells = grid.rows * grid.cols
const random = new Random(11)
const table = Array.from({ length: 200 }, () => [random.uniform(), random.uniform()])
const days = [0, 1].map(() => [0, 1].map(() => Float32Array.from({ length: cells }, () => random.uniform())))
days[1][1] = days[0][1]

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loam-table-commands-'))
  const lines = table.map(
    ([wet, clay], i) => `${wet},${clay},S${i % 10},${1 + (i % 3)},${0.1 + 0.3 * wet + 0.1 * random.uniform()}`,
  )
  writeFileSync(join(folder, 'table.csv'), `${['wet,clay,station,trust,SM', ...lines].join('\n')}\n`)
  for (const [d, bands] of days.entries())
    await writeGeoTiff(join(folder, `day${d}.tif`), {
      grid,
      bands: bands.map((values, p) => ({ name: ['wet', 'clay'][p], values, nodata: NaN })),
    })
  await ok([...train, '--intervals', '--trees', '30', '--predictors', 'wet,clay', '--out', 'm.loammodel'])
}, patience.timeout)
afterAll(() => rmSync(folder, { recursive: true }))

const train = ['train', '--table', 'table.csv', '--target', 'SM']

async function ok(args: string[]): Promise<string> {
  const { code, stdout, stderr } = await loam(args, folder)
  expect(code, stderr).toBe(0)
  return stdout
}

async function valuesOf(path: string): Promise<Float32Array> {
  const [layer] = (await describeRaster(path)).layers
  const reader = new RasterReader({ cacheBytes: 0 })
  const { band, scale, offset } = layer.bands[0]
  const source = { path, subdataset: '', band, grid: layer.grid, scale, offset, nodata: [], validRange: null }
  const { values } = await reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })
  reader.close()
  return values
}

describe('loam predict --quantiles', patience, () => {
  test('writes each quantile and the standard deviation beside the map of every raster', async () => {
    mkdirSync(join(folder, 'maps'))
    const rasters = ['--raster', 'day0.tif', 'day1.tif', '--out-dir', 'maps']
    const said = await ok(['predict', '--model', 'm.loammodel', ...rasters, '--quantiles', '0.05,0.9'])
    expect(said).toContain(`${join('maps', 'day1.tif')}: ${cells} of ${cells} cells have a value`)
    const model = await readModelFile(join(folder, 'm.loammodel'))
    for (const [d, columns] of days.entries()) {
      const { mean, sd, quantiles } = await model.predictIntervals!(columns, cells, 1, [0.05, 0.9])
      expect(await valuesOf(join(folder, `maps/day${d}.tif`))).toEqual(mean)
      expect(await valuesOf(join(folder, `maps/day${d}_q05.tif`))).toEqual(quantiles[0])
      expect(await valuesOf(join(folder, `maps/day${d}_q90.tif`))).toEqual(quantiles[1])
      expect(await valuesOf(join(folder, `maps/day${d}_sd.tif`))).toEqual(sd)
    }
  })
  test('refuses what is no quantile, and models without intervals', async () => {
    const args = ['predict', '--raster', 'day0.tif', '--out', 'none.tif', '--model']
    const odd = await loam([...args, 'm.loammodel', '--quantiles', '0.05,1.2'], folder)
    expect(odd).toMatchObject({ code: 64, stderr: expect.stringContaining('different numbers from 0.001 to 0.999') })
    await ok([...train, '--predictors', 'wet,clay', '--trees', '3', '--out', 'plain.loammodel'])
    const none = await loam([...args, 'plain.loammodel', '--quantiles', '0.5'], folder)
    expect(none).toMatchObject({ code: 65, stderr: expect.stringContaining('Train a forest with `--intervals`') })
    expect(existsSync(join(folder, 'none.tif'))).toBe(false)
  })
})

describe('loam effects', patience, () => {
  const effects = async (kind: string): Promise<number[][]> => {
    const files = ['--model', 'm.loammodel', '--table', 'table.csv', '--out', `${kind}.csv`]
    const said = await ok(['effects', ...files, '--predictor', 'wet', '--kind', kind, '--points', '6'])
    expect(said).toMatch(/6 points of wet on 200 rows \(0 left out/)
    const [heading, ...lines] = readFileSync(join(folder, `${kind}.csv`), 'utf8')
      .trim()
      .split('\n')
    expect(heading).toBe('wet,effect,rows')
    return lines.map((line) => line.split(',').map(Number))
  }

  test('writes partial dependence: the mean prediction of all rows with one value of the predictor', async () => {
    const model = await readModelFile(join(folder, 'm.loammodel'))
    const clay = Float32Array.from(table, (row) => row[1])
    for (const [value, effect, rows] of await effects('pdp')) {
      const predicted = await model.predict([new Float32Array(200).fill(value), clay], 200, 1)
      expect(effect).toBeCloseTo(
        predicted.reduce((sum, one) => sum + one / 200, 0),
        9,
      )
      expect(rows).toBe(200)
    }
  })

  test('writes accumulated local effects: steps of rows between their neighbouring values, mean 0', async () => {
    const model = await readModelFile(join(folder, 'm.loammodel'))
    const curve = await effects('ale')
    const values = curve.map(([value]) => value)
    const wet = table.map((row) => Math.fround(row[0]))
    const at = async (row: number, value: number): Promise<number> =>
      (await model.predict([Float32Array.of(value), Float32Array.of(table[row][1])], 1, 1))[0]
    for (let k = 1; k < values.length; k++) {
      const inside = wet.flatMap((value, row) =>
        value <= values[k] && (value > values[k - 1] || (k === 1 && value === values[0])) ? [row] : [],
      )
      expect(curve[k][2]).toBe(inside.length)
      let step = 0
      for (const row of inside) step += ((await at(row, values[k])) - (await at(row, values[k - 1]))) / inside.length
      expect(curve[k][1] - curve[k - 1][1]).toBeCloseTo(step, 6)
    }
    expect(curve.at(-1)![1] - curve[0][1]).toBeGreaterThan(0.15)
  })

  test('names the predictors there are', async () => {
    const files = ['--model', 'm.loammodel', '--table', 'table.csv', '--out', 'x.csv']
    expect(await loam(['effects', ...files, '--predictor', 'rain'], folder)).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('no predictor "rain"; it has wet, clay'),
    })
  })
})

describe('loam train', patience, () => {
  test('takes weights and early stopping by the names of columns', async () => {
    const predictors = ['--predictors', 'wet,clay']
    await ok([...train, ...predictors, '--trees', '9', '--out', 'even.loammodel'])
    await ok([...train, ...predictors, '--trees', '9', '--weights', 'trust', '--out', 'trust.loammodel'])
    const [even, trust] = ['even', 'trust'].map((name) => readFileSync(join(folder, `${name}.loammodel`)))
    expect(even.equals(trust)).toBe(false)
    const stopping = ['--patience', '5', '--groups', 'station', '--learner', 'boosting', '--rounds', '80']
    const said = await ok([...train, ...predictors, ...stopping, '--out', 'b.loammodel'])
    expect(said).toMatch(/Of \d+ rounds tried, \d+ had the lowest RMSE on 40 held-out rows: 0\.0\d+\. Then grown anew/)
  })

  test('fits a ridge regression, tuned support vectors and a network, which predict the table', async () => {
    const predictors = ['--predictors', 'wet,clay']
    const ridge = await ok([...train, ...predictors, '--learner', 'linear', '--ridge', '3', '--out', 'l.loammodel'])
    expect(ridge).toMatch(/A linear regression on 200 rows/)
    expect(ridge).toMatch(/share when permuted/)
    const svr = ['--learner', 'svr', '--tune', '--groups', 'station', '--most-rows', '120']
    expect(await ok([...train, ...predictors, ...svr, '--out', 's.loammodel'])).toMatch(
      /Of 20 settings \(trying all combinations, seed 1\), cost .* had the lowest RMSE on \d+ rows held out in 3 folds: 0\.0\d+[\s\S]*A support vector regression on 120 rows drawn from 200/,
    )
    const network = ['--learner', 'mlp', '--hidden', '8', '--epochs', '40', '--patience', '5', '--groups', 'station']
    expect(await ok([...train, ...predictors, ...network, '--out', 'n.loammodel'])).toMatch(
      /Of \d+ epochs tried, \d+ had the lowest RMSE on 40 held-out rows: 0\.0\d+\. Then trained anew[\s\S]*A neural network on 200 rows/,
    )
    for (const model of ['l', 's', 'n']) {
      await ok(['apply', '--model', `${model}.loammodel`, '--table', 'table.csv', '--out', `${model}.csv`])
      expect(readFileSync(join(folder, `${model}.csv`), 'utf8').split('\n')[1]).toMatch(/,0\.\d+$/)
    }
  })

  test('seeks the settings of trees on held-out groups, and says that their error is no score', async () => {
    const args = [...train, '--predictors', 'wet,clay', '--tune', '--trials', '6', '--groups', 'station']
    expect(await ok([...args, '--trees', '9', '--out', 'tuned.loammodel'])).toMatch(
      /Of 6 settings \(a Bayesian search, seed 1\), rows in a leaf \d+, predictors per split \d had the lowest RMSE on 200 rows held out in 3 folds: 0\.0\d+ ± 0\.0\d+ \(.*[\s\S]*is no score[\s\S]*9 trees on 200 rows/,
    )
    const boosting = ['--learner', 'boosting', '--rounds', '30', '--patience', '5', '--out', 'boosted.loammodel']
    expect(await ok([...args, ...boosting])).toMatch(/Of \d+ rounds tried[\s\S]*Of 6 settings .*depth \d+, shrinkage/)
  })

  test('refuses options that do not go together', async () => {
    for (const [args, told] of [
      [['--weights', 'trust', '--learner', 'boosting'], '--weights is for --learner forest only'],
      [['--patience', '5', '--groups', 'station'], '--patience is for --learner boosting and mlp only'],
      [['--patience', '5', '--learner', 'boosting'], '--patience and --groups belong together'],
      [['--tune', '--groups', 'station', '--learner', 'mlp'], '--tune is for --learner forest, boosting and svr only'],
      [['--trials', '9'], '--trials goes with --tune'],
      [['--ridge', '1', '--learner', 'svr'], '--ridge is not for --learner svr'],
    ] as const)
      expect(await loam([...train, ...args, '--out', 'no.loammodel'], folder)).toMatchObject({
        code: 64,
        stderr: expect.stringContaining(told),
      })
  })
})
