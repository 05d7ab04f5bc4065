import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LoamError, hasValue } from '../../contract/index.ts'
import type { Block } from '../../contract/index.ts'
import { hashBytes, temporaryPathFor } from '../files/index.ts'

interface StoreOptions {
  /** Where the parts are kept between sessions; null keeps them in memory only. */
  readonly folder: string | null
  /** Memory for unpacked levels, bytes. */
  readonly memoryBytes: number
  /** Disk, bytes; the parts not used for longest go first. */
  readonly diskBytes: number
}

/** A row of a file's header for each level: offset, rows, cols, the one reason of all its cells or 0, and 16 bytes of the SHA-256
 *  of its bytes, which are float32 values and uint8 reasons; no bytes where one reason says all. Not packed: packing noise took
 *  longer than making it. */
const rowBytes = 32

/** The coarser levels of squares of a layer, by a key that says everything they are computed from. It is a cache: what cannot
 *  be read is made again, what cannot be written is kept in memory only, and a damaged file fails its checksum. */
export class PyramidStore {
  readonly #options: StoreOptions
  readonly #memory = new Map<string, Block>()
  readonly #making = new Map<string, Promise<Block[]>>()
  readonly #touched = new Set<string>()
  #memoryBytes = 0
  #diskBytes: Promise<number> | null = null
  #sweeping: Promise<void> | null = null

  constructor(options: StoreOptions) {
    this.#options = options
  }

  /** Level `level` (from 1) of a square.
   *  @param make computes all its levels; called once for all who ask at the same time */
  async level(key: string, level: number, make: () => Promise<Block[]>, signal?: AbortSignal): Promise<Block> {
    const name = `${key} ${level}`
    const kept = this.#memory.get(name)
    if (kept) {
      this.#memory.delete(name)
      this.#memory.set(name, kept)
      return kept
    }
    const stored = await this.#read(key, level)
    if (stored) {
      this.#keep(name, stored)
      return stored
    }
    const blocks = await this.#make(key, make, signal)
    for (const [i, block] of blocks.entries()) this.#keep(`${key} ${i + 1}`, block)
    return blocks[level - 1]
  }

  /** Whether a square need not be made: it is in memory or on disk. A damaged file is found out by reading it. */
  async has(key: string, level: number): Promise<boolean> {
    if (this.#memory.has(`${key} ${level}`)) return true
    const path = this.#pathOf(key)
    return path !== null && (await stat(path).then(Boolean, () => false))
  }

  /** Waits until what was made is on disk. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writing)
    await this.#sweeping
  }

  readonly #writing = new Set<Promise<void>>()

  async #make(key: string, make: () => Promise<Block[]>, signal?: AbortSignal): Promise<Block[]> {
    for (;;) {
      const others = this.#making.get(key)
      if (!others) break
      try {
        return await others
      } catch (thrown) {
        // Somebody else's tile was stopped; ours was not.
        if (!(thrown instanceof LoamError && thrown.code === 'cancelled') || signal?.aborted) throw thrown
      }
    }
    const made = make()
    this.#making.set(key, made)
    try {
      const blocks = await made
      const writing = this.#write(key, blocks).finally(() => this.#writing.delete(writing))
      this.#writing.add(writing)
      return blocks
    } finally {
      this.#making.delete(key)
    }
  }

  #keep(name: string, block: Block): void {
    const bytes = 5 * block.values.length
    const { memoryBytes } = this.#options
    if (bytes > memoryBytes || this.#memory.has(name)) return
    this.#memory.set(name, block)
    this.#memoryBytes += bytes
    for (const [oldest, old] of this.#memory) {
      if (this.#memoryBytes <= memoryBytes) return
      this.#memory.delete(oldest)
      this.#memoryBytes -= 5 * old.values.length
    }
  }

  #pathOf(key: string): string | null {
    const { folder } = this.#options
    return folder && join(folder, key.slice(0, 2), key)
  }

  async #read(key: string, level: number): Promise<Block | null> {
    const path = this.#pathOf(key)
    if (!path) return null
    const file = await open(path, 'r').catch(() => null)
    if (!file) return null
    try {
      const row = new Uint32Array(rowBytes / 4)
      await file.read(new Uint8Array(row.buffer), 0, rowBytes, (level - 1) * rowBytes)
      const [offset, rows, cols, only] = row
      const bytes = new Uint8Array(only === 0 ? 5 * rows * cols : 0)
      await file.read(bytes, 0, bytes.length, offset)
      if (rows * cols === 0 || checksum(bytes, row.subarray(0, 4)).some((word, i) => word !== row[4 + i])) return null
      if (!this.#touched.has(key)) {
        this.#touched.add(key)
        const now = new Date()
        await utimes(path, now, now).catch(() => {})
      }
      const cells = rows * cols
      if (only > 0)
        return {
          rows,
          cols,
          values: new Float32Array(cells).fill(Number.NaN),
          reasons: new Uint8Array(cells).fill(only),
        }
      return { rows, cols, values: new Float32Array(bytes.buffer, 0, cells), reasons: bytes.subarray(4 * cells) }
    } catch {
      // Damaged or cut short: its checksum or length told. It is made again.
      return null
    } finally {
      await file.close()
    }
  }

  async #write(key: string, blocks: readonly Block[]): Promise<void> {
    const path = this.#pathOf(key)
    if (!path) return
    const header = new Uint32Array((blocks.length * rowBytes) / 4)
    const pieces: Uint8Array[] = []
    let offset = header.byteLength
    for (const [i, { rows, cols, values, reasons }] of blocks.entries()) {
      const only = !hasValue(reasons[0]) && reasons.every((reason) => reason === reasons[0]) ? reasons[0] : 0
      const bytes = new Uint8Array(only === 0 ? 5 * values.length : 0)
      if (only === 0) {
        bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
        bytes.set(reasons, 4 * values.length)
      }
      const facts = Uint32Array.of(offset, rows, cols, only)
      header.set(facts, (i * rowBytes) / 4)
      header.set(checksum(bytes, facts), (i * rowBytes) / 4 + 4)
      pieces.push(bytes)
      offset += bytes.length
    }
    const temporary = temporaryPathFor(path)
    try {
      await mkdir(join(path, '..'), { recursive: true })
      // Not forced to disk: a file lost or torn by a power cut fails its checksum and is made again.
      await writeFile(temporary, Buffer.concat([new Uint8Array(header.buffer), ...pieces]))
      await rename(temporary, path)
      await this.#count(offset)
    } catch {
      await rm(temporary, { force: true }).catch(() => {})
    }
  }

  async #count(bytes: number): Promise<void> {
    const before = await (this.#diskBytes ??= this.#list().then(total))
    this.#diskBytes = Promise.resolve(before + bytes)
    if (before + bytes > this.#options.diskBytes)
      await (this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = null)))
  }

  async #sweep(): Promise<void> {
    const files = (await this.#list()).sort((a, b) => a.usedMs - b.usedMs)
    let left = total(files)
    for (const { path, bytes } of files) {
      if (left <= 0.8 * this.#options.diskBytes) break
      await rm(path, { force: true })
      left -= bytes
    }
    this.#diskBytes = Promise.resolve(left)
  }

  async #list(): Promise<StoredFile[]> {
    const { folder } = this.#options
    const files: StoredFile[] = []
    for (const shard of await readdir(folder!).catch(() => []))
      for (const name of await readdir(join(folder!, shard)).catch(() => [])) {
        const path = join(folder!, shard, name)
        const facts = await stat(path).catch(() => null)
        if (facts) files.push({ path, bytes: facts.size, usedMs: facts.mtimeMs })
      }
    return files
  }
}

/** Four words over the cells and what the header says of them. */
function checksum(bytes: Uint8Array, facts: Uint32Array): number[] {
  const hash = hashBytes(Buffer.concat([new Uint8Array(facts.buffer, facts.byteOffset, facts.byteLength), bytes]))
  return [0, 8, 16, 24].map((from) => Number.parseInt(hash.slice(from, from + 8), 16))
}

interface StoredFile {
  readonly path: string
  readonly bytes: number
  readonly usedMs: number
}

function total(files: readonly StoredFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}
