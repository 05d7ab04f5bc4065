import { readdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'

/** Endings of the files that GDAL's drivers read along with a raster: headers (ENVI, EHdr, SAGA, Idrisi, ILWIS), cells beside a header
 *  (R raster, ERDAS), projections, world files, statistics and notes. Overviews and masks in a second file are not read by Loam. */
const endings = [
  'hdr',
  'prj',
  'wld',
  'tfw',
  'tifw',
  'j2w',
  'stx',
  'clr',
  'aux',
  'aux.xml',
  'rdc',
  'sgrd',
  'mgrd',
  'gri',
  'ige',
  'mp#',
  'csy',
  'grf',
]

/** The files beside each raster without which it would read otherwise, or not at all, in another folder.
 *  @param paths absolute
 *  @returns absolute paths, by raster; those without companions are absent */
export async function companionFiles(paths: readonly string[]): Promise<Map<string, string[]>> {
  const listings = new Map<string, Map<string, string>>()
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    // A folder that is gone holds nothing.
    const names = await readdir(folder).catch(() => [])
    listings.set(folder, new Map(names.map((name) => [name.toLowerCase(), name])))
  }
  const found = new Map<string, string[]>()
  for (const path of paths) {
    const folder = dirname(path)
    const name = basename(path)
    const stem = name.slice(0, name.length - extname(name).length)
    const wanted = [name, stem].flatMap((start) => endings.map((ending) => `${start}.${ending}`.toLowerCase()))
    const listing = listings.get(folder)!
    const companions = wanted.flatMap((each) => listing.get(each) ?? []).filter((each) => each !== name)
    if (companions.length > 0)
      found.set(
        path,
        companions.map((each) => join(folder, each)),
      )
  }
  return found
}
