import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../temporary-folder.ts'
import { launchChromium } from '../chromium.ts'
import { buildTestPage } from '../map/build-page.ts'
import { readPng } from '../read-png.ts'
import type { Picture } from '../read-png.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

/** Differences of grey that the eye sees side by side, of 255, and the pixels that have to have them. */
const leastStep = 40
const leastPixels = 4

interface Box {
  readonly group: string
  readonly state: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Lightness as a grey copier has it. Source: ITU-R BT.601, luma. */
const grey = (picture: Picture, x: number, y: number): number => {
  const [r, g, b] = picture.at(x, y)
  return 0.299 * r + 0.587 * g + 0.114 * b
}

function differingPixels(picture: Picture, a: Box, b: Box): number {
  let count = 0
  for (let y = 0; y < Math.max(a.height, b.height); y++)
    for (let x = 0; x < a.width; x++) {
      const isInBoth = y < a.height && y < b.height
      if (!isInBoth || Math.abs(grey(picture, a.x + x, a.y + y) - grey(picture, b.x + x, b.y + y)) > leastStep) count++
    }
  return count
}

test.each(['light', 'dark'] as const)('no two states of a kind look alike in grey, %s', async (theme) => {
  const folder = temporaryFolder()
  await buildTestPage(folder, new URL('page', import.meta.url))
  const page = await browser.newPage({ viewport: { width: 600, height: 400 } })
  const faults: string[] = []
  page.on('pageerror', (fault) => faults.push(String(fault)))
  const types: Record<string, string> = {
    html: 'text/html',
    js: 'text/javascript',
    css: 'text/css',
    woff2: 'font/woff2',
  }
  await page.route('http://states.test/**', (route) => {
    const path = new URL(route.request().url()).pathname.replace(/\/$/, '/index.html')
    return route.fulfill({ body: readFileSync(join(folder, path)), contentType: types[path.split('.').at(-1)!] })
  })
  await page.goto('http://states.test/')
  await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme)
  await page.locator('.state').last().waitFor()
  await page.evaluate(async () => {
    await document.fonts.ready
    // What is drawn on canvases takes the theme's colours a frame later.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  })
  const boxes = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.state')].map((element): Box => {
      const { x, y, width, height } = element.getBoundingClientRect()
      const { group = '', state = '' } = element.dataset
      return {
        group,
        state,
        x: Math.round(x + scrollX),
        y: Math.round(y + scrollY),
        width: Math.floor(width),
        height: Math.floor(height),
      }
    }),
  )
  const picture = readPng(
    await page.screenshot({
      fullPage: true,
    }),
  )
  const alike = boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b) => {
      if (a.group !== b.group) return []
      const pixels = differingPixels(picture, a, b)
      return pixels < leastPixels ? [`${a.group}: ${a.state} and ${b.state} differ in ${pixels} pixels`] : []
    }),
  )
  expect(boxes.length).toBeGreaterThan(30)
  expect(alike).toEqual([])
  expect(faults).toEqual([])
})
