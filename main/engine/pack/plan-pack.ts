import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import type { LeftOutside, PackedData } from '../../contract/index.ts'
import type { Project } from '../project/index.ts'

export interface PackedFile {
  /** Absolute, where it lies now. */
  readonly from: string
  /** In the pack, `/` between parts. */
  readonly to: string
  readonly bytes: number
  /** As the project knows it; null where it keeps none. */
  readonly sha256: string | null
}

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
  return { files, outside, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** Below `data/<dataset>/`, folders that tell files of one name apart kept. A file of two datasets goes along once. */
async function dataFiles(project: Project, data: PackedData, outside: LeftOutside[]): Promise<PackedFile[]> {
  const found = new Map<string, PackedFile>()
  const isUsed = data === 'used' ? usedNames(project) : () => data === 'all'
  for (const { name } of project.datasets()) {
    const { files } = project.storedDataset(name)
    const top = commonFolder(files.map(({ path }) => path))
    for (const { path, bytes, sha256 } of files) {
      if (found.has(path)) continue
      const isThere = await stat(path).then(
        (info) => info.isFile(),
        () => false,
      )
      if (!isUsed(name)) outside.push({ path, why: `data of ${name}, which were not wanted in the pack`, sha256 })
      else if (!isThere)
        outside.push({ path, why: `a file of ${name} that is not there or lies in an archive`, sha256 })
      else {
        const to = `data/${fileWord(name)}/${relative(top, path).split(sep).join('/')}`
        found.set(path, { from: path, to, bytes, sha256 })
      }
    }
  }
  for (const { name } of project.stationSets())
    for (const { path, sha256 } of project.stationSet(name).sources)
      outside.push({ path, why: `the table of ${name}; its observations are in the project file`, sha256 })
  return [...found.values()]
}

/** Whether the recipe in the making, a layer or a run names a dataset. */
function usedNames(project: Project): (name: string) => boolean {
  const { recipe, layers, masks } = project.workspace().document
  const texts = [
    JSON.stringify([recipe, layers.map(({ source }) => source), masks]),
    ...project.runs().map(({ recipeHash }) => JSON.stringify(project.recipe(recipeHash))),
  ]
  return (name) => texts.some((text) => text.includes(JSON.stringify(name)) || text.includes(`"${name}.`))
}

/** Everything in the folders of the runs. */
async function runFiles(project: Project, outside: LeftOutside[]): Promise<PackedFile[]> {
  const found: PackedFile[] = []
  for (const run of project.runs()) {
    const inside = await filesBelow(run.folder)
    if (inside === null)
      outside.push({ path: run.folder, why: `the folder of run ${run.id}, which is not there`, sha256: null })
    const hashes = new Map(project.artefacts(run.id).map(({ path, hash }) => [path, hash]))
    for (const { path, bytes } of inside ?? []) {
      const to = `${runPlace(project, run.id)}/${relative(run.folder, path).split(sep).join('/')}`
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
    const to = relative(project.folder, path).split(sep).join('/')
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

function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths.map((path) => path.split(sep).slice(0, -1))
  const parts = typeof first === 'string' ? [] : first
  const shared = others.reduce((count, other) => {
    let same = 0
    while (same < count && other[same] === parts[same]) same++
    return same
  }, parts.length)
  return parts.slice(0, shared).join(sep) || sep
}

const fileWord = (name: string): string => name.replace(/[^\p{L}\p{N}_-]+/gu, '_')
