import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { startServer } from '../../main/server/index.ts'
import type { RunningServer } from '../../main/server/index.ts'
import { packageRoot } from '../../main/engine/files/index.ts'
import { launchChromium } from './chromium.ts'
import { temporaryFolder } from '../temporary-folder.ts'

let running: Promise<Browser> | null = null

/** One browser for all tests of a file. It draws in software, so a page is slower than a user's. */
function browser(): Promise<Browser> {
  running ??= launchChromium()
  return running
}

export async function closeBrowser(): Promise<void> {
  await (await running)?.close()
  running = null
}

export interface OpenedWindow {
  readonly page: Page
  /** What the page said in its console as an error, and requests that left its origin. */
  readonly faults: string[]
  readonly folder: string
  readonly server: RunningServer
}

type Emulated = 'forcedColors' | 'reducedMotion' | 'hasTouch' | 'isMobile' | 'locale' | 'deviceScaleFactor'

interface WindowOptions extends Pick<BrowserContextOptions, Emulated> {
  readonly projectPath?: string | null
  readonly size?: { readonly width: number; readonly height: number }
  readonly theme?: 'light' | 'dark'
}

/** The built page. `LOAM_PAGE` names another build of it. */
const staticFolder = process.env.LOAM_PAGE ?? join(packageRoot(), 'out', 'renderer')

/** A server as the pages of these tests ask it. */
export function serveProject(projectPath: string | null, folder: string, port = 0): Promise<RunningServer> {
  const configFolder = join(folder, 'config')
  return startServer({ listen: { host: '127.0.0.1', port }, staticFolder, configFolder, projectPath })
}

/** The built page in a real browser, against a server of this test alone. */
export async function openWindow({
  projectPath = null,
  size = { width: 1440, height: 900 },
  theme = 'light',
  ...more
}: WindowOptions = {}): Promise<OpenedWindow> {
  const folder = temporaryFolder()
  const server = await serveProject(projectPath, folder)
  const context = await (await browser()).newContext({ viewport: size, colorScheme: theme, ...more })
  const page = await context.newPage()
  onTestFinished(async () => {
    await context.close()
    await server.close()
  })
  const faults: string[] = []
  page.on(
    'console',
    (message) => message.type() === 'error' && faults.push(`${message.text()} ${message.location().url}`.trim()),
  )
  page.on('pageerror', (fault) => faults.push(String(fault)))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== server.origin && !/^(blob|data):$/.test(protocol)) faults.push(`left its origin: ${request.url()}`)
  })
  await page.goto(server.newStartAddress()!)
  return { page, faults, folder, server }
}
