import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The system's Chromium, drawing in software so that pixels are the same everywhere. */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env.LOAM_CHROMIUM ?? places.find((path) => existsSync(path))
  if (!executablePath)
    throw new Error(`No Chromium at ${places.join(', ')}; install it or set LOAM_CHROMIUM to its path.`)
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  })
}
