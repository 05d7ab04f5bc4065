import { createHash } from 'node:crypto'
import { LoamError } from '../../contract/index.ts'

/** The file of a model without trees: little-endian, arrays of doubles behind a JSON header.
 *
 *     0  magic "LOAMNUMS"       16  u64 JSON bytes
 *     8  u32 version, 1         24  u64 length of each array
 *    12  u32 array count         ·  JSON header, UTF-8, blanks up to a multiple of 8
 *                                ·  f64 arrays
 *                              end  SHA-256 of everything before it, 32 bytes */
const magic = 'LOAMNUMS'
const newestVersion = 1
const hashBytes = 32
const mostArrays = 65_536

export function isNumberFile(bytes: Uint8Array): boolean {
  return bytes.length >= magic.length && Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') === magic
}

export function encodeNumbers(json: string, arrays: readonly Float64Array[]): Uint8Array {
  const text = Buffer.from(json, 'utf8')
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, 0x20)])
  const head = Buffer.alloc(24 + 8 * arrays.length)
  head.write(magic, 0, 'latin1')
  head.writeUInt32LE(newestVersion, 8)
  head.writeUInt32LE(arrays.length, 12)
  head.writeBigUInt64LE(BigInt(padded.length), 16)
  arrays.forEach((array, i) => head.writeBigUInt64LE(BigInt(array.length), 24 + 8 * i))
  const body = Buffer.alloc(arrays.reduce((sum, array) => sum + 8 * array.length, 0))
  let at = 0
  for (const array of arrays) for (const value of array) at = body.writeDoubleLE(value, at)
  const whole = Buffer.concat([head, padded, body])
  return Buffer.concat([whole, createHash('sha256').update(whole).digest()])
}

/** @throws bad_model, newer_version, whatever the bytes */
export function decodeNumbers(bytes: Uint8Array): { json: string; arrays: Float64Array[] } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < 24 + hashBytes) throw badNumbers('it is too short')
  const version = file.readUInt32LE(8)
  if (version > newestVersion)
    throw new LoamError(
      'newer_version',
      `The model file was written by a newer Loam (format ${version}, this one reads ${newestVersion}). Open it there, or update this one.`,
    )
  const count = file.readUInt32LE(12)
  const end = file.length - hashBytes
  if (version < 1 || count > mostArrays || 24 + 8 * count > end) throw badNumbers('its header is damaged')
  const size = (at: number): number => Number(file.readBigUInt64LE(at))
  const sizes = [size(16), ...Array.from({ length: count }, (_, i) => 8 * size(24 + 8 * i))]
  if (24 + 8 * count + sizes.reduce((sum, each) => sum + each, 0) !== end)
    throw badNumbers('its length is not what its header says')
  if (!createHash('sha256').update(file.subarray(0, end)).digest().equals(file.subarray(end)))
    throw badNumbers('its checksum does not fit')
  let at = 24 + 8 * count
  const take = (length: number): Buffer => file.subarray(at, (at += length))
  const json = take(sizes[0]).toString('utf8')
  const arrays = sizes.slice(1).map((length) => {
    const part = take(length)
    return Float64Array.from({ length: length / 8 }, (_, i) => part.readDoubleLE(8 * i))
  })
  if (arrays.some((array) => !array.every(Number.isFinite))) throw badNumbers('it holds numbers that are not finite')
  return { json, arrays }
}

function badNumbers(found: string): LoamError {
  return new LoamError(
    'bad_model',
    `The model file cannot be used: ${found}. Take another copy of it or train the model again.`,
  )
}
