import { BrowserWindow, screen, shell } from 'electron'
import { join } from 'node:path'
import { isOwnPage, pageOrigin } from './own-page.ts'
import { keepWindowState, placeWindow, readWindowState } from './window-state.ts'

/** Pages outside that a link may open in the browser. */
const helpfulHosts = ['epsg.io', 'doi.org', 'ismn.earth', 'gdal.org']

/** Loam's window: its page in a sandbox, without Node, that goes nowhere else.
 *  @param statePath where its place is kept */
export function openWindow(appFolder: string, statePath: string): BrowserWindow {
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id)
  const screens = [main, ...others].map(({ workArea }) => workArea)
  const { isMaximised, ...bounds } = placeWindow(readWindowState(statePath), screens)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Loam',
    webPreferences: {
      preload: join(appFolder, 'out', 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  if (isMaximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  const { webContents } = window
  webContents.setWindowOpenHandler(({ url }) => {
    if (isHelpful(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
  const stay = (details: { readonly url: string; preventDefault(): void }): void => {
    if (!isOwnPage(details.url)) details.preventDefault()
  }
  webContents.on('will-navigate', stay)
  webContents.on('will-frame-navigate', stay)
  webContents.on('will-redirect', stay)
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  // What the page holds is with the engine: it begins again where it was.
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && !window.isDestroyed()) webContents.reload()
  })
  window.on('close', () => {
    keepWindowState(statePath, { ...window.getNormalBounds(), isMaximised: window.isMaximized() })
  })
  void window.loadURL(`${pageOrigin}/`)
  return window
}

function isHelpful(address: string): boolean {
  const { protocol, host } = new URL(address)
  return protocol === 'https:' && helpfulHosts.includes(host)
}
