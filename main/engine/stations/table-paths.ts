import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { StationList } from './station-list.ts'

/** The tables a path stands for; in a folder every csv, txt, tsv or dat file but the station list, by name. */
export async function tablesOf(path: string | string[], stationsFile: string | undefined): Promise<string[]> {
  const listed = stationsFile === undefined ? null : resolve(stationsFile)
  if (Array.isArray(path)) {
    if (path.length === 0) throw new LoamError('bad_input', 'No table was given. Name at least one file.')
    return path.map((one) => resolve(one))
  }
  const info = await stat(path).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT')
      throw new LoamError('not_found', `There is no file or folder ${path}. Check the path.`, { file: path })
    throw fault
  })
  if (!info.isDirectory()) return [resolve(path)]
  const names = (await readdir(path)).filter((name) => /\.(?:csv|txt|tsv|dat)(?:\.gz)?$/i.test(name)).sort()
  const paths = names.map((name) => resolve(join(path, name))).filter((one) => one !== listed)
  if (paths.length > 0) return paths
  throw new LoamError(
    'not_found',
    `Folder ${path} holds no csv, txt, tsv or dat file. Choose the folder of the tables.`,
    {
      file: path,
    },
  )
}

/** Name of a set that is not given one: the file's or folder's, without its endings. */
export function setName(path: string | string[]): string {
  const one = Array.isArray(path) ? path[0] : path
  return basename(resolve(one)).replace(/(?:\.(?:csv|txt|tsv|dat|gz))+$/i, '')
}

/** Ids for files without a column of stations: the one given, the station of the list the file name holds, or the
 *  file name less the ending all files share. */
export function stationNames(paths: string[], list: StationList | null, station: string | undefined): string[] {
  if (station !== undefined) return paths.map(() => station)
  const stems = paths.map((path) => basename(path).replace(/(?:\.(?:csv|txt|tsv|dat|gz))+$/i, ''))
  const ending = paths.length > 1 ? sharedEnding(stems) : 0
  return stems.map((stem) => {
    const listed = [...(list?.stations.keys() ?? [])]
      .filter((id) =>
        new RegExp(`(?:^|[^A-Za-z0-9])${id.replaceAll(/[^A-Za-z0-9]/g, '\\$&')}(?:[^A-Za-z0-9]|$)`, 'i').test(stem),
      )
      .sort((a, b) => b.length - a.length)
    return listed[0] ?? (ending > 0 ? stem.slice(0, -ending) : stem)
  })
}

/** Length of the ending that all names share, counted from a `_`, `-`, `.` or blank. */
function sharedEnding(names: string[]): number {
  let length = 0
  const [first] = names
  for (let n = 1; n < first.length; n++) {
    const ending = first.slice(-n)
    if (!names.every((name) => name.length > n && name.endsWith(ending))) break
    if (/^[_\-. ]/.test(ending)) length = n
  }
  return length
}
