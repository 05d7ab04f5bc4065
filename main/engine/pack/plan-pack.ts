import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { LeftOutside, PackedData } from '../../contract/index.ts'
import type { Project } from '../project/index.ts'
import { placesFile } from '../runs/index.ts'
import { dataFiles } from './data-files.ts'
import { inPack } from './packed-file.ts'
import type { PackedFile } from './packed-file.ts'

export interface PackPlan {
  readonly files: readonly PackedFile[]
  readonly outside: readonly LeftOutside[]
  /** Of the files; the project file and the texts come on top. */
  readonly bytes: number
}

/** What a pack of a project would hold and what stays outside. The project file and its texts are made when it is written. */
export async function planPack(project: Project, data: PackedData): Promise<PackPlan> {
  const outside: LeftOutside[] = []
  const files = [
    ...(await dataFiles(project, data, outside)),
    ...(await runFiles(project, outside)),
    ...(await ownFiles(project, outside)),
  ]
  // A file of two datasets may be wanted as one of them only.
  const packed = new Set(files.map(({ from }) => from))
  return {
    files,
    outside: outside.filter(({ path }) => !packed.has(path)),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/** Everything in the folders of the runs, but where their inputs lie on this machine. */
async function runFiles(project: Project, outside: LeftOutside[]): Promise<PackedFile[]> {
  const found: PackedFile[] = []
  for (const run of project.runs()) {
    const inside = await filesBelow(run.folder)
    if (inside === null)
      outside.push({ path: run.folder, why: `the folder of run ${run.id}, which is not there`, sha256: null })
    const hashes = new Map(project.artefacts(run.id).map(({ path, hash }) => [path, hash]))
    for (const { path, bytes } of inside ?? []) {
      if (path === join(run.folder, placesFile)) continue
      const to = `${runPlace(project, run.id)}/${inPack(run.folder, path)}`
      found.push({ from: path, to, bytes, sha256: hashes.get(path) ?? null })
    }
  }
  return found
}

/** Pictures of the report and of the map, and how full each date is; what is computed once more when needed stays. */
async function ownFiles(project: Project, outside: LeftOutside[]): Promise<PackedFile[]> {
  const stem = basename(project.path, '.loam')
  const wanted = [
    ...project.workspace().document.figures.map(({ file }) => join(project.folder, file)),
    join(project.storeFolder, 'map.png'),
    ...((await filesBelow(join(project.storeFolder, 'coverage'))) ?? []).map(({ path }) => path),
  ]
  const found: PackedFile[] = []
  for (const path of wanted) {
    const info = await stat(path).catch(() => null)
    const to = inPack(project.folder, path)
    if (info?.isFile() && !to.startsWith('..')) found.push({ from: path, to, bytes: info.size, sha256: null })
  }
  for (const part of ['parts', 'tiles'])
    if (await stat(join(project.storeFolder, part)).catch(() => null))
      outside.push({
        path: join(project.storeFolder, part),
        why: `intermediate results of ${stem}; they are computed again when they are needed`,
        sha256: null,
      })
  return found
}

/** Where a run lies in the pack, relative to it. */
export function runPlace(project: Project, id: string): string {
  return `${basename(project.path, '.loam')}-runs/${id}`
}

async function filesBelow(folder: string): Promise<{ path: string; bytes: number }[] | null> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => null)
  if (!entries) return null
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      return { path, bytes: (await stat(path)).size }
    }),
  )
}
