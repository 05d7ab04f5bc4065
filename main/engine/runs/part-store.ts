import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { asLoamError, LoamError } from '../../contract/index.ts'
import { publish, removeStaleTemporaries, syncFolder, writingFault } from '../files/index.ts'
import { Gate } from './gate.ts'
import { decodeHeader, decodePart, encodePart, headerBytes } from './part-format.ts'

/** The result of one unit of computation. */
export interface StoredPart {
  readonly kind: string
  readonly meta: Record<string, unknown>
  /** Starts at a multiple of 8 in its buffer. */
  readonly payload: Uint8Array
}

/** A part whose bytes were not those that were written; it was set aside and counts as absent. */
export interface CorruptPart {
  readonly key: string
  /** Where the damaged file is now. */
  readonly path: string
  readonly reason: string
}

export interface PartStoreOptions {
  readonly onCorrupt?: (part: CorruptPart) => void
}

/** Parts by key, `<folder>/parts/<first 2 digits of the key>/<key>`. A key is the SHA-256 of everything the part depends
 *  on, so a part is valid for ever, may be shared between runs, and is never replaced. Safe for many processes at once:
 *  a part appears whole or not at all, and two that compute the same one write the same bytes. */
export class PartStore {
  readonly folder: string
  readonly #onCorrupt: (part: CorruptPart) => void
  /** Callers ask for thousands of parts at once; files open at a time are few. */
  readonly #gate = new Gate(64)

  constructor(folder: string, { onCorrupt = () => {} }: PartStoreOptions = {}) {
    this.folder = join(folder, 'parts')
    this.#onCorrupt = onCorrupt
  }

  /** Whether the part is there, whole by its header and length. Its checksum is looked at by `get`. */
  async has(key: string): Promise<boolean> {
    const path = this.#pathOf(key)
    return this.#gate.pass(async () => {
      const handle = await openIfThere(path)
      if (!handle) return false
      try {
        const header = decodeHeader(await readBytes(handle, headerBytes))
        return header !== null && header.key === key && header.fileBytes === (await handle.stat()).size
      } finally {
        await handle.close()
      }
    })
  }

  /** The part, its checksum verified; null when it is not there. A damaged one is set aside as `<key>.corrupt`, reported,
   *  and null as well, so that it is computed again.
   *  @throws io_failed */
  async get(key: string): Promise<StoredPart | null> {
    const path = this.#pathOf(key)
    const bytes = await this.#gate.pass(() => readWhole(path))
    if (!bytes) return null
    try {
      return decodePart(key, bytes) as StoredPart
    } catch (thrown) {
      if (!(thrown instanceof LoamError) || thrown.code !== 'corrupt_part') throw thrown
      await this.#setAside(key, thrown.message)
      return null
    }
  }

  /** Puts a part; on disk when the promise resolves. One that is there already stays as it is.
   *  @throws disk_full, io_failed */
  async put(key: string, kind: string, meta: Record<string, unknown>, payload: readonly Uint8Array[]): Promise<void> {
    if (await this.has(key)) return
    const path = this.#pathOf(key)
    const pieces = encodePart(key, kind, meta, payload)
    await makeLastingFolder(dirname(path)).catch((thrown: unknown) => {
      throw writingFault(path, thrown)
    })
    await this.#gate.pass(() =>
      publish(path, async (temporary) => {
        const handle = await open(temporary, 'wx')
        try {
          for (const piece of pieces) await handle.writeFile(piece)
        } finally {
          await handle.close()
        }
      }),
    )
  }

  /** Keys of all parts, whole or not, sorted. */
  async list(): Promise<string[]> {
    const keys: string[] = []
    for (const shard of await names(this.folder)) keys.push(...(await names(join(this.folder, shard))).filter(isKey))
    return keys.sort()
  }

  /** Removes a part; harmless when it is not there. */
  async remove(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true })
  }

  /** Removes all parts but those named, damaged ones set aside, and what killed writers left.
   *  Only while no run is writing parts that are not named.
   *  @returns bytes freed */
  async sweep(keep: ReadonlySet<string>): Promise<number> {
    let freed = 0
    for (const shard of await names(this.folder)) {
      const folder = join(this.folder, shard)
      await removeStaleTemporaries(folder)
      for (const name of await names(folder)) {
        if (keep.has(name) || !isKey(name.replace(/\.corrupt$/, ''))) continue
        freed += (await stat(join(folder, name)).catch(() => null))?.size ?? 0
        await rm(join(folder, name), { force: true })
      }
    }
    return freed
  }

  /** Bytes on disk of all parts. */
  async bytes(): Promise<number> {
    const sizes = await Promise.all(
      (await this.list()).map((key) =>
        this.#gate.pass(async () => (await stat(this.#pathOf(key)).catch(() => null))?.size ?? 0),
      ),
    )
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  /** Reads every part and sets the damaged ones aside; the next run that needs them computes them again.
   *  @returns how many were read, and the damaged ones */
  async check(signal?: AbortSignal): Promise<{ checked: number; corrupt: CorruptPart[] }> {
    const corrupt: CorruptPart[] = []
    const watched = new PartStore(dirname(this.folder), {
      onCorrupt: (part) => {
        corrupt.push(part)
        this.#onCorrupt(part)
      },
    })
    const keys = await this.list()
    for (const key of keys) {
      if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
      await watched.get(key)
    }
    return { checked: keys.length, corrupt }
  }

  #pathOf(key: string): string {
    if (!isKey(key)) throw new LoamError('internal', `"${key}" is no part's key: 64 hexadecimal digits are.`)
    return join(this.folder, key.slice(0, 2), key)
  }

  async #setAside(key: string, reason: string): Promise<void> {
    const path = `${this.#pathOf(key)}.corrupt`
    // Another process may have met it at the same time and moved it first.
    await rename(this.#pathOf(key), path).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'ENOENT') throw asLoamError(fault)
    })
    this.#onCorrupt({ key, path, reason })
  }
}

function isKey(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name)
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT' || fault.code === 'ENOTDIR') return []
    throw asLoamError(fault)
  })
}

/** Makes a folder whose entry, and those of the folders made above it, survive a power cut. */
async function makeLastingFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw asLoamError(thrown)
  }
}

/** The first `length` bytes, fewer where the file ends. */
async function readBytes(handle: FileHandle, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let at = 0
  while (at < length) {
    // One system call reads 2 GiB at most.
    const { bytesRead } = await handle.read(bytes, at, Math.min(length - at, 1 << 30), at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}

async function readWhole(path: string): Promise<Uint8Array | null> {
  const handle = await openIfThere(path)
  if (!handle) return null
  try {
    return await readBytes(handle, (await handle.stat()).size)
  } catch (thrown) {
    throw asLoamError(thrown)
  } finally {
    await handle.close()
  }
}
