import { reasonCodes, sameGrid } from '../../contract/index.ts'
import type { Block, Grid } from '../../contract/index.ts'
import { requireOutputPlace } from '../files/index.ts'
import { modelWords, readModelFile } from '../models/index.ts'
import type { Model } from '../models/index.ts'
import type { MapWindow } from '../raster/index.ts'
import { bindBands } from './bind-bands.ts'
import type { BoundStack } from './bind-bands.ts'
import { createLayeredMap } from './layered-map.ts'
import type { LayeredMap } from './layered-map.ts'
import { intervalLayers } from './map-layers.ts'
import { predictWithIntervals } from './read-intervals.ts'
import { StackReader } from './stack-reader.ts'
import type { PredictorBlock } from './stack-reader.ts'

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

/** Predictors and reasons of one window, of all stacks that are mapped side by side; the next window is read meanwhile. */
const bytesPerWindow = 64e6
const bytesPerCell = 5
/** More cells would not be faster. */
const mostCellsPerWindow = 524_288
/** Stacks mapped side by side. Each has an unpacked map on disk (8 bytes a cell) until it is finished. */
const mostAtOnce = 16
const mostUnpackedBytes = 8e9

/** Maps a model over one stack of named bands; see `predictStacks`. */
export async function predictStack(options: PredictStackOptions): Promise<PredictedStack> {
  const { rasterPath, out } = options
  return (await predictStacks({ ...options, stacks: [{ rasterPath, out }] }))[0]
}

/** Maps a model over stacks of named bands, as the days of one area, window by window and in each window all stacks together: while
 *  one window is predicted, the next is read and the one before is written. Bands whose stored bytes are those of the stack before
 *  (soil, slow vegetation) are read, unpacked and coded once. A cell without a predictor has no value and the reason of the first
 *  one missing. A map does not depend on the stacks it is made with.
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
    const fitting = stacksAtOnce(model, bound[first])
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

/** As many as fit on disk, and of which the smallest windows there are fit in memory. */
function stacksAtOnce(model: Model, { grid, blockRows, blockCols }: BoundStack): number {
  const cells = Math.min(blockRows, grid.rows) * Math.min(blockCols, grid.cols)
  const inMemory = Math.floor(bytesPerWindow / (cells * model.predictors.length * bytesPerCell))
  const onDisk = Math.floor(mostUnpackedBytes / (8 * grid.rows * grid.cols))
  return Math.max(1, Math.min(mostAtOnce, inMemory, onDisk))
}

/** Stacks on one grid. */
async function predictTogether(
  model: Model,
  stacks: readonly OpenStack[],
  { threads, signal, onProgress, quantiles = [] }: PredictOptions,
): Promise<PredictedStack[]> {
  const [{ grid, blockRows, blockCols }] = stacks
  const cells = grid.rows * grid.cols
  const bytesOfCell = stacks.length * model.predictors.length * bytesPerCell
  const windows = windowsOf(grid, blockRows, blockCols, Math.min(mostCellsPerWindow, bytesPerWindow / bytesOfCell))
  const layers = intervalLayers(quantiles)
  const writers: LayeredMap[] = []
  const validCells = stacks.map(() => 0)
  const reader = await StackReader.open(stacks, signal)
  const read = (window: MapWindow): Promise<PredictorBlock[][]> => {
    const reading = reader.read(window)
    reading.catch(() => undefined) // Met when its turn comes, or not at all after an earlier failure.
    return reading
  }
  let next: Promise<PredictorBlock[][]> | undefined
  try {
    for (const { out } of stacks) writers.push(await createLayeredMap(out, mapOptions(model, grid, threads), layers))
    next = read(windows[0])
    let writing: Promise<unknown> = Promise.resolve()
    let doneCells = 0
    for (const [i, window] of windows.entries()) {
      const blocks = await next
      if (i + 1 < windows.length) next = read(windows[i + 1])
      const maps = await predictWindow(model, blocks, window, threads, quantiles, signal)
      await writing
      writing = Promise.all(maps.map((map, stack) => writers[stack].writeBlock(window, map.block, map.layers)))
      writing.catch(() => undefined) // Met at the next `await writing`.
      for (const [stack, map] of maps.entries()) validCells[stack] += map.validCells
      doneCells += window.rows * window.cols
      // Making the final files and proving them takes about a tenth of the whole.
      onProgress?.((0.9 * doneCells) / cells)
    }
    await writing
    await finishAll(writers, threads, signal)
    onProgress?.(1)
  } catch (thrown) {
    for (const writer of writers) await writer.abort()
    throw thrown
  } finally {
    await next?.catch(() => undefined)
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
      LOAM_LINEAGE: `${quantity} predicted by a ${modelWords[model.type]}${treesOfModel(model)} from ${model.predictors.join(', ')}`,
      LOAM_VERSION: model.info.loamVersion,
    },
    threads,
  }
}

function treesOfModel({ info }: Model): string {
  return info.treeCount > 0 ? ` of ${info.treeCount} trees` : ''
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

interface MapPart {
  readonly block: Block
  readonly layers: Float32Array[]
  readonly validCells: number
}

/** @param stacks for each stack a block per predictor */
async function predictWindow(
  model: Model,
  stacks: PredictorBlock[][],
  { rows, cols }: MapWindow,
  threads: number,
  quantiles: readonly number[],
  signal: AbortSignal | undefined,
): Promise<MapPart[]> {
  const days = stacks.map((blocks) => blocks.map(({ values }) => values))
  const cells = rows * cols
  const options = { rowLength: cols, signal }
  if (quantiles.length === 0) {
    const means = await model.predictDays(days, cells, threads, options)
    return means.map((mean, i) => mapPart(stacks[i], rows, cols, mean, []))
  }
  const parts: MapPart[] = []
  for (const [i, columns] of days.entries()) {
    const found = await predictWithIntervals(model, columns, cells, threads, quantiles, options)
    parts.push(mapPart(stacks[i], rows, cols, found.mean, [...found.quantiles, found.sd]))
  }
  return parts
}

/** A cell gets the reason of its first predictor that has one, and then no values. */
function mapPart(
  predictors: PredictorBlock[],
  rows: number,
  cols: number,
  values: Float32Array,
  layers: Float32Array[],
): MapPart {
  const reasons = new Uint8Array(rows * cols)
  for (const { hasGaps, reasons: own } of predictors.toReversed())
    if (hasGaps) for (let i = 0; i < own.length; i++) if (own[i] !== reasonCodes.none) reasons[i] = own[i]
  let validCells = 0
  for (let i = 0; i < reasons.length; i++) {
    if (reasons[i] === reasonCodes.none) validCells++
    else for (const array of [values, ...layers]) array[i] = Number.NaN
  }
  return { block: { rows, cols, values, reasons }, layers, validCells }
}

/** Windows of whole natural blocks, about square, of about `mostCells` cells; at least one block. Blocks as wide as the
 *  grid (strips) make windows of full width. */
function windowsOf(grid: Grid, blockRows: number, blockCols: number, mostCells: number): MapWindow[] {
  const blocks = (length: number, size: number, most: number): number =>
    Math.min(most, size * Math.max(1, Math.round(length / size)))
  const square = Math.sqrt(mostCells)
  const leastWidth = Math.min(grid.cols, blockCols)
  const height = blocks(leastWidth > square ? mostCells / leastWidth : square, blockRows, grid.rows)
  const width = blocks(mostCells / height, blockCols, grid.cols)
  const windows: MapWindow[] = []
  for (let row = 0; row < grid.rows; row += height)
    for (let col = 0; col < grid.cols; col += width)
      windows.push({ row, col, rows: Math.min(height, grid.rows - row), cols: Math.min(width, grid.cols - col) })
  return windows
}
