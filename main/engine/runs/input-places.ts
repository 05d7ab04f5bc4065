import { readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { RasterDataset, SourceFile } from '../../contract/index.ts'
import { publishBytes } from '../files/index.ts'

/** Beside a plan: where its inputs lie now, by SHA-256, when that is not where they lay when it was made. What a plan's id is made of is
 *  never touched; this file is found anew whenever files move, so it is no part of the run's record and may be removed. */
export const placesFile = 'places.json'

interface InputPlace {
  readonly sha256: string
  /** Relative to the run's folder, `/` between parts. */
  readonly path: string
  readonly modifiedMs: number
}

/** @param files with the absolute paths that hold now */
export async function writePlaces(folder: string, files: readonly SourceFile[]): Promise<void> {
  const bySha256 = new Map<string, InputPlace>()
  for (const { path, sha256, modifiedMs } of files)
    bySha256.set(sha256, { sha256, path: relative(folder, path).split(sep).join('/'), modifiedMs })
  await publishBytes(join(folder, placesFile), `${JSON.stringify([...bySha256.values()], null, 1)}\n`)
}

/** The datasets of a plan, absolute paths, with the places their files were found in since. A damaged file says nothing: the inputs are
 *  looked for again then. */
export async function withPlaces(
  folder: string,
  datasets: readonly RasterDataset[],
): Promise<readonly RasterDataset[]> {
  const text = await readFile(join(folder, placesFile), 'utf8').catch(() => null)
  if (text === null) return datasets
  const places = new Map(parsePlaces(text).map((place) => [place.sha256, place]))
  return datasets.map((dataset) => ({
    ...dataset,
    files: dataset.files.map((file) => {
      const place = places.get(file.sha256)
      return place ? { ...file, path: resolve(folder, place.path), modifiedMs: place.modifiedMs } : file
    }),
  }))
}

function parsePlaces(text: string): InputPlace[] {
  try {
    const found: unknown = JSON.parse(text)
    return Array.isArray(found) ? found.filter(isPlace) : []
  } catch {
    return []
  }
}

function isPlace(value: unknown): value is InputPlace {
  if (value === null || typeof value !== 'object') return false
  const { sha256, path, modifiedMs } = value as Record<string, unknown>
  return typeof sha256 === 'string' && typeof path === 'string' && typeof modifiedMs === 'number'
}
