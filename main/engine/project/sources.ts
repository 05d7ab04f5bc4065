import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { SourceFile } from '../../contract/index.ts'
import { hashFile } from '../files/index.ts'
import { findByContent } from './find-by-content.ts'
import type { SearchPlace } from './find-by-content.ts'

/** Files of a dataset (absolute paths) as they are found now. */
export interface FoundSources {
  /** All files, in order, with the path and time of writing that hold now. */
  readonly files: SourceFile[]
  /** Position → file, for those that moved or were merely written anew with the same contents. */
  readonly changed: Map<number, SourceFile>
  /** Position → old path, for those whose path is new. */
  readonly moved: Map<number, string>
  /** Files found nowhere. */
  readonly missing: SourceFile[]
}

/** The files of one dataset as they are found now. */
export interface LocatedDataset extends FoundSources {
  readonly dataset: string
}

export interface RelinkReport {
  readonly found: { readonly dataset: string; readonly from: string; readonly to: string }[]
  readonly missing: { readonly dataset: string; readonly path: string }[]
}

/** What was found where, file by file. */
export function relinkReport(located: readonly LocatedDataset[]): RelinkReport {
  return {
    found: located.flatMap(({ dataset, files, moved }) =>
      Array.from(moved, ([i, from]) => ({ dataset, from, to: files[i].path })),
    ),
    missing: located.flatMap(({ dataset, missing }) => missing.map(({ path }) => ({ dataset, path }))),
  }
}

/** Looks whether every file is still what was added: same size and time of writing, or else same contents. Missing ones
 *  are searched for by size and SHA-256, so a renamed file is found too, and one of the same name that differs is not.
 *  @throws input_changed naming the files whose contents are others */
export async function findSources(
  files: readonly SourceFile[],
  places: readonly SearchPlace[],
  signal?: AbortSignal,
): Promise<FoundSources> {
  const states = await Promise.all(files.map(judge))
  const differing = files.filter((_, i) => states[i] === 'differs')
  if (differing.length > 0) throw inputChanged(differing)
  const result: FoundSources = { files: [...files], changed: new Map(), moved: new Map(), missing: [] }
  const take = (i: number, file: SourceFile) => {
    result.files[i] = file
    result.changed.set(i, file)
  }
  states.forEach((state, i) => {
    if (typeof state === 'object') take(i, state)
  })
  const missing = files.flatMap((_, i) => (states[i] === 'missing' ? [i] : []))
  if (missing.length === 0) return result
  const found = await findByContent(
    missing.map((i) => files[i]),
    places,
    signal,
  )
  for (const i of missing) {
    const path = found.get(files[i])
    if (path === undefined) {
      result.missing.push(files[i])
      continue
    }
    result.moved.set(i, files[i].path)
    take(i, { ...files[i], path, modifiedMs: (await stat(path)).mtimeMs })
  }
  return result
}

/** The refusal to go on without some files.
 *  @param where the places that were searched, in words */
export function sourceMissing(
  dataset: string,
  missing: readonly SourceFile[],
  where: readonly string[],
  projectPath: string,
): LoamError {
  const names = missing.map((file) => file.path)
  return new LoamError(
    'source_missing',
    `${count(missing.length)} of dataset "${dataset}" cannot be found: ${list(names)}. Looked for the same contents in ` +
      `${where.join(', ')}. If the files were moved elsewhere: loam relink "${projectPath}" FOLDER`,
    { dataset, files: names, where: [...where] },
  )
}

function inputChanged(differing: readonly SourceFile[]): LoamError {
  const names = differing.map((file) => file.path)
  return new LoamError(
    'input_changed',
    `${count(differing.length)} no longer has the contents it was added with: ${list(names)}. Put the old file back, or ` +
      'add the dataset again (replace) and run again.',
    { files: names },
  )
}

/** A second's coarse clock (FAT keeps 2 s) only costs a hash, never an answer. */
const sameTimeMs = 1

/** Whether a file is still what was added; the file with its new time of writing when only that is another. */
export async function judge(file: SourceFile): Promise<'same' | 'differs' | 'missing' | SourceFile> {
  const now = await stat(file.path).catch(() => null)
  if (!now?.isFile()) return 'missing'
  if (now.size !== file.bytes) return 'differs'
  if (Math.abs(now.mtimeMs - file.modifiedMs) < sameTimeMs) return 'same'
  const hash = await hashFile(file.path)
  return hash === file.sha256 ? { ...file, modifiedMs: now.mtimeMs } : 'differs'
}

function count(n: number): string {
  return n === 1 ? 'A file' : `${n} files`
}

function list(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(', ')
  return paths.length > 3
    ? `${shown} and ${paths.length - 3} more (such as ${basename(paths[paths.length - 1])})`
    : shown
}
