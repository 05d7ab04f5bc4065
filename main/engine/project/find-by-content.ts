import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { SourceFile } from '../../contract/index.ts'
import { hashFile } from '../files/index.ts'

/** A folder tree to look through. */
export interface SearchPlace {
  readonly folder: string
  /** Levels below the folder. */
  readonly depth: number
}

/** No place is searched beyond this many files: a whole drive would take hours, and the user can name the folder. */
const maxFilesPerPlace = 200_000

/** For each file, a path with the same size and SHA-256; files found nowhere are absent. Of several, one with the same
 *  name is preferred. Links and hidden folders are not followed.
 *  @param places searched in order until everything is found
 *  @throws the signal's reason */
export async function findByContent(
  wanted: readonly SourceFile[],
  places: readonly SearchPlace[],
  signal?: AbortSignal,
): Promise<Map<SourceFile, string>> {
  const found = new Map<SourceFile, string>()
  for (const place of places) {
    const missing = wanted.filter((file) => !found.has(file))
    if (missing.length === 0) break
    const bySize = await filesBySize(place, new Set(missing.map((file) => file.bytes)), signal)
    const candidates = new Map([...bySize].map(([size, paths]) => [size, new Candidates(paths)]))
    for (const file of missing) {
      signal?.throwIfAborted()
      const path = await candidates.get(file.bytes)?.find(file)
      if (path !== undefined) found.set(file, path)
    }
  }
  return found
}

/** Files of one size, each hashed once at most and only when needed: ten thousand of them may be missing at a time. */
class Candidates {
  readonly #paths: readonly string[]
  readonly #byName = new Map<string, string[]>()
  readonly #byHash = new Map<string, string>()
  readonly #hashes = new Map<string, string | null>()
  #next = 0

  constructor(paths: readonly string[]) {
    this.#paths = paths
    for (const path of paths) pushTo(this.#byName, basename(path), path)
  }

  async find(file: SourceFile): Promise<string | undefined> {
    for (const path of this.#byName.get(basename(file.path)) ?? [])
      if ((await this.#hash(path)) === file.sha256) return path
    while (!this.#byHash.has(file.sha256) && this.#next < this.#paths.length)
      await this.#hash(this.#paths[this.#next++])
    return this.#byHash.get(file.sha256)
  }

  async #hash(path: string): Promise<string | null> {
    const known = this.#hashes.get(path)
    if (known !== undefined) return known
    // A candidate that cannot be read is not the file we look for.
    const hash = await hashFile(path).catch(() => null)
    this.#hashes.set(path, hash)
    if (hash !== null && !this.#byHash.has(hash)) this.#byHash.set(hash, path)
    return hash
  }
}

function pushTo<K>(map: Map<K, string[]>, key: K, value: string): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** Paths below a folder whose size is one of `sizes`, sorted, so that the choice among equals is always the same. */
async function filesBySize(
  place: SearchPlace,
  sizes: ReadonlySet<number>,
  signal?: AbortSignal,
): Promise<Map<number, string[]>> {
  const bySize = new Map<number, string[]>()
  let seen = 0
  const queue: SearchPlace[] = [place]
  for (let next = queue.shift(); next && seen < maxFilesPerPlace; next = queue.shift()) {
    signal?.throwIfAborted()
    const { folder, depth } = next
    // A folder that is gone or closed to us holds nothing we could use.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    const paths: string[] = []
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() && depth > 0 && !entry.name.startsWith('.'))
        queue.push({ folder: join(folder, entry.name), depth: depth - 1 })
      if (entry.isFile()) paths.push(join(folder, entry.name))
    }
    const room = paths.slice(0, maxFilesPerPlace - seen)
    seen += room.length
    const found = await Promise.all(room.map((path) => stat(path).catch(() => null)))
    found.forEach((info, i) => {
      if (info && sizes.has(info.size)) pushTo(bySize, info.size, room[i])
    })
  }
  return bySize
}
