import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { RunEvent } from '../../contract/index.ts'
import { hashFile } from '../files/index.ts'
import { readPlan, readStationInputs, writePlan } from './plan.ts'
import { runInProcess } from './run-session.ts'
import { readResults } from './write-results.ts'

export interface ReproducedRun {
  readonly isIdentical: boolean
  readonly files: number
  /** The first file that differs, relative to the run's folder, with the hashes it had and has; `is` null when it was not made. */
  readonly firstDifference: { readonly file: string; readonly was: string; readonly is: string | null } | null
}

/** Computes a finished run's plan once more in a folder and a store of its own, compares every file byte for byte (by SHA-256)
 *  with what the run recorded, and removes the copy.
 *  @throws incomplete when the run has no results; source_missing, input_changed; cancelled */
export async function reproduceRun(
  folder: string,
  options: {
    readonly workers: number
    readonly cacheBytes: number
    readonly signal: AbortSignal
    readonly onEvent: (event: RunEvent) => void
  },
): Promise<ReproducedRun> {
  const expected = (await readResults(folder)).files
  const { id: _id, ...plan } = await readPlan(folder)
  const inputs = await readStationInputs(folder, { ...plan, id: _id })
  // Beside the run: on the same disk, and found by whoever wonders what a killed process left.
  const place = await mkdtemp(join(dirname(folder), '.reproduce-'))
  try {
    const copy = join(place, 'run')
    const store = join(place, 'store')
    await mkdir(join(copy, 'inputs'), { recursive: true })
    await mkdir(join(store, 'parts'), { recursive: true })
    await writePlan(
      copy,
      { ...plan, store },
      plan.stationInputs.map(({ name }) => inputs.get(name)!),
    )
    await runInProcess(copy, { ...options, estimate: null })
    // The results last: when a map differs, that is the news, not that the results tell another hash of it.
    const files = [
      ...expected.map(({ path, sha256 }) => ({ file: relative(folder, path), was: sha256 })),
      { file: 'results.json', was: await hashFile(join(folder, 'results.json')) },
    ]
    for (const { file, was } of files) {
      const is = await hashFile(join(copy, file)).catch(() => null)
      if (is !== was) return { isIdentical: false, files: files.length, firstDifference: { file, was, is } }
    }
    return { isIdentical: true, files: files.length, firstDifference: null }
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
