import { LoamError } from '../../contract/index.ts'
import type { ClosureGate, GridWindow } from '../../contract/index.ts'
import { ScratchFile, requireOutputPlace, temporaryPathFor } from '../files/index.ts'
import {
  coarseCellsOf,
  coarseWindow,
  correctFineMap,
  formatVariogram,
  mapOnDisk,
  residualMethods,
  windowGrid,
} from '../geostatistics/index.ts'
import type { Closure, CorrectionOptions, FineMap } from '../geostatistics/index.ts'
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
  /** A band with the kriging variance of the residual; only with `atp`. */
  readonly variance?: boolean
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

/** Corrects a fine trend of a raster file to a coarse raster and writes the result, and where asked the closure map. The map lies in
 *  a scratch file beside the result meanwhile, so memory does not grow with it.
 *  @throws what correctFineMap and reading throw; not_closed, with the closure map written and no result; unsupported_grid;
 *  not_found, disk_full, cancelled */
export async function downscaleFile(options: DownscaleOptions): Promise<DownscaledFile> {
  const { coarsePath, trendPath, out, closurePath, signal, method } = options
  for (const path of [out, ...(closurePath === undefined ? [] : [closurePath])])
    await requireOutputPlace(path, [coarsePath, trendPath])
  const trendSource = await bandOf(trendPath, options.trendBand ?? 1)
  const coarseSource = await bandOf(coarsePath, options.coarseBand ?? 1)
  const fine = trendSource.grid
  const window = coarseWindow(fine, coarseSource.grid)
  const cells = coarseCellsOf(fine, windowGrid(window))
  const hasVariance = options.variance === true && residualMethods[method].isCoherent
  const scratch = [out, ...(hasVariance ? [out] : [])].map((path) => new ScratchFile(`${temporaryPathFor(path)}.map`))
  const [map, variance = null] = scratch.map((file): FineMap => mapOnDisk(file, fine.cols))
  const reader = new RasterReader({ cacheBytes: 0 })
  try {
    const whole = { row: 0, col: 0, rows: fine.rows, cols: fine.cols }
    const coarse = new Float32Array(window.rows * window.cols)
    for await (const { strip, values } of readStrips(reader, coarseSource, window, signal))
      coarse.set(values, strip.row * window.cols)
    let validCells = 0
    for await (const { strip, values } of readStrips(reader, trendSource, whole, signal)) {
      for (const value of values) if (!Number.isNaN(value)) validCells++
      map.write(strip, values)
      variance?.write(strip, new Float32Array(values.length).fill(Number.NaN))
    }
    const done = await correctFineMap(map, coarse, cells, options, variance)
    const variogram = done.variogram ? formatVariogram(done.variogram.model, 15) : ''
    const tags = {
      LOAM_RESIDUAL: method,
      LOAM_CLOSURE: String(done.closure.largest),
      ...(variogram === '' ? {} : { LOAM_VARIOGRAM: variogram }),
    }
    if (closurePath !== undefined)
      await writeValueFile(
        closurePath,
        { grid: cells.coarse, bands: [{ name: 'aggregated fine - coarse' }], tags, signal },
        (write) => write({ ...window, row: 0, col: 0 }, [done.closureMap]),
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
    const bands = [{ name: 'downscaled' }, ...(variance ? [{ name: 'kriging variance of the residual' }] : [])]
    await writeValueFile(out, { grid: fine, bands, tags, signal }, async (write) => {
      for (const strip of stripsOf(whole)) {
        signal?.throwIfAborted()
        await write(strip, [map.read(strip), ...(variance ? [variance.read(strip)] : [])])
      }
    })
    return {
      cells: fine.rows * fine.cols,
      validCells,
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
    for (const file of scratch) file.close()
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

type Window = Pick<GridWindow, 'row' | 'col' | 'rows' | 'cols'>

/** A window of a raster, strip by strip; rows of strips count from the window's first. */
async function* readStrips(
  reader: RasterReader,
  source: BandSource,
  window: Window,
  signal?: AbortSignal,
): AsyncGenerator<{ strip: Window; values: Float32Array }> {
  for (const strip of stripsOf(window)) {
    const { values } = await reader.read(source, { ...strip, row: window.row + strip.row, col: window.col }, signal)
    yield { strip, values }
  }
}

function* stripsOf({ rows, cols }: Window): Generator<Window> {
  const atOnce = Math.max(1, Math.floor(cellsPerWindow / cols))
  for (let row = 0; row < rows; row += atOnce) yield { row, col: 0, rows: Math.min(atOnce, rows - row), cols }
}
