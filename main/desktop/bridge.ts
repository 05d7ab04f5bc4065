import { BrowserWindow, Menu, dialog, ipcMain, shell } from 'electron'
import type { IpcMainEvent, IpcMainInvokeEvent, MenuItemConstructorOptions } from 'electron'
import type { DesktopChannel, MenuCommand } from '../contract/index.ts'
import { dialogOptions } from './dialog-options.ts'
import { menuTemplate } from './menu-template.ts'
import type { MenuRow } from './menu-template.ts'
import { isOwnPage } from './own-page.ts'
import { isAbsolute } from 'node:path'

/** Answers what preload/ asks; only Loam's own page is heard. */
export function answerBridge(): void {
  const handle = (channel: DesktopChannel, answer: (window: BrowserWindow, value: unknown) => unknown): void =>
    ipcMain.handle(channel, (event, value: unknown) => answer(ownWindow(event), value))
  const on = (channel: DesktopChannel, hear: (window: BrowserWindow, value: unknown) => void): void =>
    void ipcMain.on(channel, (event, value: unknown) => hear(ownWindow(event), value))

  handle('loam:choose-files', async (window, value) => {
    const wish = dialogOptions(value)
    if (!wish) return null
    if (wish.kind === 'save') {
      const { filePath } = await dialog.showSaveDialog(window, wish.options as Electron.SaveDialogOptions)
      return filePath ? [filePath] : null
    }
    const { canceled, filePaths } = await dialog.showOpenDialog(window, wish.options as Electron.OpenDialogOptions)
    return canceled ? null : filePaths
  })
  on('loam:reveal', (_window, path) => {
    if (typeof path === 'string' && isAbsolute(path)) shell.showItemInFolder(path)
  })
  on('loam:progress', (window, value) => {
    window.setProgressBar(typeof value === 'number' && value >= 0 ? Math.min(1, value) : -1)
  })
  on('loam:menu', (_window, rows) => showMenu(rows as readonly MenuCommand[]))
}

/** The native menu of a command table; what is chosen goes to the page, which does it. */
export function showMenu(commands: readonly MenuCommand[]): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(commands, process.platform).map(asItem)))
}

function asItem(row: MenuRow): MenuItemConstructorOptions {
  if ('submenu' in row) return { label: row.label, submenu: row.submenu.map(asItem) }
  if (!('id' in row)) return row as MenuItemConstructorOptions
  const channel: DesktopChannel = 'loam:command'
  return { ...row, click: (_item, window) => (window as BrowserWindow | undefined)?.webContents.send(channel, row.id) }
}

/** @throws when another page sent it */
function ownWindow(event: IpcMainEvent | IpcMainInvokeEvent): BrowserWindow {
  const window = BrowserWindow.fromWebContents(event.sender)
  const frame = event.senderFrame
  if (window && frame && frame === event.sender.mainFrame && isOwnPage(frame.url)) return window
  throw new Error('Only the workspace page is heard.')
}
