import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { RasterDataset, SourceFile } from '../../contract/index.ts'
import { findByContent } from './find-by-content.ts'
import type { SearchPlace } from './find-by-content.ts'
import { judge } from './sources.ts'

/** A file as a run read it, of the dataset that was called so then. */
export interface WantedFile {
  readonly dataset: string
  /** Its path is where it lay then. */
  readonly file: SourceFile
}

export interface FoundFile {
  /** With the path and time of writing that hold now; null when the contents are nowhere. */
  readonly file: SourceFile | null
  /** A file that stands where it should be and has other contents. Null where there is none. */
  readonly differing: string | null
  /** Where the project's datasets say these contents are, there or not; null when none of them has these contents. */
  readonly recorded: string | null
}

/** Finds files by their contents, whatever became of the datasets they came from: where they were, then where a dataset of the
 *  project has the same contents, then by size and SHA-256 in a folder and below.
 *  @returns one for each that is wanted, in that order
 *  @throws the signal's reason */
export async function findWanted(
  wanted: readonly WantedFile[],
  datasets: readonly RasterDataset[],
  place: SearchPlace,
  signal?: AbortSignal,
): Promise<FoundFile[]> {
  const records = new Map<string, SourceFile[]>()
  for (const file of datasets.flatMap(({ files }) => files)) {
    const same = records.get(file.sha256)
    if (same) same.push(file)
    else records.set(file.sha256, [file])
  }
  const recordedNow = new Map<string, Promise<State>>()
  const found: FoundFile[] = []
  // One after the other: a file whose time of writing is another is read whole.
  for (const { dataset, file } of wanted) {
    signal?.throwIfAborted()
    const own = await lookAt([file])
    const recorded = records.get(file.sha256) ?? []
    if (!own.now && !recordedNow.has(file.sha256)) recordedNow.set(file.sha256, lookAt(recorded))
    const other = own.now ? own : await recordedNow.get(file.sha256)!
    found.push({
      file: other.now,
      differing: other.now ? null : (own.differing ?? other.differing ?? namesake(datasets, dataset, file)),
      recorded: recorded[0]?.path ?? null,
    })
  }
  const missing = wanted.flatMap(({ file }, i) => (found[i].file ? [] : [file]))
  if (missing.length === 0) return found
  const elsewhere = await findByContent(missing, [place], signal)
  return Promise.all(
    found.map(async (each, i) => {
      const path = elsewhere.get(wanted[i].file)
      if (path === undefined) return each
      const file = { ...wanted[i].file, path, modifiedMs: (await stat(path)).mtimeMs }
      return { ...each, file, differing: null }
    }),
  )
}

interface State {
  readonly now: SourceFile | null
  readonly differing: string | null
}

/** The first of some places where the contents are what was recorded there.
 *  @param candidates of the same contents */
async function lookAt(candidates: readonly SourceFile[]): Promise<State> {
  let differing: string | null = null
  for (const candidate of candidates) {
    const state = await judge(candidate)
    if (state === 'same') return { now: candidate, differing: null }
    if (typeof state === 'object') return { now: state, differing: null }
    if (state === 'differs') differing ??= candidate.path
  }
  return { now: null, differing }
}

/** The file of that name in the dataset of that name: when the dataset was added anew with other contents, that is what to tell. */
function namesake(datasets: readonly RasterDataset[], name: string, { path, sha256 }: SourceFile): string | null {
  const files = datasets.find((dataset) => dataset.name === name)?.files ?? []
  const other = files.find((file) => file.sha256 !== sha256 && basename(file.path) === basename(path))
  return other && existsSync(other.path) ? other.path : null
}
