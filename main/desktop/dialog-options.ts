/** What the page asks of a file dialog; see DesktopBridge. */
export interface DialogWish {
  readonly title: string
  readonly kind: 'file' | 'files' | 'folder' | 'save'
  readonly glob?: string
  readonly action?: string
  readonly defaultName?: string
}

export interface DialogOptions {
  readonly title: string
  readonly buttonLabel?: string
  readonly defaultPath?: string
  readonly filters?: readonly { readonly name: string; readonly extensions: readonly string[] }[]
  readonly properties: readonly string[]
}

const propertiesOf: Record<DialogWish['kind'], readonly string[]> = {
  file: ['openFile'],
  files: ['openFile', 'multiSelections'],
  folder: ['openDirectory', 'createDirectory'],
  save: ['createDirectory', 'showOverwriteConfirmation'],
}

/** As the system's dialogs want it. What comes from the page is checked: it may be anything.
 *  @returns null when it is no wish of ours */
export function dialogOptions(wish: unknown): { kind: DialogWish['kind']; options: DialogOptions } | null {
  if (wish === null || typeof wish !== 'object') return null
  const { title, kind, glob, action, defaultName } = wish as Record<string, unknown>
  if (typeof title !== 'string' || typeof kind !== 'string' || !Object.hasOwn(propertiesOf, kind)) return null
  const filters = typeof glob === 'string' ? filtersOf(glob) : []
  return {
    kind: kind as DialogWish['kind'],
    options: {
      title,
      properties: propertiesOf[kind as DialogWish['kind']],
      ...(typeof action === 'string' ? { buttonLabel: action } : {}),
      // A name alone: the system chooses the folder.
      ...(typeof defaultName === 'string' && !/[\\/]/.test(defaultName) ? { defaultPath: defaultName } : {}),
      ...(filters.length > 0 ? { filters } : {}),
    },
  }
}

/** `*.tif,*.nc` as endings; a pattern that is no ending cannot be a filter. */
function filtersOf(glob: string): NonNullable<DialogOptions['filters']> {
  const patterns = glob.split(',').map((pattern) => pattern.trim())
  const extensions = patterns.flatMap((pattern) => /^\*\.([a-z0-9]+)$/i.exec(pattern)?.[1] ?? [])
  if (extensions.length === 0 || extensions.length < patterns.length) return []
  return [
    { name: patterns.join(' '), extensions },
    { name: '*', extensions: ['*'] },
  ]
}
