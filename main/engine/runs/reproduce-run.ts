import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { RunEvent } from '../../contract/index.ts'
import { hashFile } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import { placeInputs } from './place-inputs.ts'
import { readStationInputs, writePlan } from './plan.ts'
import { runInProcess } from './run-session.ts'
import { readResults } from './write-results.ts'

/** A file of a run, relative to its folder, with the SHA-256 it had and has; `is` null when it was not made. */
export interface ComparedFile {
  readonly file: string
  readonly was: string
  readonly is: string | null
}

/** Computes a finished run's plan once more in a folder and a store of its own, compares every file byte for byte (by SHA-256)
 *  with what the run recorded, and removes the copy. Inputs that lie elsewhere by now are found by dataset and contents; nothing
 *  of what the run recorded is changed.
 *  @returns every file; the results last: when a map differs, that is the news, not that the results tell another hash of it
 *  @throws incomplete when the run has no results; source_missing, input_changed; cancelled */
export async function reproduceRun(
  folder: string,
  project: Project,
  options: {
    readonly workers: number
    readonly cacheBytes: number
    readonly signal: AbortSignal
    readonly onEvent: (event: RunEvent) => void
  },
): Promise<ComparedFile[]> {
  const expected = (await readResults(folder)).files
  const { id, ...plan } = await placeInputs(folder, project, options.signal)
  const inputs = await readStationInputs(folder, { ...plan, id })
  // Beside the run: on the same disk, and found by whoever wonders what a killed process left. A project on a write-protected medium
  // or of somebody else is checked all the same.
  const place = await mkdtemp(join(dirname(folder), '.reproduce-')).catch(() =>
    mkdtemp(join(tmpdir(), 'loam-reproduce-')),
  )
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
    const files = [
      ...expected.map(({ path, sha256 }) => ({ file: relative(folder, path), was: sha256 })),
      { file: 'results.json', was: await hashFile(join(folder, 'results.json')) },
    ]
    const compared: ComparedFile[] = []
    for (const { file, was } of files)
      compared.push({ file, was, is: await hashFile(join(copy, file)).catch(() => null) })
    return compared
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
