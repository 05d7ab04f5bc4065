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
 *  @param places searched in order until everything is found */
export async function findByContent(
  wanted: readonly SourceFile[],
  places: readonly SearchPlace[],
): Promise<Map<SourceFile, string>> {
  const found = new Map<SourceFile, string>()
  const hashes = new Map<string, string | null>()
  const hashOnce = async (path: string) => {
    // A candidate that cannot be read is not the file we look for.
    if (!hashes.has(path)) hashes.set(path, await hashFile(path).catch(() => null))
    return hashes.get(path)
  }
  for (const place of places) {
    const missing = wanted.filter((file) => !found.has(file))
    if (missing.length === 0) break
    const bySize = await filesBySize(place, new Set(missing.map((file) => file.bytes)))
    for (const file of missing) {
      const name = basename(file.path)
      const candidates = bySize.get(file.bytes) ?? []
      const sameNameFirst = candidates.toSorted((a, b) => Number(basename(b) === name) - Number(basename(a) === name))
      for (const path of sameNameFirst)
        if ((await hashOnce(path)) === file.sha256) {
          found.set(file, path)
          break
        }
    }
  }
  return found
}

/** Paths below a folder whose size is one of `sizes`, sorted, so that the choice among equals is always the same. */
async function filesBySize(place: SearchPlace, sizes: ReadonlySet<number>): Promise<Map<number, string[]>> {
  const bySize = new Map<number, string[]>()
  let seen = 0
  const queue: SearchPlace[] = [place]
  for (let next = queue.shift(); next && seen < maxFilesPerPlace; next = queue.shift()) {
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
      if (!info || !sizes.has(info.size)) return
      bySize.set(info.size, [...(bySize.get(info.size) ?? []), room[i]])
    })
  }
  return bySize
}
