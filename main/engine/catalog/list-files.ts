import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'

const rasterEnding = /\.(tiff?|nc4?|cdf|hdf5?|h4|h5|he5|asc|img|bil|grd|grb2?|jp2|dat|map|sdat|hgt|dem)$/i
const sideFile = /\.(aux\.xml|ovr|msk|tfw|hdr|prj|xml)$/i

/** The files a dataset is made of, sorted by name: files as given, and of each folder those that match the pattern.
 *  @param pattern `*` and `?` stand for any characters of the name, `{a,b}` for either; default everything that has a
 *  raster's ending
 *  @throws not_found when a path does not exist or nothing matches */
export async function listFiles(paths: readonly string[], pattern?: string): Promise<string[]> {
  const wanted = pattern === undefined ? null : globPattern(pattern)
  const files: string[] = []
  for (const path of paths) {
    const absolute = resolve(path)
    const facts = await stat(absolute).catch(() => null)
    if (!facts)
      throw new LoamError('not_found', `${path} does not exist. Loam needs a raster file or a folder of them there.`, {
        file: path,
      })
    if (!facts.isDirectory()) {
      files.push(absolute)
      continue
    }
    const names = (await readdir(absolute, { withFileTypes: true }))
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .filter((name) => !sideFile.test(name) && (wanted ? wanted.test(name) : rasterEnding.test(name)))
      // By code unit, so that the order is the same in every locale.
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    if (names.length === 0)
      throw new LoamError(
        'not_found',
        `${path} holds no ${pattern === undefined ? 'raster file' : `file that matches "${pattern}"`}. Check the folder` +
          `${pattern === undefined ? '' : ' and the pattern'}.`,
        { folder: path, pattern },
      )
    files.push(...names.map((name) => join(absolute, name)))
  }
  return [...new Set(files)]
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source.replace(/\{([^{}]*)\}/g, (_, inside: string) => `(?:${inside.replaceAll(',', '|')})`)}$`)
}

/** File name without folder and ending. */
export function stemOf(path: string): string {
  return basename(path).replace(/\.(nc|tif|tiff|hdf|h5|asc|img|DBL|[a-z0-9]{1,4})$/i, '')
}
