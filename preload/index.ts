import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { DesktopBridge, DesktopChannel } from '../main/contract/index.ts'

const send = (channel: DesktopChannel, ...args: unknown[]): void => ipcRenderer.send(channel, ...args)

/** Only what was sent reaches the listener, never the event, which holds the sender. */
function listen<T>(channel: DesktopChannel, listener: (value: T) => void): () => void {
  const heard = (_event: unknown, value: T): void => listener(value)
  ipcRenderer.on(channel, heard)
  return () => void ipcRenderer.off(channel, heard)
}

const chooseFiles: DesktopChannel = 'loam:choose-files'

const bridge: DesktopBridge = {
  chooseFiles: (options) => ipcRenderer.invoke(chooseFiles, options) as Promise<string[] | null>,
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
  reveal: (path) => send('loam:reveal', path),
  setMenu: (rows) => send('loam:menu', rows),
  onCommand: (listener) => listen('loam:command', listener),
  onOpenProject: (listener) => listen('loam:open-project', listener),
  setProgress: (value) => send('loam:progress', value),
}

contextBridge.exposeInMainWorld('loam', bridge)
