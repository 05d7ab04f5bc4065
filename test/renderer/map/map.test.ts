import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { quantityColour } from './expected-colour.ts'
import type { Day } from '../../../main/contract/index.ts'
import { launchChromium } from '../chromium.ts'
import { readPng } from '../read-png.ts'
import type { Picture } from '../read-png.ts'
import { buildTestPage } from './build-page.ts'
import type { Drive } from './page/main.tsx'
import { cellOf, startTileServer } from './tile-server.ts'
import type { TileServer } from './tile-server.ts'

let browser: Browser
let server: TileServer
let page: Page
let folder: string
const faults: string[] = []
const elsewhere: string[] = []
const size = { width: 500, height: 400 }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loam-map-page-'))
  await buildTestPage(folder)
  server = await startTileServer(folder)
  browser = await launchChromium()
  page = await browser.newPage({ viewport: size, colorScheme: 'light', reducedMotion: 'reduce' })
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(server.origin) && !request.url().startsWith('blob:')) elsewhere.push(request.url())
  })
  await page.goto(server.origin)
})

beforeEach(async () => {
  server.isBroken = false
  await page.mouse.move(0, 0)
  await drive({
    mode: 'single',
    day: '2018-07-04' as Day,
    visible: ['fine'],
    styles: {},
    hasBase: false,
    tool: 'inspect',
    days: [],
    isBlinking: false,
    swipe: 0.5,
    camera,
  })
})

afterAll(async () => {
  await browser?.close()
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Driven {
  drive(change: Partial<Drive>): void
  heard: unknown
  camera: { x: number; y: number; zoom: number }
  readings(): { shown: unknown[]; isLoading: boolean; cursor: { x: number; y: number } | null; fault: unknown }
}

async function drive(change: Partial<Drive>): Promise<void> {
  await page.waitForFunction(() => 'drive' in window)
  await page.evaluate((each) => (window as unknown as Driven).drive(each), change)
  await settled()
}

/** Everything in view is there and was drawn. */
async function settled(): Promise<void> {
  await page.waitForFunction(() => {
    const { shown, isLoading } = (window as unknown as Driven).readings()
    return shown.length > 0 && !isLoading
  })
  await page.evaluate(async () => {
    for (let i = 0; i < 4; i++) await new Promise((done) => requestAnimationFrame(done))
  })
}

const look = async (): Promise<Picture> => readPng(await page.screenshot())
const camera = { x: 501_000, y: 5_999_250, zoom: -2 }
/** Pixel of the middle of a 10 m cell. */
const pixelOf = (row: number, col: number, { x, y, zoom } = camera): [number, number] => [
  Math.floor(size.width / 2 + (500_000 + 10 * col + 5 - x) * 2 ** zoom),
  Math.floor(size.height / 2 - (6_000_000 - 10 * row - 5 - y) * 2 ** zoom),
]
const near = (a: readonly number[], b: readonly number[], most: number) =>
  a.every((value, i) => Math.abs(value - b[i]) <= most)

test('each value has the colour its ramp and range give it, to a byte or two', async () => {
  await drive({ camera })
  const picture = await look()
  for (const [row, col] of [
    [5, 5],
    [60, 100],
    [149, 199],
    [100, 70],
    [0, 190],
    [149, 0],
  ]) {
    const expected = quantityColour(cellOf('fine', row, col, '2018-07-04').value)
    const found = picture.at(...pixelOf(row, col))
    expect(near(found, expected, 3), `row ${row} col ${col}: ${found} for ${expected}`).toBe(true)
  }
})

test('range, classes, ramp and opacity change the picture without a request', async () => {
  await drive({ camera, styles: {} })
  const before = (await look()).at(...pixelOf(60, 100))
  const asked = server.asked.length
  await drive({ styles: { fine: { range: { mode: 'typed', min: 0, max: 0.2 } } } })
  const narrow = (await look()).at(...pixelOf(60, 100))
  expect(near(narrow, quantityColour(0.16, [0, 0.2]), 3)).toBe(true)
  await drive({ styles: { fine: { ramp: 'viridis' } } })
  const viridis = (await look()).at(...pixelOf(60, 100))
  expect(near(viridis, quantityColour(0.16, [0, 0.5], 'viridis'), 3)).toBe(true)
  await drive({ styles: { fine: { classes: 2 } } })
  const picture = await look()
  expect(near(picture.at(...pixelOf(100, 100)), quantityColour(0), 3)).toBe(true)
  expect(near(picture.at(...pixelOf(149, 190)), quantityColour(0.5), 3)).toBe(true)
  await drive({ styles: { fine: { opacity: 0.5 } } })
  const faint = (await look()).at(...pixelOf(60, 100))
  // Half of the colour over the stage's own.
  const ground = (await look()).at(2, 2)
  expect(
    near(
      faint,
      before.map((value, i) => (value + ground[i]) / 2),
      3,
    ),
  ).toBe(true)
  expect(server.asked.length).toBe(asked)
})

test('each reason for no value has a pattern of its own, and a doubtful value keeps its colour under hatching', async () => {
  await drive({ camera: { x: 500_300, y: 5_999_750, zoom: -0.3 } })
  const picture = await look()
  const closeUp = { x: 500_300, y: 5_999_750, zoom: -0.3 }
  const ground = picture.at(2, 2)
  /** Which of 24 × 24 pixels in the block of a reason are not the ground's colour. */
  const inkOf = (row: number) => {
    const [x, y] = pixelOf(row, 29, closeUp)
    const ink: boolean[] = []
    for (let dy = -12; dy < 12; dy++)
      for (let dx = -12; dx < 12; dx++) ink.push(!near(picture.at(x + dx, y + dy), ground, 24))
    return ink
  }
  const patterns = [4, 24, 34, 44].map(inkOf)
  for (const ink of patterns) {
    const share = ink.filter(Boolean).length / ink.length
    expect(share).toBeGreaterThan(0.03)
    expect(share).toBeLessThan(0.75)
  }
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < i; j++) {
      const differ = patterns[i].filter((ink, at) => ink !== patterns[j][at]).length / patterns[i].length
      expect(differ, `patterns ${i} and ${j}`).toBeGreaterThan(0.08)
    }
  // Not observed: nothing but the outline of the place.
  expect(inkOf(14).filter(Boolean)).toHaveLength(0)
  // Outside applicability with a value: both the colour and the hatching are there.
  const [x, y] = pixelOf(24, 49, closeUp)
  const colours = []
  for (let dy = -8; dy < 8; dy++) for (let dx = -8; dx < 8; dx++) colours.push(picture.at(x + dx, y + dy))
  expect(colours.some((colour) => near(colour, quantityColour(0.073), 8))).toBe(true)
  expect(colours.some(([r, g, b]) => r + g + b < 300)).toBe(true)
})

test('cells have outlines from 24 pixels on and their value printed in them from 64 on', async () => {
  const cell = [60, 100] as const
  const middle = { x: 501_005, y: 5_999_395 }
  const own = quantityColour(0.16)
  /** Shares of a cell's pixels that are not its colour: at its upper left edges, and around its middle. */
  const inked = async (zoom: number) => {
    await drive({ camera: { ...middle, zoom } })
    const picture = await look()
    const side = 10 * 2 ** zoom
    const [x, y] = pixelOf(...cell, { ...middle, zoom })
    const isInk = (dx: number, dy: number) => !near(picture.at(Math.round(x + dx), Math.round(y + dy)), own, 6)
    const along = Array.from({ length: 9 }, (_, i) => (i / 10 - 0.4) * side)
    const edge = along.filter((at) => [-1, 0, 1].some((off) => isInk(at, off - side / 2)))
    const inside: boolean[] = []
    for (let dx = -14; dx <= 14; dx++) for (let dy = -5; dy <= 5; dy++) inside.push(isInk((dx / 40) * side, dy))
    return { edge: edge.length / along.length, inside: inside.filter(Boolean).length / inside.length }
  }
  const small = await inked(1)
  const outlined = await inked(1.6)
  const printed = await inked(2.8)
  expect(small).toEqual({ edge: expect.closeTo(0, 0), inside: 0 })
  expect(outlined).toEqual({ edge: 1, inside: 0 })
  expect(printed.edge).toBe(1)
  expect(printed.inside).toBeGreaterThan(0.05)
})

test('smoothing blends neighbours that have a value and leaves the others alone', async () => {
  const styles = { fine: { isSmooth: true, range: { mode: 'typed', min: 0, max: 0.05 } } } as const
  const inside = { x: 500_105, y: 5_999_955, zoom: 2.5 }
  await drive({ camera: inside, styles })
  const [x, y] = pixelOf(4, 10, inside)
  // 14 and 20 pixels of 56.6 from the middle of a cell: (4 + 0.35 + 10 + 0.25) / 1000.
  const beside = (await look()).at(x + 14, y + 20)
  expect(near(beside, quantityColour(0.0146, [0, 0.05]), 3), `${beside}`).toBe(true)
  // Column 20 of row 14 has no value: what lies below shows right up to its edge.
  const edge = { x: 500_185, y: 5_999_855, zoom: 2.5 }
  await drive({ camera: edge })
  const lower = await look()
  const ground = [238, 236, 231]
  const [missingX, missingY] = pixelOf(14, 20, edge)
  expect(near(lower.at(missingX - 24, missingY), ground, 6)).toBe(true)
  expect(near(lower.at(missingX - 32, missingY), ground, 6)).toBe(false)
})

test('smoothing runs on across the edges of tiles as if there were none', async () => {
  const range = [0.12, 0.135] as const
  const styles = { fine: { isSmooth: true, range: { mode: 'typed', min: range[0], max: range[1] } } } as const
  // Cells of 20 pixels have no outlines yet. Tiles of 64 cells meet at (500 640, 5 999 360).
  const corner = { x: 500_640, y: 5_999_360, zoom: 1 }
  await drive({ camera: corner, styles })
  const picture = await look()
  const valueAt = (row: number, col: number) => cellOf('fine', row, col, '2018-07-04').value
  for (const dx of [-27, -19, -6, -1, 0, 5, 18, 23])
    for (const dy of [-29, -11, -2, 0, 7, 21]) {
      // The middle of the pixel in cells, counted from middles of cells.
      const col = 64 + (dx + 0.5) / 20 - 0.5
      const row = 64 + (dy + 0.5) / 20 - 0.5
      const [left, top] = [Math.floor(col), Math.floor(row)]
      const [right, low] = [col - left, row - top]
      const upper = (1 - right) * valueAt(top, left) + right * valueAt(top, left + 1)
      const lower = (1 - right) * valueAt(top + 1, left) + right * valueAt(top + 1, left + 1)
      const expected = quantityColour((1 - low) * upper + low * lower, range)
      const found = picture.at(size.width / 2 + dx, size.height / 2 + dy)
      expect(near(found, expected, 3), `${dx}, ${dy}: ${found} for ${expected}`).toBe(true)
    }
})

test('swipe shows one layer on each side; its handle is a slider', async () => {
  await drive({ mode: 'swipe', visible: ['coarse', 'fine'], camera, swipe: 0.5 })
  const handle = page.getByRole('slider', { name: /Swipe between/ })
  const isFine = async (row: number, col: number) => {
    const colour = (await look()).at(...pixelOf(row, col))
    return near(colour, quantityColour(cellOf('fine', row, col, '2018-07-04').value), 3)
  }
  expect(await isFine(100, 90)).toBe(true)
  expect(await isFine(100, 110)).toBe(false)
  await handle.focus()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('ArrowRight')
  await settled()
  expect(await handle.getAttribute('aria-valuenow')).toBe('61')
  expect(await isFine(100, 110)).toBe(true)
  await drive({ isBlinking: true })
  expect(await isFine(100, 90)).toBe(false)
})

test('side by side and the grid share one camera; each picture has its letter', async () => {
  await drive({ mode: 'grid', visible: ['fine'], days: ['2018-07-04', '2018-07-06'] as Day[] })
  expect(await page.locator('.map-pane-title').allTextContents()).toEqual(['a 2018-07-04', 'b 2018-07-06'])
  const wide = await look()
  const row = 60
  const shift = (size.width + 2) / 2 / 2
  const [x, middle] = pixelOf(row, 100)
  // Two panes beside each other below the controls: the middle of each is the camera's place.
  const y = middle + 22
  const colours = [-shift, shift].map((dx) => wide.at(Math.round(x + dx), y))
  expect(near(colours[0], quantityColour(0.16), 3), `${colours[0]}`).toBe(true)
  expect(near(colours[1], quantityColour(0.26), 3), `${colours[1]}`).toBe(true)
})

test('hovering reads the exact value; dragging pans; the wheel zooms about the pointer', async () => {
  await drive({ camera })
  const [x, y] = pixelOf(60, 100)
  await page.mouse.move(x, y)
  const cursor = await page.evaluate(() => (window as unknown as Driven).readings().cursor)
  expect(Math.abs(cursor!.x - 501_005)).toBeLessThan(4)
  await page.mouse.down()
  await page.mouse.move(x + 40, y + 20, { steps: 4 })
  await page.mouse.up()
  const moved = await page.evaluate(() => (window as unknown as Driven).camera)
  expect(moved).toMatchObject({ x: camera.x - 160, y: camera.y + 80, zoom: camera.zoom })
  await page.mouse.wheel(0, -480)
  await page.waitForFunction(() => (window as unknown as Driven).camera.zoom > -1.5)
  const zoomed = await page.evaluate(() => (window as unknown as Driven).camera)
  const under = zoomed.x + (x + 40 - size.width / 2) / 2 ** zoomed.zoom
  expect(under).toBeCloseTo(moved.x + (x + 40 - size.width / 2) / 2 ** moved.zoom, 3)
})

test('keys pan, zoom and read the middle', async () => {
  await drive({ camera })
  await page.locator('.map-stage').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('+')
  await page.keyboard.press('Enter')
  const { heard, at } = await page.evaluate(() => {
    const driven = window as unknown as Driven
    return { heard: driven.heard, at: driven.camera }
  })
  expect(at).toEqual({ x: camera.x + 320, y: camera.y, zoom: -1 })
  expect(heard).toMatchObject({ x: at.x, y: at.y, station: null })
  await page.keyboard.press('0')
  expect(await page.evaluate(() => (window as unknown as Driven).camera.x)).toBeCloseTo(501_000, 6)
})

test('a rectangle is drawn with the area tool', async () => {
  await drive({ camera, tool: 'area' })
  await page.mouse.move(100, 100)
  await page.mouse.down()
  await page.mouse.move(200, 180, { steps: 3 })
  await page.mouse.up()
  const heard = await page.evaluate(() => (window as unknown as Driven).heard)
  expect(heard).toEqual({ west: 500_400, east: 500_800, north: 5_999_650, south: 5_999_330 })
})

test('a day without a scene says so and offers the nearest one that has', async () => {
  await drive({ camera, day: '2018-07-05' as Day })
  const button = page.getByRole('button', { name: 'Go to nearest, 2018-07-04' })
  await expect.poll(() => page.getByText('No Fine map on 2018-07-05').count()).toBe(1)
  await button.click()
  await settled()
  expect(near((await look()).at(...pixelOf(60, 100)), quantityColour(0.16), 3)).toBe(true)
})

test('a lost graphics context is made again with the same picture', async () => {
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.map-canvas')!
    canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext()
  })
  await page.waitForSelector('.map-canvas[data-round="2"]')
  await settled()
  await expect.poll(async () => near((await look()).at(...pixelOf(60, 100)), quantityColour(0.16), 3)).toBe(true)
})

test('when it is lost again and again the last picture stays and the view waits to be restarted', async () => {
  const lose = (round: number) =>
    page.evaluate((each) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`.map-canvas[data-round="${each}"]`)!
      canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext()
    }, round)
  const isPicture = async () => near((await look()).at(...pixelOf(60, 100)), quantityColour(0.16), 3)
  // A picture is kept once the map has been still for a moment; of the two losses that are mended one was above.
  await expect.poll(isPicture).toBe(true)
  await page.waitForTimeout(1200)
  await lose(2)
  await page.getByText('Redrawing').waitFor()
  expect(await isPicture()).toBe(true)
  await page.waitForSelector('.map-canvas[data-round="3"]')
  await page.getByText('Redrawing').waitFor({ state: 'detached' })
  await expect.poll(isPicture).toBe(true)
  await page.waitForTimeout(1200)
  await lose(3)
  const restart = page.getByRole('button', { name: 'Restart view' })
  await restart.waitFor()
  expect(await page.getByRole('img', { name: 'Last picture of the map' }).isVisible()).toBe(true)
  expect(await isPicture()).toBe(true)
  await restart.click()
  await page.waitForSelector('.map-canvas[data-round="4"]')
  await restart.waitFor({ state: 'detached' })
  await settled()
  await expect.poll(isPicture).toBe(true)
})

test('a tile that cannot be read is a dotted square with its reason; the others stay', async () => {
  server.isBroken = true
  await drive({ camera, day: '2018-07-06' as Day })
  server.isBroken = false
  expect(await page.evaluate(() => (window as unknown as Driven).readings().fault !== null)).toBe(true)
  const picture = await look()
  const colours = new Set<string>()
  const [x, y] = pixelOf(60, 100)
  for (let dy = 0; dy < 10; dy++) for (let dx = 0; dx < 10; dx++) colours.add(picture.at(x + dx, y + dy).join(','))
  expect(colours.size).toBeGreaterThan(1)
})

test('the page made no other request and no complaint', () => {
  expect(elsewhere).toEqual([])
  // The broken tiles above are told by the browser itself.
  expect(faults.filter((text) => !text.includes('500 (Internal Server Error)'))).toEqual([])
})
