import { basename } from 'node:path'
import { LoamError, reasonCodes, sameGrid } from '../../contract/index.ts'
import type { Block, Grid } from '../../contract/index.ts'
import { ByteLru } from './byte-lru.ts'
import { openGeoreferenced } from './georeference.ts'
import { columnRuns, isPlain, storedWindow } from './layout.ts'
import type { StoredLayout, StoredWindow } from './layout.ts'
import type { Dataset } from './open-raster.ts'
import { hasMask, storedBand } from './stored-band.ts'
import type { StoredBand } from './stored-band.ts'
import { readStored } from './read-stored.ts'

/** One band of a file and how its stored numbers become values: value = stored × scale + offset. */
export interface BandSource {
  readonly path: string
  /** Empty when the file is the raster. */
  readonly subdataset: string
  /** 1-based. */
  readonly band: number
  /** The grid the file is known to have; reading stops with `input_changed` when it has another. */
  readonly grid: Grid
  readonly scale: number
  readonly offset: number
  /** Stored numbers that mean "no value". */
  readonly nodata: readonly number[]
  /** Values (after scale and offset) outside are `out_of_range`. */
  readonly validRange: readonly [number, number] | null
}

/** A rectangle of cells of `BandSource.grid`; it may reach beyond it. */
export interface ReadWindow {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** A run of natural blocks, decoded, in the orientation of the file. */
interface Chunk extends StoredWindow {
  readonly values: Float32Array
  readonly reasons: Uint8Array
}

interface OpenFile {
  readonly dataset: Dataset
  readonly isMasked: boolean
  readonly layout: StoredLayout
  readonly grid: Grid
  readonly bands: Map<number, Promise<StoredBand | null>>
  users: number
}

const mostOpenFiles = 64
/** Handles of a file of several bands. */
const handlesPerFile = 2
/** Natural blocks (often one row, or 256 × 256) are merged to about this many cells: fewer calls into GDAL. */
const cellsPerChunk = 256 * 256
/** A direct read is cut into pieces of this many cells, so that a stop is heeded within a fraction of a second. */
const cellsPerDirectRead = 4 * 1024 * 1024
/** Rows of their own (a sample of every so many) from this length on are left to GDAL's cache of blocks: of a chunk decoded here,
 *  one row in hundreds would be used. */
const leastDirectRow = 1024
/** Chunks of one window that are read ahead. */
const chunksInFlight = 16
const bytesPerDecodedCell = 5

/** Reads windows of raster bands as values with reasons. Keeps files open and recently decoded blocks in memory, so that
 *  neighbouring windows cost little; `close` lets go of both. Safe for many reads at once. */
export class RasterReader {
  readonly #chunks: ByteLru<Promise<Chunk>>
  readonly #files = new Map<string, Promise<OpenFile>>()
  readonly #cacheBytes: number
  #isClosed = false

  constructor(options: { cacheBytes: number }) {
    this.#cacheBytes = options.cacheBytes
    this.#chunks = new ByteLru(options.cacheBytes)
  }

  /** @returns Block of window.rows × window.cols; reason `outside_source` beyond the grid, `no_data` for nodata and NaN,
   *  `not_finite` for infinities, `out_of_range` outside the valid range
   *  @throws bad_raster (file, band, rows) when cells cannot be read; input_changed; cancelled; see `openRaster` */
  async read(source: BandSource, window: ReadWindow, signal?: AbortSignal): Promise<Block> {
    stopIfAsked(signal)
    const { rows, cols } = window
    const values = new Float32Array(rows * cols)
    const reasons = new Uint8Array(rows * cols)
    const block: Block = { rows, cols, values, reasons }
    const top = Math.max(0, window.row)
    const left = Math.max(0, window.col)
    const bottom = Math.min(source.grid.rows, window.row + rows)
    const right = Math.min(source.grid.cols, window.col + cols)
    const isInside = top === window.row && left === window.col && bottom - top === rows && right - left === cols
    if (!isInside) {
      values.fill(NaN)
      reasons.fill(reasonCodes.outside_source)
    }
    if (bottom <= top || right <= left) return block

    const file = await this.#borrow(source)
    try {
      const band = await bandOf(file, source)
      const chunkSize = chunkSizeOf(band, file.layout)
      if (isInside && rows === 1 && cols >= leastDirectRow && isPlain(file.layout)) {
        const line = storedWindow(file.layout, top, left, 1, cols)
        await readStored(band, source, source, line, block)
        return block
      }
      for (const run of columnRuns(file.layout, left, right)) {
        const stored = storedWindow(file.layout, top, run.from, bottom - top, run.right - run.left)
        const chunkCells = coveredCells(stored, chunkSize)
        const isLarge = chunkCells * bytesPerDecodedCell * 4 > this.#cacheBytes
        if (isLarge && isInside && isPlain(file.layout)) {
          await readDirectly(band, source, stored, chunkSize.rows, block, signal)
          return block
        }
        const origin = { row: top - window.row, col: run.left - window.col }
        const place = placement(file.layout, stored, origin, cols)
        const windows = [...chunksOver(stored, chunkSize, file.layout)]
        for (let first = 0; first < windows.length; first += chunksInFlight) {
          stopIfAsked(signal)
          // Asked for together, so that one is decoded here while GDAL reads the next: 1.2 times faster than in turn.
          const chunks = windows.slice(first, first + chunksInFlight).map((each) => this.#chunk(band, source, each))
          for (const chunk of chunks) copyChunk(await chunk, stored, place, block)
        }
      }
      return block
    } finally {
      file.users--
    }
  }

  /** Closes all files and forgets all blocks. Reads still under way end first. */
  close(): void {
    this.#isClosed = true
    this.#chunks.clear()
    for (const [key, opening] of this.#files) {
      this.#files.delete(key)
      void opening.then((file) => closeWhenIdle(file)).catch(() => undefined)
    }
  }

  #chunk(band: StoredBand, source: BandSource, window: StoredWindow): Promise<Chunk> {
    const rule = `${source.scale},${source.offset},${source.nodata.join(' ')},${source.validRange?.join(' ') ?? ''}`
    const key = `${source.path}\n${source.subdataset}\n${source.band}\n${rule}\n${window.row},${window.col},${window.rows}`
    const cached = this.#chunks.get(key)
    if (cached) return cached
    const reading = readStored(band, source, source, window).then((decoded) => ({ ...window, ...decoded }))
    this.#chunks.set(key, reading, window.rows * window.cols * bytesPerDecodedCell)
    // A failure must be met again by the next reader, not remembered.
    reading.catch(() => this.#chunks.delete(key))
    return reading
  }

  async #borrow(source: BandSource): Promise<OpenFile> {
    if (this.#isClosed) throw new LoamError('internal', 'A RasterReader was used after it was closed.')
    // GDAL reads a dataset for one at a time, so bands of one file are decoded side by side only through handles of their own.
    const key = `${source.path}\n${source.subdataset}\n${source.band % handlesPerFile}`
    let opening = this.#files.get(key)
    if (opening) this.#files.delete(key)
    else {
      opening = openFile(source.path, source.subdataset)
      opening.catch(() => this.#files.delete(key))
    }
    this.#files.set(key, opening)
    const file = await opening
    file.users++
    if (!sameGrid({ ...file.grid, crs: source.grid.crs }, source.grid)) {
      file.users--
      throw new LoamError(
        'input_changed',
        `${basename(source.path)} has ${file.grid.rows} × ${file.grid.cols} cells from ` +
          `(${file.grid.transform[0]}, ${file.grid.transform[3]}); it was added with ${source.grid.rows} × ` +
          `${source.grid.cols} from (${source.grid.transform[0]}, ${source.grid.transform[3]}). Add it again.`,
        { file: source.path },
      )
    }
    void this.#closeSpareFiles()
    return file
  }

  async #closeSpareFiles(): Promise<void> {
    for (const [key, opening] of this.#files) {
      if (this.#files.size <= mostOpenFiles) return
      const file = await opening.catch(() => null)
      if (!file || file.users > 0 || this.#files.get(key) !== opening) continue
      this.#files.delete(key)
      file.dataset.close()
    }
  }
}

async function openFile(path: string, subdataset: string): Promise<OpenFile> {
  const { dataset, grid, layout } = await openGeoreferenced(path, subdataset)
  try {
    return { dataset, isMasked: hasMask(dataset, path), grid, layout, bands: new Map(), users: 0 }
  } catch (fault) {
    dataset.close()
    throw fault
  }
}

function closeWhenIdle(file: OpenFile): void {
  if (file.users === 0) file.dataset.close()
  else setTimeout(() => closeWhenIdle(file), 20)
}

async function bandOf(file: OpenFile, source: BandSource): Promise<StoredBand> {
  let asking = file.bands.get(source.band)
  if (!asking) {
    asking = storedBand(file.dataset, source.band, file.isMasked)
    file.bands.set(source.band, asking)
  }
  const band = await asking
  if (band) return band
  throw new LoamError(
    'input_changed',
    `${basename(source.path)} has no band ${source.band}, which it had when it was added. Add the file again.`,
    { file: source.path, band: source.band },
  )
}

/** Whole natural blocks, merged downwards for strips and in both directions for tiles. */
function chunkSizeOf(band: StoredBand, layout: StoredLayout): { rows: number; cols: number } {
  let cols = Math.min(band.blockCols, layout.cols)
  let rows = Math.min(band.blockRows, layout.rows)
  while (rows * cols < cellsPerChunk && (rows < layout.rows || cols < layout.cols)) {
    if (cols < layout.cols && cols <= rows) cols = Math.min(layout.cols, cols * 2)
    else if (rows < layout.rows) rows = Math.min(layout.rows, rows * 2)
    else cols = Math.min(layout.cols, cols * 2)
  }
  return { rows, cols }
}

function coveredCells(stored: StoredWindow, size: { rows: number; cols: number }): number {
  const down = Math.ceil((stored.row + stored.rows) / size.rows) - Math.floor(stored.row / size.rows)
  const across = Math.ceil((stored.col + stored.cols) / size.cols) - Math.floor(stored.col / size.cols)
  return down * across * size.rows * size.cols
}

function* chunksOver(
  stored: StoredWindow,
  size: { rows: number; cols: number },
  layout: StoredLayout,
): Generator<StoredWindow> {
  const firstRow = Math.floor(stored.row / size.rows) * size.rows
  const firstCol = Math.floor(stored.col / size.cols) * size.cols
  for (let row = firstRow; row < stored.row + stored.rows; row += size.rows)
    for (let col = firstCol; col < stored.col + stored.cols; col += size.cols)
      yield {
        row,
        col,
        rows: Math.min(size.rows, layout.rows - row),
        cols: Math.min(size.cols, layout.cols - col),
      }
}

/** Where a stored cell goes: index = start + (row − stored.row) · perRow + (col − stored.col) · perCol. */
interface Placement {
  readonly start: number
  readonly perRow: number
  readonly perCol: number
}

function placement(
  layout: StoredLayout,
  stored: StoredWindow,
  origin: { row: number; col: number },
  outCols: number,
): Placement {
  const gridRows = layout.isTransposed ? stored.cols : stored.rows
  const gridCols = layout.isTransposed ? stored.rows : stored.cols
  const down = layout.isSouthUp ? -outCols : outCols
  const across = layout.isEastFirst ? -1 : 1
  const firstRow = origin.row + (layout.isSouthUp ? gridRows - 1 : 0)
  const firstCol = origin.col + (layout.isEastFirst ? gridCols - 1 : 0)
  return {
    start: firstRow * outCols + firstCol,
    perRow: layout.isTransposed ? across : down,
    perCol: layout.isTransposed ? down : across,
  }
}

function copyChunk(chunk: Chunk, stored: StoredWindow, place: Placement, block: Block): void {
  const top = Math.max(chunk.row, stored.row)
  const left = Math.max(chunk.col, stored.col)
  const bottom = Math.min(chunk.row + chunk.rows, stored.row + stored.rows)
  const right = Math.min(chunk.col + chunk.cols, stored.col + stored.cols)
  const length = right - left
  for (let row = top; row < bottom; row++) {
    const from = (row - chunk.row) * chunk.cols + left - chunk.col
    const to = place.start + (row - stored.row) * place.perRow + (left - stored.col) * place.perCol
    if (place.perCol === 1) {
      block.values.set(chunk.values.subarray(from, from + length), to)
      block.reasons.set(chunk.reasons.subarray(from, from + length), to)
    } else
      for (let i = 0; i < length; i++) {
        block.values[to + i * place.perCol] = chunk.values[from + i]
        block.reasons[to + i * place.perCol] = chunk.reasons[from + i]
      }
  }
}

/** The whole window in a few calls, straight into the block where the number type allows it: no copy, no cache. */
async function readDirectly(
  band: StoredBand,
  source: BandSource,
  stored: StoredWindow,
  rowsPerBlock: number,
  block: Block,
  signal?: AbortSignal,
): Promise<void> {
  const blocksAtOnce = Math.max(1, Math.floor(cellsPerDirectRead / (stored.cols * rowsPerBlock)))
  const step = blocksAtOnce * rowsPerBlock
  let row = stored.row
  while (row < stored.row + stored.rows) {
    stopIfAsked(signal)
    const end = Math.min(stored.row + stored.rows, (Math.floor(row / step) + 1) * step)
    const piece = { row, col: stored.col, rows: end - row, cols: stored.cols }
    const at = (row - stored.row) * stored.cols
    const length = piece.rows * piece.cols
    await readStored(band, source, source, piece, {
      values: block.values.subarray(at, at + length),
      reasons: block.reasons.subarray(at, at + length),
    })
    row = end
  }
}

function stopIfAsked(signal?: AbortSignal): void {
  if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
}
