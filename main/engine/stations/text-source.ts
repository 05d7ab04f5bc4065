import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import { LoamError } from '../../contract/index.ts'

/** Encodings Loam reads; windows-1252 is what files called latin1 hold. */
export const encodings = ['utf-8', 'windows-1252', 'utf-16le'] as const
export type Encoding = (typeof encodings)[number]

/** A compressed file may grow this many times; tables of real measurements stay below 50. */
export const largestInflation = 200
/** Below this size a file may grow as it likes: ten identical lines compress well and harm nobody. */
export const harmlessBytes = 16 * 1024 * 1024

/** Bytes of a file, unpacked when it is gzip (told by its first bytes, not its name).
 *  @throws not_found; unsafe_input: a small file that unpacks to far more than a table would */
export async function* fileBytes(path: string): AsyncGenerator<Buffer> {
  const { isGzip, size } = await lookAt(path)
  const file = createReadStream(path)
  if (!isGzip) {
    yield* file
    return
  }
  const gunzip = createGunzip()
  file.on('error', (fault) => gunzip.destroy(fault))
  let inflated = 0
  try {
    for await (const chunk of file.pipe(gunzip) as AsyncIterable<Buffer>) {
      inflated += chunk.length
      if (inflated > harmlessBytes && inflated > size * largestInflation)
        throw new LoamError(
          'unsafe_input',
          `${path} unpacks to more than ${largestInflation} times its size, which no table of measurements does. Unpack it yourself if you trust it.`,
          { file: path },
        )
      yield chunk
    }
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code?.startsWith('Z_'))
      throw new LoamError(
        'bad_table',
        `${path} is damaged: it cannot be unpacked (${(fault as Error).message}). Get a fresh copy.`,
        { file: path },
      )
    throw fault
  } finally {
    file.destroy()
    gunzip.destroy()
  }
}

/** Text of a file in pieces, without a byte order mark.
 *  @throws bad_table: bytes that are not of that encoding (only utf-8 can be told); details.encoding is set */
export async function* fileText(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const bytes of fileBytes(path)) yield decoder.decode(bytes, { stream: true })
    yield decoder.decode()
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault
    throw new LoamError(
      'bad_table',
      `${path} is not ${encoding} text throughout. Give its encoding, such as windows-1252 (latin1).`,
      { file: path, encoding },
    )
  }
}

/** Up to `bytes` bytes from the start of the file, unpacked. */
export async function firstBytes(path: string, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of fileBytes(path)) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= bytes) break
  }
  return Buffer.concat(chunks).subarray(0, bytes)
}

async function lookAt(path: string): Promise<{ isGzip: boolean; size: number }> {
  let handle
  try {
    handle = await open(path)
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw fault
    throw new LoamError('not_found', `There is no file ${path}. Check the path.`, { file: path })
  }
  try {
    const magic = Buffer.alloc(2)
    const { bytesRead } = await handle.read(magic, 0, 2, 0)
    return { isGzip: bytesRead === 2 && magic[0] === 0x1f && magic[1] === 0x8b, size: (await handle.stat()).size }
  } finally {
    await handle.close()
  }
}
