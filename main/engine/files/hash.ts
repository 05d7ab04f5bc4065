import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { LoamError } from '../../contract/index.ts'
import { canonicalJson } from './canonical-json.ts'

/** SHA-256 of a whole file, hex; read in 1 MiB pieces, so memory does not grow with the file.
 *  @throws not_found, io_failed */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal })
  } catch (thrown) {
    throw readingFault(path, thrown, signal)
  }
  return hash.digest('hex')
}

/** SHA-256 of bytes, or of a text as UTF-8, hex. */
export function hashBytes(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** SHA-256 of a value's canonical JSON, hex: equal values give equal hashes whatever the order of their keys. */
export function hashJson(value: unknown): string {
  return hashBytes(canonicalJson(value))
}

function readingFault(path: string, thrown: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return new LoamError('cancelled', 'Stopped on request.')
  const code = (thrown as NodeJS.ErrnoException).code
  if (code === 'ENOENT')
    return new LoamError('not_found', `${path} is not there. Check the path, or relink the file.`, { path })
  if (code === 'EISDIR')
    return new LoamError('bad_input', `${path} is a folder, a file was needed. Give the file's path.`, { path })
  if (typeof code === 'string')
    return new LoamError(
      'io_failed',
      `${path} cannot be read: ${(thrown as Error).message}. Check the drive and its permissions.`,
      { path },
    )
  return thrown
}
