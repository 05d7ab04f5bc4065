import { importDropped, importPaths } from '../panels/data/import/begin-import.ts'
import type { DroppedItem } from '../panels/data/import/dropped-files.ts'

/** What was dropped on the window: paths on the desktop; in a browser files and folders, whose places it keeps to itself. */
export type Drop = { readonly paths: readonly string[] } | { readonly items: readonly DroppedItem[] }

const isProjectName = (name: string) => name.toLowerCase().endsWith('.loam')

/** The project file among what was dropped, if there is one. */
export function asProject(drop: Drop): string | File | null {
  if ('paths' in drop) return drop.paths.find(isProjectName) ?? null
  const found = drop.items.find((item) => item.kind === 'file' && isProjectName(item.name))
  return found?.kind === 'file' ? found.file : null
}

/** Opens the import sheet on it. */
export function takeDrop(drop: Drop): Promise<void> {
  return 'paths' in drop ? importPaths(drop.paths) : importDropped(drop.items)
}

const namesOf = (drop: Drop): string[] =>
  'paths' in drop
    ? drop.paths.map((path) => path.split(/[\\/]/).findLast((part) => part !== '') ?? path)
    : drop.items.map(({ name }) => name)

/** A name for a project that begins with it: that of the one folder or file, without its ending. */
export function suggestedProjectName(drop: Drop): string {
  const names = namesOf(drop)
  return names.length === 1 ? names[0].replace(/\.[A-Za-z0-9]{1,5}$/, '').trim() : ''
}

/** `days`, or `12 files and folders`. */
export function dropWords(drop: Drop): string {
  const names = namesOf(drop)
  return names.length === 1 ? names[0] : `${names.length} files and folders`
}
