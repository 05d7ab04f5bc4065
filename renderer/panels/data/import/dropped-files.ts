export interface DroppedFile {
  readonly file: File
  /** Folders of the drop and the name, `/` between. */
  readonly path: string
}

/** All files of a drop, folders read to their bottom; hidden files are left out. Call it within the drop event: the browser
 *  empties the list after it. */
export function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  const read = [...transfer.items].map(async (item): Promise<DroppedFile[]> => {
    if (item.kind !== 'file') return []
    const entry = item.webkitGetAsEntry()
    const file = item.getAsFile()
    if (entry?.isDirectory) return filesBelow(entry, '')
    return file ? [{ file, path: file.name }] : []
  })
  return Promise.all(read).then((found) => distinct(found.flat()))
}

/** Files of one name from different folders, as a search lists them, get folders of their own. */
function distinct(files: readonly DroppedFile[]): DroppedFile[] {
  const times = new Map<string, number>()
  return files.map(({ file, path }) => {
    const before = times.get(path) ?? 0
    times.set(path, before + 1)
    return { file, path: before === 0 ? path : `${before + 1}/${path}` }
  })
}

/** Where what was dropped lies on this machine, folders as one; null in a browser, which does not tell. */
export function droppedPaths(transfer: DataTransfer): string[] | null {
  const bridge = window.loam
  if (!bridge) return null
  const paths = [...transfer.files].map((file) => bridge.pathOf(file))
  return paths.length > 0 && paths.every((path) => path !== '') ? paths : null
}

async function filesBelow(entry: FileSystemEntry, above: string): Promise<DroppedFile[]> {
  if (entry.name.startsWith('.')) return []
  const path = above === '' ? entry.name : `${above}/${entry.name}`
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ file, path }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const inside: FileSystemEntry[] = []
  for (;;) {
    // Browsers hand over a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) break
    inside.push(...some)
  }
  return (await Promise.all(inside.map((each) => filesBelow(each, path)))).flat()
}
