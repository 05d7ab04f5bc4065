import { LoamError } from '../../contract/index.ts'
import { rowCount } from './sample-table.ts'
import type { SampleTable } from './sample-table.ts'

const magic = 'LOAMROWS'
const version = 1

interface Header {
  readonly rows: number
  readonly predictors: string[]
  readonly places: string[]
  readonly excluded: Record<string, number>
  readonly placeKind?: 'station' | 'cell'
  readonly crs?: string
  readonly hasCells: boolean
  /** Left out of a table without, so that it has the bytes it always had. */
  readonly hasWeights?: true
}

/** A training table as bytes, little-endian throughout:
 *  ```
 *  0   8 bytes   "LOAMROWS"
 *  8   uint32    layout version, 1
 *  12  uint32    length h of the header
 *  16  h bytes   header, JSON in UTF-8, spaces at its end so that h is a multiple of 8: rows n, predictors, places,
 *                excluded, placeKind, crs, hasCells, hasWeights
 *      float64[n] target · float64[n] x · float64[n] y · float64[places] cells, if hasCells · float64[n] weights, if hasWeights
 *      int32[n] day · int32[n] place
 *      float32[n] for each predictor
 *  ```
 *  Equal tables give equal bytes: keys of `excluded` are sorted. */
export function encodeSamples(table: SampleTable): Uint8Array {
  const n = rowCount(table)
  const { predictors, places, placeKind, crs } = table
  const excluded = Object.fromEntries(Object.entries(table.excluded).sort((a, b) => (a[0] < b[0] ? -1 : 1)))
  const header: Header = {
    rows: n,
    predictors,
    places,
    excluded,
    placeKind,
    crs,
    hasCells: table.cells !== undefined,
    ...(table.weights ? { hasWeights: true } : {}),
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const headerLength = Math.ceil(text.length / 8) * 8
  const sections = sectionsOf(table)
  const bytes = new Uint8Array(16 + headerLength + sections.reduce((sum, section) => sum + section.byteLength, 0))
  const view = new DataView(bytes.buffer)
  bytes.set(new TextEncoder().encode(magic))
  view.setUint32(8, version, true)
  view.setUint32(12, headerLength, true)
  bytes.fill(0x20, 16, 16 + headerLength)
  bytes.set(text, 16)
  let at = 16 + headerLength
  for (const section of sections) {
    bytes.set(littleEndian(section), at)
    at += section.byteLength
  }
  return bytes
}

/** The table that `encodeSamples` wrote, every bit the same.
 *  @throws corrupt_part when the bytes are not such a table or are cut short, newer_version for a later layout */
export function decodeSamples(bytes: Uint8Array): SampleTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 16 || new TextDecoder().decode(bytes.subarray(0, 8)) !== magic)
    throw corrupt(`they do not begin with ${magic}`)
  const found = view.getUint32(8, true)
  if (found !== version)
    throw new LoamError(
      'newer_version',
      `The training table has layout ${found}; this Loam reads ${version}. Update Loam or extract the table again.`,
      { found, version },
    )
  const headerEnd = 16 + view.getUint32(12, true)
  const header = readHeader(bytes.subarray(16, headerEnd))
  const n = header.rows
  const placeCount = header.hasCells ? header.places.length : 0
  const weightCount = header.hasWeights ? n : 0
  const wanted = headerEnd + n * (8 * 3 + 4 * 2 + 4 * header.predictors.length) + 8 * (placeCount + weightCount)
  if (bytes.length !== wanted) throw corrupt(`they are ${bytes.length}, ${wanted} were needed`)
  // A copy of its own: aligned for the typed arrays, and not holding on to a larger buffer.
  const body = bytes.slice(headerEnd)
  let at = 0
  const take = <T>(
    Type: new (buffer: ArrayBuffer, offset: number, length: number) => T,
    count: number,
    size: number,
  ): T => {
    littleEndianInPlace(body.subarray(at, at + count * size), size)
    const section = new Type(body.buffer as ArrayBuffer, at, count)
    at += count * size
    return section
  }
  const target = take(Float64Array, n, 8)
  const x = take(Float64Array, n, 8)
  const y = take(Float64Array, n, 8)
  const cells = header.hasCells ? { cells: take(Float64Array, placeCount, 8) } : {}
  const weights = header.hasWeights ? { weights: take(Float64Array, n, 8) } : {}
  const day = take(Int32Array, n, 4)
  const place = take(Int32Array, n, 4)
  const columns = header.predictors.map(() => take(Float32Array, n, 4))
  const { predictors, places, excluded, placeKind, crs } = header
  return {
    predictors,
    columns,
    target,
    place,
    places,
    day,
    x,
    y,
    excluded,
    ...cells,
    ...weights,
    ...(placeKind === undefined ? {} : { placeKind }),
    ...(crs === undefined ? {} : { crs }),
  }
}

function sectionsOf(table: SampleTable): (Float64Array | Int32Array | Float32Array)[] {
  const { target, x, y, day, place, cells, weights, columns } = table
  return [target, x, y, ...(cells ? [cells] : []), ...(weights ? [weights] : []), day, place, ...columns]
}

function readHeader(bytes: Uint8Array): Header {
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes)) as Header
    if (Number.isInteger(header.rows) && Array.isArray(header.predictors) && Array.isArray(header.places)) return header
  } catch {
    // Falls through to the same words as a header of another shape.
  }
  throw corrupt('their header is damaged')
}

function corrupt(why: string): LoamError {
  return new LoamError('corrupt_part', `These bytes are not a training table: ${why}. Extract the table again.`, {})
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function littleEndian(section: Float64Array | Int32Array | Float32Array): Uint8Array {
  const bytes = new Uint8Array(section.buffer, section.byteOffset, section.byteLength)
  if (isLittleEndian) return bytes
  const copy = bytes.slice()
  littleEndianInPlace(copy, section.BYTES_PER_ELEMENT)
  return copy
}

function littleEndianInPlace(bytes: Uint8Array, size: number): void {
  if (isLittleEndian) return
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
}
