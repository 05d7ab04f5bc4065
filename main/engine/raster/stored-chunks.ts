import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { ReadWindow } from './raster-reader.ts'

/** Where the compressed tiles or strips of a TIFF lie, so that cells of two files can be compared without unpacking them. */
export interface StoredChunks {
  /** Equal for two files when equal bytes mean equal cells. */
  readonly form: string
  readonly rows: number
  readonly cols: number
  readonly chunkRows: number
  readonly chunkCols: number
  /** False when each chunk holds the cells of all bands. */
  readonly isByBand: boolean
  readonly offsets: readonly number[]
  readonly sizes: readonly number[]
  readonly file: FileHandle
}

const tagOf = {
  subfileType: 254,
  cols: 256,
  rows: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripSizes: 279,
  planar: 284,
  predictor: 317,
  tileCols: 322,
  tileRows: 323,
  tileOffsets: 324,
  tileSizes: 325,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  lerc: 50_674,
} as const
/** Tags besides the sizes that say how bytes become cells. */
const formTags = [
  tagOf.bits,
  tagOf.compression,
  tagOf.photometric,
  tagOf.fillOrder,
  tagOf.samples,
  tagOf.planar,
  tagOf.predictor,
  tagOf.extraSamples,
  tagOf.sampleFormat,
  tagOf.lerc,
]
const bytesOfType: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 16: 8 }
const mostEntries = 4096
const mostChunks = 4_000_000

/** Opens a TIFF, classic or Big, to compare its stored cells; the caller closes `file`.
 *  @returns null for any other file and for one laid out in a way we do not know */
export async function openStoredChunks(path: string): Promise<StoredChunks | null> {
  const file = await open(path, 'r')
  try {
    const chunks = await readDirectory(file)
    if (!chunks) await file.close()
    return chunks
  } catch {
    // Damage is told by whoever reads the cells.
    await file.close()
    return null
  }
}

/** The stored cells under a window of a band. */
export interface StoredCells {
  readonly chunks: StoredChunks
  readonly band: number
  readonly window: ReadWindow
  /** As stored, once they were needed. */
  bytes?: Promise<(Buffer | null)[]>
}

/** Whether two windows of equal size and place hold the same stored cells. False also when that cannot be told. The bytes of
 *  each are read at most once: whoever compares it again, with a third, keeps it. */
export async function haveSameCells(a: StoredCells, b: StoredCells): Promise<boolean> {
  if (a.chunks.form !== b.chunks.form || (!a.chunks.isByBand && a.band !== b.band)) return false
  const [own, others] = [chunksUnder(a), chunksUnder(b)]
  if (own.some((chunk, i) => a.chunks.sizes[chunk] !== b.chunks.sizes[others[i]])) return false
  a.bytes ??= Promise.all(own.map((chunk) => bytesOf(a.chunks, chunk)))
  b.bytes ??= Promise.all(others.map((chunk) => bytesOf(b.chunks, chunk)))
  const [mine, theirs] = await Promise.all([a.bytes, b.bytes])
  return mine.every((bytes, i) => bytes !== null && theirs[i] !== null && bytes.equals(theirs[i]))
}

function chunksUnder({ chunks, band, window }: StoredCells): number[] {
  const { row, col, rows, cols } = window
  const across = Math.ceil(chunks.cols / chunks.chunkCols)
  const down = Math.ceil(chunks.rows / chunks.chunkRows)
  const first = chunks.isByBand ? (band - 1) * across * down : 0
  const found: number[] = []
  for (let r = Math.floor(row / chunks.chunkRows); r * chunks.chunkRows < row + rows; r++)
    for (let c = Math.floor(col / chunks.chunkCols); c * chunks.chunkCols < col + cols; c++)
      found.push(first + r * across + c)
  return found
}

async function bytesOf({ file, offsets, sizes }: StoredChunks, chunk: number): Promise<Buffer | null> {
  const bytes = Buffer.allocUnsafe(sizes[chunk])
  const { bytesRead } = await file.read(bytes, 0, bytes.length, offsets[chunk])
  return bytesRead === bytes.length ? bytes : null
}

async function readDirectory(file: FileHandle): Promise<StoredChunks | null> {
  const read = async (at: number, length: number): Promise<DataView> => {
    const bytes = Buffer.alloc(length)
    const { bytesRead } = await file.read(bytes, 0, length, at)
    if (bytesRead !== length) throw new RangeError('the file ends')
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }
  const head = await read(0, 16)
  const order = head.getUint16(0)
  const isLittle = order === 0x4949
  if (!isLittle && order !== 0x4d4d) return null
  const version = head.getUint16(2, isLittle)
  if (version !== 42 && version !== 43) return null
  const isBig = version === 43
  const long = (view: DataView, at: number): number =>
    isBig ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle)
  const [countBytes, entryBytes, place] = isBig ? [8, 20, 12] : [2, 12, 8]
  const directoryAt = async (start: number): Promise<{ tags: Map<number, number[]>; next: number } | null> => {
    const counted = await read(start, countBytes)
    const count = isBig ? long(counted, 0) : counted.getUint16(0, isLittle)
    if (count > mostEntries) return null
    const end = count * entryBytes
    const entries = await read(start + countBytes, end + (isBig ? 8 : 4))
    const tags = new Map<number, number[]>()
    for (let at = 0; at < end; at += entryBytes) {
      const tag = entries.getUint16(at, isLittle)
      if (!(Object.values(tagOf) as number[]).includes(tag)) continue
      const bytes = bytesOfType[entries.getUint16(at + 2, isLittle)]
      const length = long(entries, at + 4)
      if (tag === tagOf.jpegTables || !bytes || length > mostChunks) return null
      const isHere = bytes * length <= (isBig ? 8 : 4)
      const view = isHere ? entries : await read(long(entries, at + place), bytes * length)
      const first = isHere ? at + place : 0
      tags.set(
        tag,
        Array.from({ length }, (_, i) => numberAt(view, first + i * bytes, bytes, isLittle)),
      )
    }
    return { tags, next: long(entries, end) }
  }

  const directory = await directoryAt(long(head, isBig ? 8 : 4))
  if (!directory) return null
  const { tags } = directory
  // A mask, in a directory of its own or as alpha band, also decides which cells have a value.
  if (tags.get(tagOf.extraSamples)?.some((kind) => kind !== 0)) return null
  for (let next = directory.next, n = 0; next !== 0; n++) {
    const further = n < mostEntries ? await directoryAt(next) : null
    if (!further || ((further.tags.get(tagOf.subfileType)?.[0] ?? 0) & 4) !== 0) return null
    next = further.next
  }

  const one = (tag: number, otherwise: number): number => tags.get(tag)?.[0] ?? otherwise
  const [rows, cols] = [one(tagOf.rows, 0), one(tagOf.cols, 0)]
  const isTiled = tags.has(tagOf.tileOffsets)
  const chunkRows = isTiled ? one(tagOf.tileRows, 0) : Math.min(rows, one(tagOf.rowsPerStrip, rows))
  const chunkCols = isTiled ? one(tagOf.tileCols, 0) : cols
  const samples = one(tagOf.samples, 1)
  const isByBand = samples === 1 || one(tagOf.planar, 1) === 2
  const offsets = tags.get(isTiled ? tagOf.tileOffsets : tagOf.stripOffsets) ?? []
  const sizes = tags.get(isTiled ? tagOf.tileSizes : tagOf.stripSizes) ?? []
  if (!(rows > 0 && cols > 0 && chunkRows > 0 && chunkCols > 0)) return null
  const expected = Math.ceil(rows / chunkRows) * Math.ceil(cols / chunkCols) * (isByBand ? samples : 1)
  if (offsets.length !== expected || sizes.length !== expected) return null
  const form = JSON.stringify([isLittle, rows, cols, chunkRows, chunkCols, formTags.map((tag) => tags.get(tag) ?? [])])
  return { form, rows, cols, chunkRows, chunkCols, isByBand, offsets, sizes, file }
}

function numberAt(view: DataView, at: number, bytes: number, isLittle: boolean): number {
  if (bytes === 1) return view.getUint8(at)
  if (bytes === 2) return view.getUint16(at, isLittle)
  return bytes === 4 ? view.getUint32(at, isLittle) : Number(view.getBigUint64(at, isLittle))
}
