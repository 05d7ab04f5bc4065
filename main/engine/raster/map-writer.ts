import { rm, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LoamError, reasonNames } from '../../contract/index.ts'
import type { Block, Day, Grid, Kind } from '../../contract/index.ts'
import { publish, syncFile, temporaryPathFor, writingFault } from '../files/index.ts'
import { checkMap } from './check-map.ts'
import { gdal } from './gdal.ts'
import { hashOfCells } from './map-check.ts'
import type { CheckedWindow } from './map-check.ts'
import { mapEncodings } from './map-encoding.ts'
import type { EncodedBlock, MapEncodingName } from './map-encoding.ts'
import { removeOverviews, writeOverviews } from './map-overviews.ts'
import { overviewRule, overviewTag } from './own-map.ts'
import { throwIfStopped } from './read-strip.ts'
import { describedCopy } from './vrt-description.ts'

export interface MapOptions {
  readonly grid: Grid
  readonly encoding: MapEncodingName
  /** What the values are: `soil moisture`. The name of the first band. */
  readonly quantity: string
  readonly unit: string
  /** How values average in overviews; default continuous. */
  readonly kind?: Kind
  /** Null for a map of no date: it then carries none. */
  readonly day: Day | null
  /** Further metadata of the file: lineage, ids, version of Loam. No clock, host or path, so that equal maps are equal files. */
  readonly tags: Readonly<Record<string, string>>
  /** Threads that compress; the bytes do not depend on it. Default 2. */
  readonly threads?: number
}

type Dataset = InstanceType<typeof gdal.Dataset>

/** Rectangle of cells of the map. */
export interface MapWindow {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
}

/** Free bytes below which a failed write is put down to a full disk: GDAL does not always say why it failed. */
const nearlyNothing = 4 * 1024 * 1024

/** Writes one map block by block, in any order, as a Cloud-Optimised GeoTIFF: band 1 the value, band 2 the reason code
 *  where there is none. Blocks go to a plain tiled file beside the target; `finish` makes the final file of it, forces it
 *  to disk, has another process compare every cell with what was written, and only then gives it its name. Until then
 *  there is no file at `path`, or the old one. Memory does not grow with the map.
 *
 *  Overviews hold means of the cells below them that have a value, by the kind of the quantity, and where none has one their
 *  most frequent reason; see `writeOverviews`. */
export class MapWriter {
  private readonly path: string
  private readonly cellsPath: string
  private readonly options: MapOptions
  private readonly windows: CheckedWindow[] = []
  private overviewPaths: readonly string[] = []
  private cells: Dataset | null
  private buffer: EncodedBlock | null = null
  private lastWrite: Promise<void> = Promise.resolve()

  /** @throws disk_full, not_found, io_failed */
  static async create(path: string, options: MapOptions): Promise<MapWriter> {
    const cellsPath = `${temporaryPathFor(path)}.cells`
    const { rows, cols } = options.grid
    const encoding = mapEncodings[options.encoding]
    const cellBytes = rows * cols * 2 * encoding.bytesPerCell
    try {
      if ((await freeBytes(path)) < cellBytes) throw diskFull(path, cellBytes)
      const cells = await gdal.openAsync(cellsPath, 'w', 'GTiff', cols, rows, 2, encoding.dataType, {
        TILED: 'YES',
        BLOCKXSIZE: '512',
        BLOCKYSIZE: '512',
        INTERLEAVE: 'BAND',
        // Not compressed: a block that ends inside a tile would make the tile be packed, unpacked and moved.
        COMPRESS: 'NONE',
        BIGTIFF: 'IF_SAFER',
      })
      return new MapWriter(resolve(path), cellsPath, options, cells)
    } catch (thrown) {
      throw await writeFault(resolve(path), thrown)
    }
  }

  private constructor(path: string, cellsPath: string, options: MapOptions, cells: Dataset) {
    this.path = path
    this.cellsPath = cellsPath
    this.options = options
    this.cells = cells
  }

  /** Writes the cells of a window inside the grid; no cell may be written twice. The block may be
   *  reused once the promise is kept.
   *  @throws disk_full, io_failed; value_range when `int16` cannot hold a value; internal for a window that does not fit */
  async writeBlock(window: MapWindow, block: Block): Promise<void> {
    const cells = this.need()
    const { grid, encoding } = this.options
    const { row, col, rows, cols } = window
    const fits = row >= 0 && col >= 0 && rows > 0 && cols > 0 && row + rows <= grid.rows && col + cols <= grid.cols
    const overlaps = this.windows.some(
      (other) =>
        row < other.row + other.rows &&
        other.row < row + rows &&
        col < other.col + other.cols &&
        other.col < col + cols,
    )
    if (!fits || overlaps || block.values.length !== rows * cols || block.reasons.length !== rows * cols)
      throw new LoamError(
        'internal',
        `A block of ${block.values.length} cells for rows ${row}+${rows}, columns ${col}+${cols} ${overlaps ? 'was written before' : `does not fit`} ` +
          `in a map of ${grid.rows} × ${grid.cols}.`,
      )
    this.windows.push({ row, col, rows, cols, sha256: '' })
    const place = this.windows.length - 1
    this.lastWrite = this.lastWrite.then(async () => {
      const { encode, make } = mapEncodings[encoding]
      if (!this.buffer || this.buffer.values.length < rows * cols) this.buffer = make(rows * cols)
      const { values, reasons } = encode(block, this.buffer)
      this.windows[place] = { row, col, rows, cols, sha256: hashOfCells(values, block.reasons) }
      await cells.bands.get(1).pixels.writeAsync<Float32Array | Int16Array>(col, row, cols, rows, values)
      await cells.bands.get(2).pixels.writeAsync<Float32Array | Int16Array>(col, row, cols, rows, reasons)
    })
    // Whoever awaits a later write or `finish` hears of the failure as well.
    this.lastWrite.catch(() => undefined)
    try {
      await this.lastWrite
    } catch (thrown) {
      throw await writeFault(this.path, thrown)
    }
  }

  /** Publishes the map. All cells must have been written.
   *  @throws incomplete when some were not; disk_full, io_failed, native_crash, cancelled. There is no file at the path then. */
  async finish(signal?: AbortSignal): Promise<void> {
    const cells = this.need()
    const { grid, encoding, kind = 'continuous' } = this.options
    const written = this.windows.reduce((sum, window) => sum + window.rows * window.cols, 0)
    try {
      if (written !== grid.rows * grid.cols)
        throw new LoamError(
          'incomplete',
          `${written} of ${grid.rows * grid.cols} cells of ${this.path} were written. Compute the missing blocks first.`,
          { path: this.path },
        )
      await this.lastWrite
      await cells.flushAsync()
      this.overviewPaths = await writeOverviews(cells, this.cellsPath, { grid, encoding, kind }, signal)
      cells.close()
      this.cells = null
      await publish(this.path, async (temporary) => {
        const freeBefore = await freeBytes(this.path)
        try {
          await this.makeFinal(temporary, signal)
        } catch (thrown) {
          const fault = await writeFault(this.path, thrown, { free: freeBefore, needed: this.mostBytes() })
          // GDAL keeps overviews in a file of its own until the end.
          for (const left of ['.ovr', '.ovr.tmp', '.msk.ovr.tmp', '.aux.xml'])
            await rm(temporary + left, { force: true })
          throw fault
        }
      })
    } catch (thrown) {
      throw await writeFault(this.path, thrown)
    } finally {
      await this.abort()
    }
  }

  /** Drops what was written so far. Nothing happens after `finish` or a first `abort`. */
  async abort(): Promise<void> {
    await this.lastWrite.catch(() => undefined)
    try {
      this.cells?.close()
    } catch {
      // The file is thrown away; that its last bytes could not be written no longer matters.
    }
    this.cells = null
    await rm(this.cellsPath, { force: true })
    await removeOverviews(this.overviewPaths)
  }

  private need(): Dataset {
    if (this.cells) return this.cells
    throw new LoamError('internal', `The map ${this.path} was finished or aborted before.`)
  }

  /** Room that the final file can take while it is made: cells that do not pack, and a third more for overviews, twice. */
  private mostBytes(): number {
    const { grid, encoding } = this.options
    return Math.ceil(grid.rows * grid.cols * 2 * mapEncodings[encoding].bytesPerCell * (5 / 3))
  }

  private async makeFinal(temporary: string, signal?: AbortSignal): Promise<void> {
    const { grid, encoding, quantity, unit, day, tags, threads = 2 } = this.options
    const { dataType, nodata, scale } = mapEncodings[encoding]
    throwIfStopped(signal)
    const source = gdal.open(
      describedCopy({
        grid,
        cellsPath: this.cellsPath,
        overviewPaths: this.overviewPaths,
        dataType,
        nodata,
        bands: [
          { name: quantity, unit, scale, offset: 0 },
          { name: 'reason', metadata: reasonTable() },
        ],
        metadata: {
          ...tags,
          LOAM_QUANTITY: quantity,
          LOAM_UNIT: unit,
          [overviewTag]: overviewRule,
          ...(day === null ? {} : { LOAM_DAY: day, TIFFTAG_DATETIME: `${day.replaceAll('-', ':')} 00:00:00` }),
        },
      }),
      'r',
      ['VRT'],
    )
    try {
      const copy = await gdal.drivers.get('COG').createCopyAsync(temporary, source, {
        COMPRESS: 'DEFLATE',
        // Of bytes that the predictor has parted, level 1 makes files as small as level 6 (166 and 168 MB) in 1.5 s less.
        LEVEL: '1',
        PREDICTOR: 'YES',
        BLOCKSIZE: '512',
        OVERVIEWS: this.overviewPaths.length > 0 ? 'FORCE_USE_EXISTING' : 'NONE',
        NUM_THREADS: String(threads),
        BIGTIFF: 'IF_SAFER',
      })
      await copy.flushAsync()
      copy.close()
    } finally {
      source.close()
    }
    throwIfStopped(signal)
    await syncFile(temporary)
    const fault = await checkMap({
      path: temporary,
      rows: grid.rows,
      cols: grid.cols,
      dataType,
      nodata: Number.isNaN(nodata) ? null : nodata,
      windows: this.windows,
    })
    throwIfStopped(signal)
    if (fault !== null)
      throw new LoamError(
        'io_failed',
        `${this.path} was read back from disk and ${fault}. It was not published. Check the drive, then resume.`,
        { path: this.path },
      )
  }
}

/** Code → name, as metadata of the reason band. */
function reasonTable(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reasonNames).map(([code, name]) => [`REASON_${code.padStart(2, '0')}`, name]),
  )
}

async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(resolve(path)))
  return bavail * bsize
}

function diskFull(path: string, bytes: number): LoamError {
  const megabytes = Math.ceil(bytes / 1e6)
  return new LoamError(
    'disk_full',
    `The disk has no room for ${path}; about ${megabytes} MB are needed while it is written. Free some space and resume.`,
    { path },
  )
}

/** What went wrong while writing, in our words. Called before anything is deleted, so that a full disk still shows; but
 *  GDAL deletes files of its own first, so a failure with less room than can be needed also counts as a full disk. */
async function writeFault(
  path: string,
  thrown: unknown,
  room: { free: number; needed: number } = { free: Infinity, needed: nearlyNothing },
): Promise<unknown> {
  if (thrown instanceof LoamError && thrown.code !== 'io_failed' && thrown.code !== 'internal') return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const free = await freeBytes(path).catch(() => Infinity)
  if (free < nearlyNothing || room.free < room.needed || /no space left|disk full|quota/i.test(message))
    return diskFull(path, room.needed)
  const told = writingFault(path, thrown)
  if (told instanceof LoamError) return told
  return new LoamError('io_failed', `${path} cannot be written: ${message}. Check the drive, then resume.`, { path })
}
