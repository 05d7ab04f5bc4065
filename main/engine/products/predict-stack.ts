import { LoamError, reasonCodes, sameGrid } from '../../contract/index.ts'
import type { Block, Grid } from '../../contract/index.ts'
import { requireOutputPlace } from '../files/index.ts'
import { modelWords, readModelFile } from '../models/index.ts'
import type { Model } from '../models/index.ts'
import { describeRaster, RasterReader } from '../raster/index.ts'
import type { BandSource, MapWindow } from '../raster/index.ts'
import { createLayeredMap } from './layered-map.ts'
import { intervalLayers } from './map-layers.ts'
import { predictWithIntervals } from './read-intervals.ts'

export interface PredictStackOptions {
  readonly modelPath: string
  /** Raster whose bands carry the names of the model's predictors, in any order. */
  readonly rasterPath: string
  /** Map to write: a COG of value and reason. */
  readonly out: string
  /** Also written: a map of each quantile (`map_q05.tif`) and of the standard deviation (`map_sd.tif`). */
  readonly quantiles?: readonly number[]
  readonly threads: number
  readonly signal?: AbortSignal
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void
}

export interface PredictedStack {
  readonly cells: number
  /** Cells with a value; the others lack a predictor. */
  readonly validCells: number
}

/** Predictors bound to bands, all on one grid. */
interface BoundStack {
  readonly grid: Grid
  readonly sources: BandSource[]
  readonly blockRows: number
  readonly blockCols: number
}

/** Cells of a window: two windows of ten predictors and their reasons take some 100 MB, whatever the size of the map. */
const cellsPerWindow = 1_000_000

/** Maps a model over a stack of named bands, window by window: while one window is predicted, the next is read and the one
 *  before is written. A cell without a predictor has no value and the reason of the first one missing.
 *  @throws not_found, bad_model, missing_predictor (naming missing and present bands), unsupported_grid, disk_full, cancelled;
 *  there is no file at `out` then, or the old one */
export async function predictStack(options: PredictStackOptions): Promise<PredictedStack> {
  const { threads, signal, onProgress } = options
  await requireOutputPlace(options.out, [options.rasterPath, options.modelPath])
  const model = await readModelFile(options.modelPath)
  const { grid, sources, blockRows, blockCols } = await bindBands(model, options.rasterPath)
  const windows = windowsOf(grid, blockRows, blockCols)
  const quantiles = options.quantiles ?? []
  const layers = intervalLayers(quantiles)
  const mapOptions = {
    grid,
    encoding: 'float32',
    quantity: model.info.target || 'prediction',
    unit: model.info.targetUnit,
    day: null,
    tags: {
      LOAM_LINEAGE: `${model.info.target || 'prediction'} predicted by a ${modelWords[model.type]} of ${model.info.treeCount} trees from ${model.predictors.join(', ')}`,
      LOAM_VERSION: model.info.loamVersion,
    },
    threads,
  } as const
  const writer = await createLayeredMap(options.out, mapOptions, layers)
  // Two readers, because one open file is read by one thread at a time. They keep nothing: each cell is read once.
  const readers = [new RasterReader({ cacheBytes: 0 }), new RasterReader({ cacheBytes: 0 })]
  const read = (window: MapWindow): Promise<Block[]> => {
    const reading = Promise.all(sources.map((source, i) => readers[i % readers.length].read(source, window, signal)))
    reading.catch(() => undefined) // Met when its turn comes, or not at all after an earlier failure.
    return reading
  }

  let validCells = 0
  let doneCells = 0
  try {
    let next = read(windows[0])
    let writing = Promise.resolve()
    for (const [i, window] of windows.entries()) {
      const blocks = await next
      if (i + 1 < windows.length) next = read(windows[i + 1])
      const { block, layers: values } = await predictWindow(model, blocks, window, threads, quantiles, signal)
      for (const reason of block.reasons) if (reason === reasonCodes.none) validCells++
      await writing
      writing = writer.writeBlock(window, block, values)
      writing.catch(() => undefined) // Met at the next `await writing`.
      doneCells += window.rows * window.cols
      // Making the final file and proving it takes about a tenth of the whole.
      onProgress?.((0.9 * doneCells) / (grid.rows * grid.cols))
    }
    await writing
    await writer.finish(signal)
    onProgress?.(1)
  } catch (thrown) {
    await writer.abort()
    throw thrown
  } finally {
    for (const reader of readers) reader.close()
  }
  return { cells: grid.rows * grid.cols, validCells }
}

async function predictWindow(
  model: Model,
  blocks: Block[],
  { rows, cols }: MapWindow,
  threads: number,
  quantiles: readonly number[],
  signal: AbortSignal | undefined,
): Promise<{ block: Block; layers: Float32Array[] }> {
  const columns = blocks.map((block) => block.values)
  const options = { rowLength: cols, signal }
  const found =
    quantiles.length > 0
      ? await predictWithIntervals(model, columns, rows * cols, threads, quantiles, options)
      : { mean: await model.predict(columns, rows * cols, threads, options), quantiles: [] }
  const layers = 'sd' in found ? [...found.quantiles, found.sd] : []
  const values = found.mean
  const reasons = new Uint8Array(rows * cols)
  for (let p = blocks.length - 1; p >= 0; p--) {
    const own = blocks[p].reasons
    for (let i = 0; i < own.length; i++) if (own[i] !== reasonCodes.none) reasons[i] = own[i]
  }
  for (const array of [values, ...layers])
    for (let i = 0; i < array.length; i++) if (reasons[i] !== reasonCodes.none) array[i] = Number.NaN
  return { block: { rows, cols, values, reasons }, layers }
}

/** The band of each predictor, by name. */
async function bindBands(model: Model, path: string): Promise<BoundStack> {
  const { layers } = await describeRaster(path, { cellsToSee: 0 })
  const bands = layers.flatMap((layer) =>
    layer.bands.map((band) => ({ layer, band, name: band.name || band.description })),
  )
  const missing = model.predictors.filter((name) => !bands.some((band) => band.name === name))
  if (missing.length > 0)
    throw new LoamError(
      'missing_predictor',
      `${path} has no band named ${missing.map((name) => `"${name}"`).join(', ')}. ` +
        `Its bands are named: ${bands.map(({ name }) => (name === '' ? '(no name)' : `"${name}"`)).join(', ')}. ` +
        'Name the bands after the predictors of the model (band descriptions).',
      { file: path, missing, present: bands.map(({ name }) => name) },
    )
  const bound = model.predictors.map((name) => {
    const found = bands.filter((band) => band.name === name)
    if (found.length > 1)
      throw new LoamError(
        'missing_predictor',
        `${path} has ${found.length} bands named "${name}". Name only one of them so.`,
        { file: path, name },
      )
    return found[0]
  })
  const [{ layer }] = bound
  const other = bound.find((band) => !sameGrid(band.layer.grid, layer.grid))
  if (other)
    throw new LoamError(
      'unsupported_grid',
      `The bands "${bound[0].name}" and "${other.name}" of ${path} lie on different grids. Bring all predictors to one grid first.`,
      { file: path },
    )
  return {
    grid: layer.grid,
    sources: bound.map(({ layer: { subdataset }, band }) => ({
      path,
      subdataset,
      band: band.band,
      grid: layer.grid,
      scale: band.scale,
      offset: band.offset,
      nodata: band.nodata,
      validRange: band.validRange,
    })),
    blockRows: layer.blockRows,
    blockCols: layer.blockCols,
  }
}

/** Windows of whole natural blocks: bands of full width where that fits, else cut across too. */
function windowsOf(grid: Grid, blockRows: number, blockCols: number): MapWindow[] {
  const height = Math.min(grid.rows, blockRows * Math.max(1, Math.floor(cellsPerWindow / (grid.cols * blockRows))))
  const fitting = blockCols * Math.max(1, Math.floor(cellsPerWindow / (height * blockCols)))
  const width = height * grid.cols <= 1.5 * cellsPerWindow ? grid.cols : fitting
  const windows: MapWindow[] = []
  for (let row = 0; row < grid.rows; row += height)
    for (let col = 0; col < grid.cols; col += width)
      windows.push({ row, col, rows: Math.min(height, grid.rows - row), cols: Math.min(width, grid.cols - col) })
  return windows
}
