import { LoamError } from '../../contract/index.ts'
import type { ClosureGate, Grid, GridWindow } from '../../contract/index.ts'
import { requireOutputPlace } from '../files/index.ts'
import { coarseCellsOf, coarseWindow, correctResidual, formatVariogram, windowGrid } from '../geostatistics/index.ts'
import type { Closure, CorrectionOptions } from '../geostatistics/index.ts'
import { describeRaster, RasterReader, writeValueFile } from '../raster/index.ts'
import type { BandSource } from '../raster/index.ts'
import { closureFault, openCells } from './closure-gate.ts'

export interface DownscaleOptions extends CorrectionOptions {
  readonly coarsePath: string
  readonly trendPath: string
  /** Counted from 1; default 1. */
  readonly coarseBand?: number
  readonly trendBand?: number
  readonly out: string
  /** Also writes what the aggregated map lacks, on the coarse grid. */
  readonly closurePath?: string
  /** Whether a map that does not close is written; default `stop`. */
  readonly gate?: ClosureGate
}

export interface DownscaledFile {
  readonly cells: number
  readonly validCells: number
  readonly coarseCells: number
  readonly closure: Closure
  readonly isClosed: boolean
  readonly uncorrected: number
  readonly clamped: number
  /** Empty where the method takes none. */
  readonly variogram: string
  /** How the variogram was found. */
  readonly variogramWords: string
}

const cellsPerWindow = 1_000_000

/** Corrects a fine trend of a raster file to a coarse raster and writes the result, and where asked the closure map.
 *  @throws what correctResidual and reading throw; not_closed, with the closure map written and no result; unsupported_grid;
 *  not_found, disk_full, cancelled */
export async function downscaleFile(options: DownscaleOptions): Promise<DownscaledFile> {
  const { coarsePath, trendPath, out, closurePath, signal, method } = options
  for (const path of [out, ...(closurePath === undefined ? [] : [closurePath])])
    await requireOutputPlace(path, [coarsePath, trendPath])
  const trendSource = await bandOf(trendPath, options.trendBand ?? 1)
  const coarseSource = await bandOf(coarsePath, options.coarseBand ?? 1)
  const fine = trendSource.grid
  const window = coarseWindow(fine, coarseSource.grid)
  const reader = new RasterReader({ cacheBytes: 0 })
  try {
    const trend = await readWhole(
      reader,
      trendSource,
      { grid: fine, row: 0, col: 0, rows: fine.rows, cols: fine.cols },
      signal,
    )
    const coarse = await readWhole(reader, coarseSource, window, signal)
    const cells = coarseCellsOf(fine, windowGrid(window))
    const done = await correctResidual(trend, coarse, cells, options)
    const variogram = done.variogram ? formatVariogram(done.variogram.model, 15) : ''
    const tags = {
      LOAM_RESIDUAL: method,
      LOAM_CLOSURE: String(done.closure.largest),
      ...(variogram === '' ? {} : { LOAM_VARIOGRAM: variogram }),
    }
    if (closurePath !== undefined)
      await writeStrips(
        closurePath,
        cells.coarse,
        [{ name: 'aggregated fine - coarse' }],
        tags,
        [done.closureMap],
        signal,
      )
    const fault = closureFault({
      // Regular points only stand for the fine cells: such a map is not held to the coarse values.
      gate: options.areaPoints === undefined ? (options.gate ?? 'stop') : 'warn',
      method,
      closure: done.closure,
      open: openCells(done, window),
      clamped: done.clamped,
      unit: '',
      map: 'The corrected map',
      settings: { clamp: '--clamp', gate: '--gate' },
    })
    if (fault) throw fault
    const bands = [{ name: 'downscaled' }, ...(done.variance ? [{ name: 'kriging variance of the residual' }] : [])]
    await writeStrips(out, fine, bands, tags, [done.values, ...(done.variance ? [done.variance] : [])], signal)
    return {
      cells: trend.length,
      validCells: trend.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0),
      coarseCells: done.closure.cells,
      closure: done.closure,
      isClosed: done.closure.largest <= done.closure.tolerance,
      uncorrected: done.uncorrected,
      clamped: done.clamped,
      variogram,
      variogramWords: done.variogram?.words ?? '',
    }
  } finally {
    reader.close()
  }
}

async function bandOf(path: string, band: number): Promise<BandSource> {
  const [layer] = (await describeRaster(path, { cellsToSee: 0 })).layers
  const found = layer.bands[band - 1]
  if (!found)
    throw new LoamError(
      'bad_input',
      `Band ${band} of ${path} was asked for; it has ${layer.bands.length}. Name one of them.`,
      { file: path, band },
    )
  return {
    path,
    subdataset: layer.subdataset,
    band: found.band,
    grid: layer.grid,
    scale: found.scale,
    offset: found.offset,
    nodata: found.nodata,
    validRange: found.validRange,
  }
}

async function readWhole(
  reader: RasterReader,
  source: BandSource,
  window: GridWindow,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const values = new Float32Array(window.rows * window.cols)
  const atOnce = Math.max(1, Math.floor(cellsPerWindow / window.cols))
  for (let row = 0; row < window.rows; row += atOnce) {
    const part = {
      row: window.row + row,
      col: window.col,
      rows: Math.min(atOnce, window.rows - row),
      cols: window.cols,
    }
    values.set((await reader.read(source, part, signal)).values, row * window.cols)
  }
  return values
}

async function writeStrips(
  path: string,
  grid: Grid,
  bands: { name: string }[],
  tags: Record<string, string>,
  layers: readonly Float32Array[],
  signal?: AbortSignal,
): Promise<void> {
  await writeValueFile(path, { grid, bands, tags, signal }, async (write) => {
    const atOnce = Math.max(1, Math.floor(cellsPerWindow / grid.cols))
    for (let row = 0; row < grid.rows; row += atOnce) {
      const rows = Math.min(atOnce, grid.rows - row)
      const part = layers.map((layer) => layer.subarray(row * grid.cols, (row + rows) * grid.cols))
      await write({ row, col: 0, rows, cols: grid.cols }, part)
    }
  })
}
