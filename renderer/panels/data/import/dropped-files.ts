/** A file of a drop, before anything of it is read. */
export interface DroppedFile {
  readonly file: File
  /** Folders of the drop and the name, `/` between. */
  readonly path: string
}

/** What was dropped, as it was dropped: a folder is one. */
export type DroppedItem =
  | { readonly kind: 'file'; readonly name: string; readonly file: File }
  | { readonly kind: 'folder'; readonly name: string; readonly folder: FileSystemDirectoryEntry }

/** Files and folders of a drop. Call it within the drop event: the browser empties the list after it. */
export function droppedItems(transfer: DataTransfer): DroppedItem[] {
  return [...transfer.items].flatMap((item): DroppedItem[] => {
    if (item.kind !== 'file') return []
    const entry = item.webkitGetAsEntry()
    if (entry?.isDirectory) return [{ kind: 'folder', name: entry.name, folder: entry as FileSystemDirectoryEntry }]
    const file = item.getAsFile()
    return file ? [{ kind: 'file', name: file.name, file }] : []
  })
}

/** All files of a drop, folders read to their bottom; hidden files are left out.
 *  @param onFound files found so far
 *  @throws the signal's reason; a DOMException for a folder that cannot be read */
export async function filesOf(
  items: readonly DroppedItem[],
  signal: AbortSignal,
  onFound: (files: number) => void,
): Promise<DroppedFile[]> {
  const found: DroppedFile[] = []
  const below: { readonly folder: FileSystemDirectoryEntry; readonly path: string }[] = []
  for (const item of items) {
    if (item.kind === 'file') found.push({ file: item.file, path: item.name })
    else below.push({ folder: item.folder, path: item.name })
  }
  for (let next = below.shift(); next; next = below.shift()) {
    const { folder, path } = next
    for (const entry of await entriesOf(folder, signal)) {
      if (entry.name.startsWith('.')) continue
      const at = `${path}/${entry.name}`
      if (entry.isDirectory) below.push({ folder: entry as FileSystemDirectoryEntry, path: at })
      else found.push({ file: await fileOf(entry as FileSystemFileEntry), path: at })
    }
    signal.throwIfAborted()
    onFound(found.length)
  }
  return distinct(found)
}

async function entriesOf(folder: FileSystemDirectoryEntry, signal: AbortSignal): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const inside: FileSystemEntry[] = []
  for (;;) {
    signal.throwIfAborted()
    // Browsers hand over a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return inside
    inside.push(...some)
  }
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject))

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
