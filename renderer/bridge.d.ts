import type { DesktopBridge } from '../main/contract/index.ts'

declare global {
  interface Window {
    /** Only on the desktop. */
    readonly loam?: DesktopBridge
  }
}
