import { stat } from 'node:fs/promises'
import { basename, sep } from 'node:path'
import type { LeftOutside, PackedData } from '../../contract/index.ts'
import { hashFile } from '../files/index.ts'
import type { Project } from '../project/index.ts'
import { companionFiles } from '../raster/index.ts'
import { inPack, isFile } from './packed-file.ts'
import type { PackedFile } from './packed-file.ts'
import { runInputs } from './run-inputs.ts'
import type { RunInput } from './run-inputs.ts'

/** Below `data/<dataset>/`, folders that tell files of one name apart kept. A file of two datasets goes along once; what a run was
 *  computed from goes along although the project holds it no more. */
export async function dataFiles(project: Project, data: PackedData, outside: LeftOutside[]): Promise<PackedFile[]> {
  const found = new Map<string, PackedFile>()
  const inputs = await runInputs(project)
  const isNamed = usedNames(project)
  const folderOf = distinctFolders()
  const held = new Set<string>()
  for (const { name } of project.datasets()) {
    const { files } = project.storedDataset(name)
    const isWanted =
      data === 'all' || (data === 'used' && (isNamed(name) || files.some(({ sha256 }) => inputs.has(sha256))))
    const folder = folderOf(name)
    const top = commonFolder(files.map(({ path }) => path))
    for (const { path, bytes, sha256 } of files) {
      held.add(sha256)
      if (found.has(path)) continue
      const needed = neededBy(inputs.get(sha256))
      if (!isWanted) outside.push({ path, why: `data of ${name}, which were not wanted in the pack${needed}`, sha256 })
      else if (!(await isFile(path)))
        outside.push({ path, why: `a file of ${name} that is not there${needed}`, sha256 })
      else found.set(path, { from: path, to: `data/${folder}/${inPack(top, path)}`, bytes, sha256 })
    }
  }
  const gone = new Map<string, RunInput[]>()
  for (const input of inputs.values()) {
    if (held.has(input.file.sha256)) continue
    const word = `${input.dataset}-${input.runs[0]}`
    gone.set(word, [...(gone.get(word) ?? []), input])
  }
  for (const [word, group] of gone) {
    const folder = folderOf(word)
    const top = commonFolder(group.map(({ file }) => file.path))
    for (const input of group) {
      const { path, bytes, sha256 } = input.file
      if (found.has(path)) continue
      const why = `a file of ${input.dataset} that the project does not hold any more${neededBy(input)}`
      const isThere = data !== 'none' && (await isFile(path)) && (await hashFile(path)) === sha256
      if (!isThere) outside.push({ path, why, sha256 })
      else found.set(path, { from: path, to: `data/${folder}/${inPack(top, path)}`, bytes, sha256 })
    }
  }
  for (const [path, companions] of await companionFiles([...found.keys()])) {
    const { to } = found.get(path)!
    for (const from of companions) {
      if (found.has(from) || !(await isFile(from))) continue
      const beside = `${to.slice(0, to.lastIndexOf('/'))}/${basename(from)}`
      found.set(from, { from, to: beside, bytes: (await stat(from)).size, sha256: null })
    }
  }
  for (const { name } of project.stationSets())
    for (const { path, sha256 } of project.stationSet(name).sources)
      outside.push({ path, why: `the table of ${name}; its observations are in the project file`, sha256 })
  return [...found.values()]
}

/** Which runs cannot be reproduced without a file. */
function neededBy(input: RunInput | undefined): string {
  if (!input) return ''
  const shown = input.runs.slice(0, 3).join(', ')
  return `; reproducing ${input.runs.length > 3 ? `${shown} and ${input.runs.length - 3} more` : shown} needs it`
}

/** Names of folders that differ also where letters' case does not count. */
function distinctFolders(): (name: string) => string {
  const taken = new Map<string, string>()
  return (name) => {
    const word = fileWord(name)
    let folder = word
    for (let i = 2; (taken.get(folder.toLowerCase()) ?? name) !== name; i++) folder = `${word}-${i}`
    taken.set(folder.toLowerCase(), name)
    return folder
  }
}

/** Whether the recipe in the making, a layer or the recipe of a run names a dataset. */
function usedNames(project: Project): (name: string) => boolean {
  const { recipe, layers, masks } = project.workspace().document
  const texts = [
    JSON.stringify([recipe, layers.map(({ source }) => source), masks]),
    ...project.runs().map(({ recipeHash }) => JSON.stringify(project.recipe(recipeHash))),
  ]
  return (name) => texts.some((text) => text.includes(JSON.stringify(name)) || text.includes(`"${name}.`))
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
