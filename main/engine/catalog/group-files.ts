import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { firstLine } from '../stations/index.ts'
import { dateRules } from './date-rules.ts'
import { stemOf } from './list-files.ts'

/** Files that were dropped and seem to be of one product. */
export interface FileGroup {
  readonly kind: 'rasters' | 'tables' | 'ismn'
  /** File name with `…` where the files differ. */
  readonly title: string
  readonly folder: string
  /** Absolute, sorted; of an ISMN folder the folder itself. */
  readonly paths: readonly string[]
  readonly files: number
  readonly bytes: number
}

interface Found {
  readonly path: string
  readonly bytes: number
  /** The dropped folder it lies in; null for a file that was dropped by itself. */
  readonly root: string | null
}

const mostFiles = 200_000
/** Belongs to another file, or tells of one. */
const passedOver = /\.(aux\.xml|ovr|msk|tfw|tifw|hdr|prj|xml|md|qml|sld|cpg|loam|lock|part|pdf|docx?|png|jpe?g)$/i
const isTable = /\.(csv|tsv|txt)(\.gz)?$/i

/** Sorts files, and all files of folders, into groups that each make one product: names that differ in dates and running numbers
 *  only, tables with the same heading, station files of ISMN.
 *  @throws not_found, too_large */
export async function groupFiles(paths: readonly string[], signal?: AbortSignal): Promise<FileGroup[]> {
  const found = await gather(paths, signal)
  const groups = new Map<string, Found[]>()
  for (const file of found) {
    const key = await keyOf(file)
    const group = groups.get(key)
    if (group) group.push(file)
    else groups.set(key, [file])
  }
  return [...groups].map(([key, files]) => groupOf(key, files)).sort((a, b) => (a.title < b.title ? -1 : 1))
}

async function gather(paths: readonly string[], signal?: AbortSignal): Promise<Found[]> {
  const found = new Map<string, Found>()
  const add = (path: string, bytes: number, root: string | null): void => {
    const name = basename(path)
    if (name.startsWith('.') || passedOver.test(name)) return
    if (found.size >= mostFiles)
      throw new LoamError('too_large', `More than ${mostFiles} files were given. Drop a part of them at a time.`)
    found.set(path, { path, bytes, root })
  }
  for (const given of paths) {
    const path = resolve(given)
    const facts = await stat(path).catch(() => null)
    if (!facts) throw new LoamError('not_found', `${given} does not exist any more. Drop it again.`, { file: given })
    if (!facts.isDirectory()) {
      add(path, facts.size, null)
      continue
    }
    const queue = [path]
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
      signal?.throwIfAborted()
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
      for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        const inside = join(folder, entry.name)
        if (entry.name.startsWith('.')) continue
        // A link to a folder may lead in a circle; one to a file is a file.
        if (entry.isDirectory()) queue.push(inside)
        else if (entry.isFile() || entry.isSymbolicLink()) {
          const info = await stat(inside).catch(() => null)
          if (info?.isFile()) add(inside, info.size, path)
        }
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function keyOf({ path, root }: Found): Promise<string> {
  const name = basename(path)
  const folder = dirname(path)
  if (/\.stm$/i.test(name)) return `ismn\n${root ?? path}`
  if (isTable.test(name)) {
    const heading = /\.gz$/i.test(name) ? null : await firstLine(path).catch(() => null)
    return `tables\n${folder}\n${extname(name)}\n${heading ?? name}`
  }
  const { text, hasDate } = withoutDates(stemOf(name))
  const parts = hasDate ? folder.split(/[\\/]/).map((part) => withoutDates(part).text) : [folder]
  return `rasters\n${parts.join('/')}\n${hasDate ? text : stemOf(name)}\n${extname(name).toLowerCase()}`
}

/** A name with its dates and long running numbers, such as orbits and times of processing, as `…`. */
export function withoutDates(name: string): { text: string; hasDate: boolean } {
  let hasDate = false
  let text = name
  for (const rule of dateRules)
    text = text.replace(new RegExp(rule.pattern.source, 'g'), (...found: unknown[]) => {
      const match = found.slice(
        0,
        found.findIndex((each) => typeof each === 'number'),
      ) as unknown as RegExpExecArray
      if (rule.decode(match) === null) return match[0]
      hasDate = true
      return '…'
    })
  if (/^(?:19|20)\d{2}$/.test(name) || /^\d{1,3}$/.test(name)) return { text: '…', hasDate: false }
  return { text: hasDate ? text.replace(/…T?\d{4,6}Z?/g, '…').replace(/\d{5,}/g, '…') : text, hasDate }
}

function groupOf(key: string, files: readonly Found[]): FileGroup {
  const [kind] = key.split('\n') as [FileGroup['kind']]
  const [first] = files
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const facts = { kind, files: files.length, bytes }
  if (kind === 'ismn') {
    const place = first.root ?? first.path
    return { ...facts, title: basename(place), folder: dirname(place), paths: [place] }
  }
  const paths = files.map(({ path }) => path)
  const name = basename(first.path)
  const ending = extname(name)
  const title =
    files.length === 1 ? name : kind === 'tables' ? `*${ending}` : `${withoutDates(stemOf(name)).text}${ending}`
  return { ...facts, title, folder: dirname(first.path), paths }
}
