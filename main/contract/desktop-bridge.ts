/** What the desktop window offers the page as `window.loam`; absent in a browser. Made by preload/, the only code that has both sides. */
export interface DesktopBridge {
  /** The system's dialog. @returns absolute paths, null when it was closed */
  chooseFiles(options: {
    readonly title: string
    readonly kind: 'file' | 'files' | 'folder' | 'save'
    readonly glob?: string
    readonly action?: string
    readonly defaultName?: string
  }): Promise<string[] | null>
  /** Where dropped files lie; empty text for one that is no file of this machine. Typed loosely because the DOM's File is no part of
   *  the contract. */
  pathOf(file: object): string
  /** Shows a file in the system's file manager. */
  reveal(path: string): void
  /** The page's command table, from which the native menu is made. */
  setMenu(rows: readonly MenuCommand[]): void
  /** A row of the native menu was chosen. @returns a function that ends it */
  onCommand(listener: (id: string) => void): () => void
  /** A project was asked for by double click, argument or the system's recent list. @returns a function that ends it */
  onOpenProject(listener: (path: string) => void): () => void
  /** Progress for the taskbar: 0–1, null for none. */
  setProgress(value: number | null): void
}

export interface MenuCommand {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly keys: string | null
  readonly isEnabled: boolean
}

/** Channels between preload/ and main/desktop; a page never names them. */
export type DesktopChannel =
  | 'loam:choose-files'
  | 'loam:reveal'
  | 'loam:menu'
  | 'loam:progress'
  | 'loam:command'
  | 'loam:open-project'
