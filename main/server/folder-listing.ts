import { readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, parse, resolve } from 'node:path'
import { homedir } from 'node:os'
import { LoamError } from '../contract/index.ts'
import type { FolderListing, Place } from '../contract/index.ts'
import { requireWholePath } from './whole-path.ts'

const mostEntries = 5000

/** What a folder holds, for choosing inputs.
 *  @param globs `*.tif,*.nc`; folders are always listed
 *  @throws not_found; bad_input for a path that is not whole */
export async function listFolder(path: string, globs: string | undefined): Promise<FolderListing> {
  requireWholePath(path)
  const folder = resolve(path)
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw new LoamError('not_found', `There is no folder ${folder}. Choose another.`, { path: folder })
  const patterns = (globs ?? '').split(',').flatMap((glob) => (glob.trim() ? [glob.trim().toLowerCase()] : []))
  const isWanted = (name: string): boolean =>
    patterns.length === 0 || patterns.some((pattern) => matches(name.toLowerCase(), pattern))
  const found = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort(byName)
  const entries = (
    await Promise.all(
      found.map(async (name) => {
        // A link that leads nowhere is not listed.
        const info = await stat(join(folder, name)).catch(() => null)
        if (!info || (!info.isDirectory() && !(info.isFile() && isWanted(name)))) return []
        const isFolder = info.isDirectory()
        return [
          { name, path: join(folder, name), isFolder, bytes: isFolder ? 0 : info.size, modifiedAtMs: info.mtimeMs },
        ]
      }),
    )
  ).flat()
  const sorted = [...entries.filter(({ isFolder }) => isFolder), ...entries.filter(({ isFolder }) => !isFolder)]
  const parent = dirname(folder)
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    entries: sorted.slice(0, mostEntries),
    left: Math.max(0, sorted.length - mostEntries),
  }
}

/** Where choosing begins: home, the project's folder, drives that are there. */
export async function places(projectFolder: string | null): Promise<Place[]> {
  const found: Place[] = [{ name: 'Home', path: homedir(), kind: 'home' }]
  if (projectFolder) found.push({ name: 'Project', path: projectFolder, kind: 'project' })
  if (process.platform === 'win32')
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
      if (await isFolder(`${letter}:\\`)) found.push({ name: `${letter}:`, path: `${letter}:\\`, kind: 'drive' })
    }
  else {
    found.push({ name: parse(homedir()).root, path: parse(homedir()).root, kind: 'drive' })
    for (const mounts of ['/media', '/mnt', '/run/media', '/Volumes'])
      for (const name of await readdir(mounts).catch(() => []))
        if (await isFolder(join(mounts, name)))
          found.push({ name, path: await realpath(join(mounts, name)), kind: 'drive' })
  }
  return found
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare

/** `*` stands for any characters, `?` for one. */
function matches(name: string, glob: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${pattern}$`, 'su').test(name)
}
