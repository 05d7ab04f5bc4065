import { LoamError, sameGrid } from '../../contract/index.ts'
import type { Grid } from '../../contract/index.ts'
import { requireOutputPlace } from '../files/index.ts'
import { cellCentres, gridOfFile, RasterReader, writeValueFile } from '../raster/index.ts'
import type { BandSource } from '../raster/index.ts'
import { describeRaster } from '../raster/index.ts'
import { chooseVariogram } from './cross-validation.ts'
import type { ChosenVariogram } from './cross-validation.ts'
import { krige, solveKriging } from './kriging.ts'
import type { KrigingSystem } from './kriging.ts'
import type { PointValues } from './points.ts'
import { checkPlanar, pointsIn, readPoints } from './read-points.ts'
import type { PointTable } from './read-points.ts'
import { formatVariogram } from './variogram-model.ts'
import type { VariogramModel } from './variogram-model.ts'

export interface KrigeToFileOptions {
  readonly points: PointTable
  readonly grid: Grid
  /** `auto` fits the candidates and takes the one that predicts left-out stations best. */
  readonly model: VariogramModel | 'auto'
  /** `x`, `y`, or paths of rasters on the same grid. */
  readonly drift?: readonly string[]
  /** Side of a square block, CRS units. */
  readonly block?: number
  readonly neighbours?: number
  readonly out: string
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

export interface KrigedFile {
  readonly stations: number
  readonly withoutValue: number
  readonly averaged: number
  readonly model: VariogramModel
  /** Best first; empty when the model was given. */
  readonly candidates: readonly ChosenVariogram[]
  readonly cells: number
  /** Cells with a value. */
  readonly validCells: number
}

/** Some 60 bytes of work each. */
const cellsPerWindow = 500_000
/** Choosing a model solves all stations for each candidate. */
const mostToChooseFrom = 3000

/** Kriges the points of a table to a GeoTIFF with the bands prediction and variance, window by window.
 *  @throws what readPoints and solveKriging throw; unsupported_grid for a drift raster on another grid or degrees; too_large;
 *  not_found, disk_full, cancelled */
export async function krigeToFile(options: KrigeToFileOptions): Promise<KrigedFile> {
  const { grid, out, signal } = options
  const names = options.drift ?? []
  const rasters = names.filter((name) => name !== 'x' && name !== 'y')
  await requireOutputPlace(out, [options.points.path, ...rasters])
  checkPlanar(grid.crs, options.points.greatCircle ?? false)
  const read = await readPoints(options.points, signal)
  const points = pointsIn(read.points, read.crs, grid.crs)
  const reader = new RasterReader({ cacheBytes: 64 * 2 ** 20 })
  try {
    const drift = await Promise.all(names.map((name) => openDrift(name, grid, reader)))
    const atStations = await Promise.all(drift.map((column) => column.atStations(points)))
    const common = {
      drift: atStations,
      greatCircle: options.points.greatCircle,
      threads: options.threads,
      signal,
    }
    const candidates = options.model === 'auto' ? await choose(points, common) : []
    const model = options.model === 'auto' ? candidates[0].model : options.model
    const system = await solveKriging(points, model, {
      ...common,
      neighbours: options.neighbours,
      block: options.block === undefined ? undefined : [options.block, options.block],
    })
    const unit = options.points.log ? `ln(${options.points.value})` : options.points.value
    let validCells = 0
    await writeValueFile(
      out,
      {
        grid,
        signal,
        bands: [{ name: `prediction of ${unit}` }, { name: `kriging variance of ${unit}` }],
        tags: { LOAM_VARIOGRAM: formatVariogram(model, 15), LOAM_STATIONS: String(points.x.length) },
      },
      async (write) => {
        const rowsAtOnce = Math.max(1, Math.floor(cellsPerWindow / grid.cols))
        for (let row = 0; row < grid.rows; row += rowsAtOnce) {
          const window = { row, col: 0, rows: Math.min(rowsAtOnce, grid.rows - row), cols: grid.cols }
          const share = (done: number): void => options.onProgress?.((row + window.rows * done) / grid.rows)
          const { prediction, variance } = await krigeWindow(system, grid, window, drift, signal, share)
          for (let i = 0; i < prediction.length; i++) if (!Number.isNaN(prediction[i])) validCells++
          await write(window, [prediction, variance])
        }
      },
    )
    const { withoutValue, averaged } = read
    return {
      stations: points.x.length,
      withoutValue,
      averaged,
      model,
      candidates,
      cells: grid.rows * grid.cols,
      validCells,
    }
  } finally {
    reader.close()
  }
}

type Window = { row: number; col: number; rows: number; cols: number }

async function krigeWindow(
  system: KrigingSystem,
  grid: Grid,
  window: Window,
  drift: readonly DriftColumn[],
  signal: AbortSignal | undefined,
  onProgress: (share: number) => void,
): Promise<{ prediction: Float32Array; variance: Float32Array }> {
  const { x, y } = cellCentres({ grid, ...window })
  const columns = await Promise.all(drift.map((column) => column.atCells(window, x, y)))
  const found = await krige(system, { x, y, drift: columns }, { signal, onProgress })
  return { prediction: Float32Array.from(found.prediction), variance: Float32Array.from(found.variance!) }
}

async function choose(points: PointValues, options: Parameters<typeof chooseVariogram>[1]): Promise<ChosenVariogram[]> {
  if (points.x.length > mostToChooseFrom)
    throw new LoamError(
      'too_large',
      `${points.x.length} stations are too many to choose a model by leaving each out; at most ${mostToChooseFrom} are. ` +
        `Fit one with loam variogram --fit and give it with --model.`,
      { stations: points.x.length },
    )
  return chooseVariogram(points, options)
}

interface DriftColumn {
  atStations(points: PointValues): Promise<Float64Array>
  atCells(window: Window, x: Float64Array, y: Float64Array): Promise<Float64Array>
}

async function openDrift(name: string, grid: Grid, reader: RasterReader): Promise<DriftColumn> {
  if (name === 'x' || name === 'y')
    return {
      atStations: (points) => Promise.resolve(points[name]),
      atCells: (_window, x, y) => Promise.resolve(name === 'x' ? x : y),
    }
  if (!sameGrid(await gridOfFile(name), grid))
    throw new LoamError(
      'unsupported_grid',
      `The drift raster ${name} has other cells than the grid that is kriged. Give it as --grid, or warp it to the grid first.`,
      { file: name },
    )
  const band = (await describeRaster(name)).layers[0].bands[0]
  const source: BandSource = {
    path: name,
    subdataset: '',
    band: 1,
    grid,
    scale: band.scale,
    offset: band.offset,
    nodata: band.nodata,
    validRange: null,
  }
  const [west, width, , north, , height] = grid.transform
  return {
    async atStations({ x, y }) {
      const values = new Float64Array(x.length)
      for (let i = 0; i < x.length; i++) {
        const [row, col] = [Math.floor((y[i] - north) / height), Math.floor((x[i] - west) / width)]
        values[i] = (await reader.read(source, { row, col, rows: 1, cols: 1 })).values[0]
        if (Number.isNaN(values[i]))
          throw new LoamError(
            'missing_predictor',
            `The drift raster ${name} has no value at the station (${x[i]}, ${y[i]}). Leave that station out, or use a raster that covers it.`,
            { file: name, x: x[i], y: y[i] },
          )
      }
      return values
    },
    atCells: async (window) => Float64Array.from((await reader.read(source, window)).values),
  }
}
