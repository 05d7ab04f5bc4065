import { createHash } from 'node:crypto'
import { LoamError } from '../../contract/index.ts'
import { canonicalJson } from '../files/index.ts'

/** A part's file: header, kind (UTF-8), JSON meta (padded with spaces), payload, SHA-256 of all before it.
 *
 *  | at | bytes | holds |
 *  |---|---|---|
 *  | 0 | 8 | `LOAMPART` |
 *  | 8 | 2 | version, 1 |
 *  | 10 | 2 | length of kind |
 *  | 12 | 4 | length of meta |
 *  | 16 | 8 | length of payload |
 *  | 24 | 32 | key |
 *
 *  Numbers are little-endian. The payload starts at a multiple of 8, so that typed arrays can lie on it. */
export interface PartHeader {
  readonly key: string
  readonly kindBytes: number
  readonly metaBytes: number
  readonly payloadBytes: number
  /** Length of the whole file. */
  readonly fileBytes: number
}

export const headerBytes = 56
const hashBytes = 32
const magic = Buffer.from('LOAMPART')
const version = 1

/** The file of a part, in pieces to be written one after the other. */
export function encodePart(
  key: string,
  kind: string,
  meta: unknown,
  payload: readonly Uint8Array[],
): readonly Uint8Array[] {
  const kindText = Buffer.from(kind)
  const json = canonicalJson(meta)
  const unpadded = headerBytes + kindText.length + Buffer.byteLength(json)
  const metaText = Buffer.from(json + ' '.repeat((8 - (unpadded % 8)) % 8))
  const header = Buffer.alloc(headerBytes)
  magic.copy(header)
  header.writeUInt16LE(version, 8)
  header.writeUInt16LE(kindText.length, 10)
  header.writeUInt32LE(metaText.length, 12)
  header.writeBigUInt64LE(BigInt(payload.reduce((sum, chunk) => sum + chunk.byteLength, 0)), 16)
  header.write(key, 24, 'hex')
  const pieces = [header, kindText, metaText, ...payload]
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return [...pieces, hash.digest()]
}

/** What the first 56 bytes say; null when they are not a part's. */
export function decodeHeader(bytes: Uint8Array): PartHeader | null {
  if (bytes.byteLength < headerBytes) return null
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, headerBytes)
  if (!header.subarray(0, 8).equals(magic) || header.readUInt16LE(8) !== version) return null
  const kindBytes = header.readUInt16LE(10)
  const metaBytes = header.readUInt32LE(12)
  const payloadBytes = Number(header.readBigUInt64LE(16))
  const fileBytes = headerBytes + kindBytes + metaBytes + payloadBytes + hashBytes
  return { key: header.toString('hex', 24, 56), kindBytes, metaBytes, payloadBytes, fileBytes }
}

/** A whole file's contents.
 *  @returns payload as a view into `file`
 *  @throws corrupt_part when the bytes are not those that were written */
export function decodePart(key: string, file: Uint8Array): { kind: string; meta: unknown; payload: Uint8Array } {
  const header = decodeHeader(file)
  if (!header) throw corrupt(key, 'it does not start as a part')
  if (header.key !== key) throw corrupt(key, `it is part ${header.key}`)
  if (header.fileBytes !== file.byteLength)
    throw corrupt(key, `it has ${file.byteLength} bytes instead of ${header.fileBytes}`)
  const body = file.subarray(0, file.byteLength - hashBytes)
  const written = Buffer.from(file.buffer, file.byteOffset + body.byteLength, hashBytes)
  if (!createHash('sha256').update(body).digest().equals(written)) throw corrupt(key, 'its checksum does not match')
  const metaStart = headerBytes + header.kindBytes
  const payloadStart = metaStart + header.metaBytes
  const text = (from: number, to: number) => Buffer.from(file.buffer, file.byteOffset + from, to - from).toString()
  return {
    kind: text(headerBytes, metaStart),
    meta: JSON.parse(text(metaStart, payloadStart)),
    payload: file.subarray(payloadStart, payloadStart + header.payloadBytes),
  }
}

function corrupt(key: string, found: string): LoamError {
  return new LoamError('corrupt_part', `Part ${key} is damaged: ${found}. Resume the run to compute it again.`, { key })
}
