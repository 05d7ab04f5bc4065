import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Grid, Recipe, ScoreRow } from '../../main/contract/index.ts'
import { coarseCellsOf, correctResidual, residualMethods } from '../../main/engine/geostatistics/index.ts'
import type { ResidualMethod } from '../../main/engine/geostatistics/index.ts'
import { writeValueFile } from '../../main/engine/raster/index.ts'
import { sharedData } from '../shared-data.ts'
import { loam, loamJson } from './loam-command.ts'
import { ndviRows } from './ndvi-downscaling.ts'
import { readBands, rmse } from './read-bands.ts'
import type { BenchRow } from './row.ts'
import { smapProject } from './smap-project.ts'

const methods = Object.keys(residualMethods) as ResidualMethod[]

/** Residual correction on real pairs of coarse and fine maps, beside what it has to beat, and its speed. */
export async function bench(): Promise<BenchRow[]> {
  return [...(await timingRows()), ...(await ndviRows()), ...(await pyreneesRows()), ...(await smapRows())]
}

/** 1 km from 25 km over 300 × 300 km, one date: in memory once the code is warm, and file to file as a command. */
async function timingRows(): Promise<BenchRow[]> {
  const fine: Grid = { crs: 'EPSG:32633', transform: [400_000, 1000, 0, 5_300_000, 0, -1000], rows: 300, cols: 300 }
  const coarse: Grid = { ...fine, transform: [400_000, 25_000, 0, 5_300_000, 0, -25_000], rows: 12, cols: 12 }
  const trendAt = (i: number): number => 0.25 + 0.08 * Math.sin(i / 7100) * Math.cos((i % 300) / 21)
  const whole = Float32Array.from({ length: 90_000 }, (_, i) => trendAt(i))
  const gappy = whole.map((value, i) => ((i * 7919) % 11 === 0 ? NaN : value))
  const values = Float32Array.from({ length: 144 }, (_, i) => 0.25 + 0.05 * Math.sin(i * 1.7) + 0.03 * Math.cos(i / 5))
  const rows: BenchRow[] = []
  const time = async (
    figure: string,
    trend: Float32Array,
    options: Parameters<typeof correctResidual>[3],
  ): Promise<void> => {
    const cells = coarseCellsOf(fine, coarse)
    const seconds: number[] = []
    let closure = 0
    for (let i = 0; i < 5; i++) {
      const start = performance.now()
      closure = (await correctResidual(trend.slice(), values, cells, options)).closure.largest
      seconds.push((performance.now() - start) / 1000)
    }
    rows.push({
      figure,
      loam: `${Math.min(...seconds).toFixed(3)} s`,
      note: `first call ${seconds[0].toFixed(3)} s; closure ${closure.toExponential(1)} (needed 1e-6); must 2 s, aim 0.3 s`,
    })
  }
  await time('area to point, 1 km from 25 km, 300 × 300 km', whole, { method: 'atp' })
  await time('  with variance', whole, { method: 'atp', variance: true })
  await time('  9 % of the fine cells missing', gappy, { method: 'atp' })
  const folder = await mkdtemp(join(tmpdir(), 'loam-residual-'))
  try {
    const [coarsePath, trendPath, out] = ['coarse.tif', 'trend.tif', 'fine.tif'].map((name) => join(folder, name))
    const save = (path: string, grid: Grid, own: Float32Array): Promise<void> =>
      writeValueFile(path, { grid, bands: [{ name: 'value' }] }, (write) =>
        write({ row: 0, col: 0, rows: grid.rows, cols: grid.cols }, [own]),
      )
    await save(coarsePath, coarse, values)
    await save(trendPath, fine, whole)
    const command = await loam([
      'downscale',
      '--coarse',
      coarsePath,
      '--trend',
      trendPath,
      '--residual',
      'atp',
      '--out',
      out,
    ])
    rows.push({
      figure: '  file to file, loam downscale',
      loam: `${command.seconds.toFixed(2)} s`,
      note: 'with the start of the program',
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return rows
}

/** Soil water index at 1 km: 2 June from its means over 0.25°, with the fine map of 1 June as trend; 3 June has no fine truth here. */
async function pyreneesRows(): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  for (const product of ['swi_005', 'swi_040']) {
    const read = async (kind: string, day: number): Promise<{ grid: Grid; values: Float32Array }> => {
      const { grid, bands } = await readBands(sharedData(`cgls_1km_pyrenees/${kind}_${product}_2017-06-0${day}.tif`))
      return { grid, values: bands[0] }
    }
    const [history, truth, coarse] = await Promise.all([read('fine', 1), read('fine', 2), read('coarse', 2)])
    const cells = coarseCellsOf(truth.grid, coarse.grid)
    const flat = truth.values.map((value) => (Number.isNaN(value) ? NaN : 0))
    for (const [trend, values] of [
      ['no trend', flat],
      ['trend of 1 June', history.values],
    ] as const)
      for (const method of methods) {
        if (method === 'none' && trend === 'no trend') continue
        const found = await correctResidual(values.slice(), coarse.values, cells, { method })
        rows.push({
          figure: `Pyrenees ${product}, 2 June, ${trend}, ${method}`,
          loam: `RMSE ${rmse(found.values, truth.values).toFixed(3)} %`,
          note: `closure ${found.closure.largest.toExponential(1)} over ${found.closure.cells} coarse cells`,
        })
      }
    const next = await read('coarse', 3)
    const forecast = await correctResidual(truth.values.slice(), next.values, coarseCellsOf(truth.grid, next.grid), {
      method: 'atp',
    })
    rows.push({
      figure: `Pyrenees ${product}, 3 June, trend of 2 June, atp`,
      loam: 'no fine truth here',
      note: `closure ${forecast.closure.largest.toExponential(1)} over ${forecast.closure.cells} coarse cells`,
    })
  }
  return rows
}

/** SMAP 36 → 9 km by the recipe, with each residual method. */
async function smapRows(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-smap-residual-'))
  try {
    const project = await smapProject(folder)
    const recipe = JSON.parse(await readFile('resources/recipes/smap-36-to-9km.json', 'utf8')) as Recipe
    const rows: BenchRow[] = []
    const rmseOf = new Map<string, number>()
    for (const method of methods) {
      const path = join(folder, `${method}.json`)
      const residual = method === 'none' ? undefined : { method }
      await writeFile(path, JSON.stringify({ ...recipe, product: { ...recipe.product, residual } }))
      const run = await loamJson<{ scores: ScoreRow[]; residual: { largestClosure: number; days: number } | null }>([
        'run',
        project,
        path,
      ])
      const overall = run.scores.filter((row) => row.part === 'overall' && row.validation === 'smap9km')
      const measure = (subject: string): string => {
        const { rmse: own, pearsonR } = overall.find((row) => row.subject === subject)!.scores.measures
        return `RMSE ${own.value.toFixed(4)}, R ${pearsonR.value.toFixed(3)}`
      }
      rmseOf.set(method, overall.find((row) => row.subject === 'fine map')!.scores.measures.rmse.value)
      if (method === methods[0])
        for (const subject of ['coarse product', 'coarse product, smoothed'])
          rows.push({ figure: `SMAP 36 → 9 km: ${subject}`, loam: measure(subject) })
      rows.push({
        figure: `SMAP 36 → 9 km: forest, ${method}`,
        loam: measure('fine map'),
        note: run.residual
          ? `closure ${run.residual.largestClosure.toExponential(1)} on ${run.residual.days} days`
          : '',
      })
    }
    const order = [...rmseOf].sort((a, b) => a[1] - b[1]).map(([method]) => method)
    rows.push({
      figure: 'SMAP 36 → 9 km: ordering',
      loam: order.join(' < '),
      note: 'atp alone gives back the coarse values; points at cell centres and bilinear flatten what lies within a cell',
    })
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
