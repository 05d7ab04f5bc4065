import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  empiricalVariogram,
  fitVariogram,
  krige,
  leaveOneOut,
  parseVariogram,
  solveKriging,
  variogramPart,
} from '../../main/engine/geostatistics/index.ts'
import type {
  KrigingOptions,
  KrigingResult,
  PointValues,
  VariogramModel,
} from '../../main/engine/geostatistics/index.ts'
import { Random } from '../../main/engine/numeric/index.ts'
import {
  juraCadmium,
  largestRelative,
  meuseLogZinc,
  referenceMap,
  referenceTable,
  sicDay,
} from '../engine/geostatistics/reference-points.ts'
import { loamJson } from './loam-command.ts'
import type { BenchRow } from './row.ts'

const script = fileURLToPath(new URL('peers/gstat_kriging.R', import.meta.url))
const threads = availableParallelism()
const side = 1000
const extent = 100_000
const [nugget, partialSill, range] = [0.1, 1, 20_000]
const model = parseVariogram(`nug(${nugget})+sph(${partialSill},${range})`)

interface Cells {
  readonly x: Float64Array
  readonly y: Float64Array
}
interface Peer {
  /** For solving, and for each cell after that. */
  readonly solving: number
  readonly microseconds: number
  readonly prediction: Float64Array
  readonly variance: Float64Array
  readonly version: string
}

/** Kriging beside gstat: the reference set's figures, then a million cells from 400 stations and from the 32 nearest of 5000, then the map of
 *  the Twente study's size from 300 wells, file to file. gstat does an even part of the cells; its time grows with their number. */
export async function bench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'loam-bench-kriging-'))
  try {
    return [
      ...(await referenceRows()),
      ...(await speedRows(folder)),
      await wellsRow(folder),
      { figure: 'load while measuring', loam: loadavg()[0].toFixed(1), note: `${threads} threads; gstat has one` },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function referenceRows(): Promise<BenchRow[]> {
  const fit = referenceTable('meuse/log_zinc_variogram_fit.csv')
  const meuse: VariogramModel = [
    variogramPart({ shape: 'nug', partialSill: fit.psill[0] }),
    variogramPart({ shape: 'sph', partialSill: fit.psill[1], range: fit.range[1] }),
  ]
  const note = 'largest relative difference to gstat of prediction, variance; at most 1e-6'
  const rows: BenchRow[] = []
  for (const [name, files, options] of [
    ['points', ['log_zinc_ok_pred', 'log_zinc_ok_var'], {}],
    ['40 m blocks', ['log_zinc_block40_pred', 'log_zinc_block40_var'], { block: [40, 40] }],
  ] as [string, [string, string], KrigingOptions][]) {
    const [pred, spread] = [await referenceMap(files[0]), await referenceMap(files[1])]
    const found = await krige(await solveKriging(meuseLogZinc(), meuse, options), pred)
    rows.push({ figure: `meuse log zinc, ${name}`, loam: differences(found, pred.values, spread.values), note })
  }
  const jura = referenceTable('jura/Cd_ok_grid.csv')
  const nested = parseVariogram('nug(0.3)+sph(0.3,0.2)+sph(0.26,1.3)')
  const cadmium = await krige(await solveKriging(juraCadmium(), nested), { x: jura.Xloc, y: jura.Yloc })
  rows.push({ figure: 'jura Cd, nested model', loam: differences(cadmium, jura.pred, jura.var), note })

  const empirical = empiricalVariogram(meuseLogZinc())
  const { model: fitted } = fitVariogram(empirical, [{ shape: 'nug' }, { shape: 'sph' }])
  rows.push({
    figure: 'meuse log zinc, fitted spherical',
    loam: `nugget ${fitted[0].partialSill.toFixed(5)}, partial sill ${fitted[1].partialSill.toFixed(5)}, range ${fitted[1].range.toFixed(2)}`,
    peer: `${fit.psill[0].toFixed(5)}, ${fit.psill[1].toFixed(5)}, ${fit.range[1].toFixed(2)}`,
    note: 'within 1e-3',
  })
  const scores = await leaveOneOut(meuseLogZinc(), meuse)
  rows.push({
    figure: 'meuse log zinc, stations left out',
    loam: `RMSE ${scores.rmse.toFixed(5)}, bias ${scores.bias.toFixed(5)}, mean z² ${scores.meanSquaredZ.toFixed(4)}`,
    peer: 'RMSE 0.3918, −0.00002, 0.8185',
    note: 'RMSE within 1e-4',
  })
  return rows
}

async function speedRows(folder: string): Promise<BenchRow[]> {
  const cells = gridCells()
  const rows: BenchRow[] = []
  const sic = referenceTable('sic2004/dayx_variogram_fit.csv')
  const sicGrid = referenceTable('sic2004/sic2004_grid.csv')
  const sicCells = { x: sicGrid.x, y: sicGrid.y }
  const sicPeer = gstat(folder, sicDay(), sicCells, [sic.psill[0], sic.psill[1], sic.range[1]])
  const dayModel = [
    variogramPart({ shape: 'nug', partialSill: sic.psill[0] }),
    variogramPart({ shape: 'sph', partialSill: sic.psill[1], range: sic.range[1] }),
  ]
  const found = await krige(await solveKriging(sicDay(), dayModel), sicCells)
  rows.push({
    figure: 'sic2004 dayx, stated model',
    loam: differences(found, sicPeer.prediction, sicPeer.variance),
    note: `largest relative difference to gstat ${sicPeer.version} in this run; at most 1e-6`,
  })

  const few = scattered(400)
  const global = gstat(folder, few, thinned(cells, 45), [nugget, partialSill, range])
  rows.push(await timed('400 stations, all, with variance', few, cells, {}, global, 45, 'at least 40 ×, aim 100 ×'))
  const quick = await timed('the same, prediction only', few, cells, { variance: false }, global, 45, '')
  rows.push({ ...quick, note: 'gstat with variance, it has no such mode; at least 300 ×, aim 1000 ×' })
  const many = scattered(5000)
  const local = gstat(folder, many, thinned(cells, 11), [nugget, partialSill, range], 32)
  rows.push(
    await timed(
      '5000 stations, 32 nearest, with variance',
      many,
      cells,
      { neighbours: 32 },
      local,
      11,
      'at least 10 ×, aim 30 ×',
    ),
  )
  // gstat solves for half a minute here, so both do the same thousand cells.
  const part = thinned(cells, 1000)
  const all = gstat(folder, many, part, [nugget, partialSill, range])
  rows.push(await timed('5000 stations, all, with variance', many, part, {}, all, 1, 'every thousandth of the cells'))
  return rows
}

/** Fastest of three, solving and cells, against gstat on every `step`-th cell. */
async function timed(
  figure: string,
  points: PointValues,
  cells: Cells,
  options: KrigingOptions,
  peer: Peer,
  step: number,
  goal: string,
): Promise<BenchRow> {
  let [seconds, solving] = [Infinity, Infinity]
  let found!: KrigingResult
  for (let run = 0; run < 3; run++) {
    const start = performance.now()
    const system = await solveKriging(points, model, { ...options, threads })
    const solved = performance.now()
    found = await krige(system, cells)
    seconds = Math.min(seconds, (performance.now() - start) / 1000)
    solving = Math.min(solving, (solved - start) / 1000)
  }
  const n = cells.x.length
  const at = <T extends Float64Array | null>(column: T): Float64Array =>
    Float64Array.from(peer.prediction, (_, i) => column![i * step])
  const agree = found.variance
    ? differences({ prediction: at(found.prediction), variance: at(found.variance) }, peer.prediction, peer.variance)
    : largestRelative(at(found.prediction), peer.prediction).toExponential(1)
  return {
    figure: `${figure}, ${n / 1e6} M cells`,
    loam: `${seconds.toFixed(3)} s (solving ${solving.toFixed(3)} s), ${((seconds * 1e6) / n).toFixed(3)} µs per cell`,
    peer: `gstat ${peer.microseconds.toFixed(1)} µs per cell${peer.solving > 1 ? `, solving ${peer.solving.toFixed(1)} s` : ''}`,
    ratio: `${((peer.solving + (peer.microseconds * n) / 1e6) / seconds).toFixed(0)} ×`,
    note: `differs by ${agree}; ${goal}`,
  }
}

/** 300 wells to 34.5 million cells with variance, as a user runs it. */
async function wellsRow(folder: string): Promise<BenchRow> {
  const { x, y, values } = scattered(300)
  const csv = join(folder, 'wells.csv')
  writeFileSync(csv, ['x,y,level', ...Array.from(x, (each, i) => `${each},${y[i]},${values[i]}`)].join('\n'))
  const grid = `0,0,${8206 * 10},${4204 * 10},10`
  const out = join(folder, 'wells.tif')
  const asked = ['--points', csv, '--value', 'level', '--crs', 'EPSG:28992', '--grid', grid, '--out', out]
  const done = await loamJson<{ cells: number; validCells: number; seconds: number }>([
    'krige',
    ...asked,
    '--model',
    `nug(${nugget})+sph(${partialSill},${range})`,
  ])
  return {
    figure: `${(done.cells / 1e6).toFixed(1)} M cells × 300 wells, file to file, with variance`,
    loam: `${done.wallSeconds.toFixed(1)} s, peak ${(done.peakBytes / 1e6).toFixed(0)} MB`,
    note: `${done.validCells} cells with a value; at most 1 GB`,
  }
}

function gstat(folder: string, points: PointValues, cells: Cells, numbers: number[], nmax?: number): Peer {
  const [pointFile, cellFile, out] = ['points.csv', 'cells.csv', 'out.csv'].map((name) => join(folder, name))
  const { x, y, values } = points
  writeFileSync(pointFile, ['x,y,z', ...Array.from(x, (each, i) => `${each},${y[i]},${values[i]}`)].join('\n'))
  writeFileSync(cellFile, ['x,y', ...Array.from(cells.x, (each, i) => `${each},${cells.y[i]}`)].join('\n'))
  const asked = [pointFile, cellFile, out, ...numbers, ...(nmax === undefined ? [] : [nmax])].map(String)
  const told = JSON.parse(execFileSync('Rscript', [script, ...asked], { encoding: 'utf8' })) as {
    version: string
    first: number
    seconds: number
    cells: number
  }
  const rows = readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number))
  return {
    solving: told.first,
    microseconds: (Math.max(0, told.seconds - told.first) * 1e6) / (told.cells - 1),
    prediction: Float64Array.from(rows, (row) => row[0]),
    variance: Float64Array.from(rows, (row) => row[1]),
    version: told.version,
  }
}

function scattered(n: number): PointValues {
  const random = new Random(n)
  const column = (size: number): Float64Array => Float64Array.from({ length: n }, () => random.uniform() * size)
  return { x: column(extent), y: column(extent), values: column(1).map((value) => value + 1) }
}

function gridCells(): Cells {
  const step = extent / (side - 1)
  return {
    x: Float64Array.from({ length: side * side }, (_, i) => (i % side) * step),
    y: Float64Array.from({ length: side * side }, (_, i) => Math.floor(i / side) * step),
  }
}

function thinned({ x, y }: Cells, step: number): Cells {
  return { x: x.filter((_, i) => i % step === 0), y: y.filter((_, i) => i % step === 0) }
}

function differences(
  found: { readonly prediction: Float64Array; readonly variance: Float64Array | null },
  prediction: Float64Array,
  variance: Float64Array,
): string {
  const largest = [largestRelative(found.prediction, prediction), largestRelative(found.variance!, variance)]
  return largest.map((value) => value.toExponential(1)).join(', ')
}
