import { reasonCodes, sameGrid } from '../../contract/index.ts'
import type { Block, Grid } from '../../contract/index.ts'
import { requireOutputPlace } from '../files/index.ts'
import { modelWords, readModelFile } from '../models/index.ts'
import type { Model } from '../models/index.ts'
import { haveSameCells, openStoredChunks, RasterReader } from '../raster/index.ts'
import type { BandSource, MapWindow, StoredChunks } from '../raster/index.ts'
import { bindBands } from './bind-bands.ts'
import type { BoundStack } from './bind-bands.ts'
import { createLayeredMap } from './layered-map.ts'
import type { LayeredMap } from './layered-map.ts'
import { intervalLayers } from './map-layers.ts'
import { predictWithIntervals } from './read-intervals.ts'

/** One stack and the map made of it. */
export interface StackToMap {
  /** Raster whose bands carry the names of the model's predictors, in any order. */
  readonly rasterPath: string
  /** Map to write: a COG of value and reason. */
  readonly out: string
}

interface PredictOptions {
  readonly modelPath: string
  /** Also written: a map of each quantile (`map_q05.tif`) and of the standard deviation (`map_sd.tif`). */
  readonly quantiles?: readonly number[]
  readonly threads: number
  readonly signal?: AbortSignal
  /** Share done, 0 to 1. */
  readonly onProgress?: (share: number) => void
}
export type PredictStackOptions = PredictOptions & StackToMap
export type PredictStacksOptions = PredictOptions & { readonly stacks: readonly StackToMap[] }

export interface PredictedStack {
  readonly cells: number
  /** Cells with a value; the others lack a predictor. */
  readonly validCells: number
}

/** Cells of a window: two windows of ten predictors and their reasons take some 100 MB, whatever the size of the map. */
const cellsPerWindow = 1_000_000
/** Stacks mapped side by side. Each has an unpacked map on disk (8 bytes a cell) until it is finished. */
const mostAtOnce = 16
const mostUnpackedBytes = 8e9

/** Maps a model over one stack of named bands; see `predictStacks`. */
export async function predictStack(options: PredictStackOptions): Promise<PredictedStack> {
  const { rasterPath, out } = options
  return (await predictStacks({ ...options, stacks: [{ rasterPath, out }] }))[0]
}

/** Maps a model over stacks of named bands, as the days of one area, window by window and in each window stack by stack: while
 *  one is predicted, the next is read and the one before is written. Bands whose stored bytes are those of the stack before
 *  (soil, slow vegetation) are read and unpacked once. A cell without a predictor has no value and the reason of the first one
 *  missing. A map does not depend on the stacks it is made with.
 *  @throws not_found, bad_model, missing_predictor (naming missing and present bands), unsupported_grid, disk_full, cancelled;
 *  the maps that were finished stay, the others are not there, or the old ones */
export async function predictStacks(options: PredictStacksOptions): Promise<PredictedStack[]> {
  const { stacks, modelPath } = options
  for (const { rasterPath, out } of stacks) await requireOutputPlace(out, [rasterPath, modelPath])
  const model = await readModelFile(modelPath)
  const bound = await Promise.all(stacks.map(({ rasterPath }) => bindBands(model, rasterPath)))
  const done: PredictedStack[] = []
  for (let first = 0; first < stacks.length; ) {
    const { grid } = bound[first]
    const fitting = Math.max(1, Math.min(mostAtOnce, Math.floor(mostUnpackedBytes / (8 * grid.rows * grid.cols))))
    let end = first + 1
    while (end < stacks.length && end - first < fitting && sameGrid(bound[end].grid, grid)) end++
    const own = stacks.slice(first, end).map((stack, i) => ({ ...stack, ...bound[first + i] }))
    const [before, part] = [first / stacks.length, own.length / stacks.length]
    done.push(
      ...(await predictTogether(model, own, {
        ...options,
        onProgress: (share) => options.onProgress?.(before + part * share),
      })),
    )
    first = end
  }
  return done
}

type OpenStack = StackToMap & BoundStack

/** Stacks on one grid. */
async function predictTogether(
  model: Model,
  stacks: readonly OpenStack[],
  { threads, signal, onProgress, quantiles = [] }: PredictOptions,
): Promise<PredictedStack[]> {
  const [{ grid, blockRows, blockCols }] = stacks
  const cells = grid.rows * grid.cols
  const windows = windowsOf(grid, blockRows, blockCols)
  const jobs = windows.flatMap((window) => stacks.map((_, stack) => ({ window, stack })))
  const layers = intervalLayers(quantiles)
  const writers: LayeredMap[] = []
  const validCells = stacks.map(() => 0)
  const reader = new StackReader(stacks, signal)
  try {
    for (const { out } of stacks) writers.push(await createLayeredMap(out, mapOptions(model, grid, threads), layers))
    await reader.open()
    let next = reader.read(jobs[0])
    let writing = Promise.resolve()
    let doneCells = 0
    for (const [i, { window, stack }] of jobs.entries()) {
      const blocks = await next
      if (i + 1 < jobs.length) next = reader.read(jobs[i + 1])
      const { block, layers: values } = await predictWindow(model, blocks, window, threads, quantiles, signal)
      validCells[stack] += countValid(block)
      await writing
      writing = writers[stack].writeBlock(window, block, values)
      writing.catch(() => undefined) // Met at the next `await writing`.
      doneCells += window.rows * window.cols
      // Making the final files and proving them takes about a tenth of the whole.
      onProgress?.((0.9 * doneCells) / (cells * stacks.length))
    }
    await writing
    await finishAll(writers, threads, signal)
    onProgress?.(1)
  } catch (thrown) {
    for (const writer of writers) await writer.abort()
    throw thrown
  } finally {
    await reader.close()
  }
  return validCells.map((valid) => ({ cells, validCells: valid }))
}

function mapOptions(model: Model, grid: Grid, threads: number) {
  const quantity = model.info.target || 'prediction'
  return {
    grid,
    encoding: 'float32' as const,
    quantity,
    unit: model.info.targetUnit,
    day: null,
    tags: {
      LOAM_LINEAGE: `${quantity} predicted by a ${modelWords[model.type]} of ${model.info.treeCount} trees from ${model.predictors.join(', ')}`,
      LOAM_VERSION: model.info.loamVersion,
    },
    threads,
  }
}

/** Finishing a map leaves threads idle, so as many are finished at a time as there are threads. */
async function finishAll(writers: readonly LayeredMap[], threads: number, signal?: AbortSignal): Promise<void> {
  let next = 0
  const finishOnes = async (): Promise<void> => {
    while (next < writers.length) await writers[next++].finish(signal)
  }
  const ended = await Promise.allSettled(Array.from({ length: threads }, finishOnes))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

/** Reads windows of stacks, one after the other, and uses again what the stack before had in the same window. */
class StackReader {
  readonly #stacks: readonly OpenStack[]
  readonly #signal: AbortSignal | undefined
  // Two readers, because one open file is read by one thread at a time. They keep nothing: each cell is read once.
  readonly #readers = [new RasterReader({ cacheBytes: 0 }), new RasterReader({ cacheBytes: 0 })]
  readonly #chunks: (StoredChunks | null)[] = []
  #before: Promise<Block[]> = Promise.resolve([])

  constructor(stacks: readonly OpenStack[], signal?: AbortSignal) {
    this.#stacks = stacks
    this.#signal = signal
  }

  async open(): Promise<void> {
    if (this.#stacks.length > 1)
      for (const { rasterPath } of this.#stacks) this.#chunks.push(await openStoredChunks(rasterPath))
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.close()
    await this.#before.catch(() => undefined)
    for (const chunks of this.#chunks) await chunks?.file.close()
  }

  /** A block per predictor; to be called in the order of the stacks in a window. */
  read({ window, stack }: { window: MapWindow; stack: number }): Promise<Block[]> {
    const before = this.#before
    const reading = this.#readAfter(before, window, stack)
    reading.catch(() => undefined) // Met when its turn comes, or not at all after an earlier failure.
    this.#before = reading
    return reading
  }

  async #readAfter(before: Promise<Block[]>, window: MapWindow, stack: number): Promise<Block[]> {
    const blocks = await before
    return Promise.all(
      this.#stacks[stack].sources.map(async (source, p) =>
        stack > 0 && (await this.#isAsBefore(stack, p, window))
          ? blocks[p]
          : this.#readers[p % this.#readers.length].read(source, window, this.#signal),
      ),
    )
  }

  async #isAsBefore(stack: number, p: number, window: MapWindow): Promise<boolean> {
    const [own, other] = [this.#chunks[stack], this.#chunks[stack - 1]]
    const [source, sourceBefore] = [this.#stacks[stack].sources[p], this.#stacks[stack - 1].sources[p]]
    if (!own || !other || ruleOf(source) !== ruleOf(sourceBefore)) return false
    return haveSameCells({ chunks: own, band: source.band }, { chunks: other, band: sourceBefore.band }, window)
  }
}

/** How stored numbers become values. */
function ruleOf({ subdataset, scale, offset, nodata, validRange }: BandSource): string {
  return [subdataset, scale, offset, nodata, validRange].join('|')
}

function countValid({ reasons }: Block): number {
  let valid = 0
  for (let i = 0; i < reasons.length; i++) if (reasons[i] === reasonCodes.none) valid++
  return valid
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
