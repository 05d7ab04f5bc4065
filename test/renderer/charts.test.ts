import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import gdal from 'gdal-async'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axeFindings } from './axe.ts'
import { openWindow } from './browser.ts'
import { farmForTests } from './farm-for-tests.ts'
import { finishedFarm } from './finished-farm.ts'
import { press, tabTo } from './keyboard.ts'
import { readPng } from './read-png.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { settled, showPlace } from './window-steps.ts'

const farm = farmForTests(() => finishedFarm({ validated: true }))

const bar = (page: Page) => page.getByRole('region', { name: 'Filter', exact: true })
const left = async (page: Page) => (await bar(page).getByRole('status').innerText()).replace(/\s+/g, ' ')
const chart = (page: Page, name: RegExp) => page.getByRole('figure', { name })

/** Drags over a drawing from one share of its box to another. */
async function drag(page: Page, name: RegExp, from: readonly [number, number], to: readonly [number, number]) {
  const drawing = chart(page, name).locator('.chart-drawing')
  await drawing.scrollIntoViewIfNeeded()
  const { x, y, width, height } = (await drawing.boundingBox())!
  await page.mouse.move(x + from[0] * width, y + from[1] * height)
  await page.mouse.down()
  for (const share of [0.3, 0.6, 1])
    await page.mouse.move(
      x + (from[0] + share * (to[0] - from[0])) * width,
      y + (from[1] + share * (to[1] - from[1])) * height,
    )
  await page.mouse.up()
}

/** Of the document: each step of undo is one. */
const revision = (page: Page) =>
  page.evaluate(async () => ((await (await fetch('/api/workspace')).json()) as { revision: number }).revision)

async function openValidate() {
  const opened = await openWindow({ projectPath: farm.copy() })
  const { page } = opened
  await page.locator('.window').waitFor()
  await showPlace(page, 'Validate')
  await chart(page, /against observed/).waitFor()
  await settled(page)
  return opened
}

test('a brush in one chart filters charts, scores, stations and says so; Esc takes it off and undo knows nothing of it', async () => {
  const { page, faults } = await openValidate()
  const before = await revision(page)
  const stored = await page.getByRole('region', { name: 'Scores', exact: true }).first().innerText()
  expect(await bar(page).count()).toBe(0)

  await drag(page, /against observed/, [0.35, 0.08], [0.62, 0.72])
  await bar(page).waitFor()
  expect(await bar(page).innerText()).toMatch(/observed [\d.]+ to [\d.]+ m³ m⁻³/)
  expect(await bar(page).innerText()).toMatch(/predicted [\d.]+ to [\d.]+ m³ m⁻³/)
  await expect.poll(() => left(page)).toMatch(/^n = \d+ of 36 pairs$/)
  const n = Number(/n = (\d+)/.exec(await left(page))![1])
  expect(n).toBeGreaterThan(0)
  expect(n).toBeLessThan(36)
  await settled(page)
  for (const name of [/against observed/, /^Residuals/, /^Error by station/, /^Error by calendar month/])
    expect(await chart(page, name).locator('figcaption').innerText()).toContain(`n = ${n}`)
  // Computed anew, and never in the place of what the run keeps.
  const filtered = page.getByRole('region', { name: 'Scores of what is filtered' })
  expect(await filtered.innerText()).toContain(`Filtered, n = ${n} of 36 pairs`)
  expect(await filtered.innerText()).toContain('chosen by predicted')
  expect(await page.getByRole('region', { name: 'Scores', exact: true }).first().innerText()).toBe(stored)
  expect(await page.getByRole('heading', { name: /of 12 stations, filtered/ }).count()).toBe(1)
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: /^No longer filter by predicted/ }).click()
  await expect.poll(() => bar(page).innerText()).not.toContain('predicted')
  await page.keyboard.press('Escape')
  await expect.poll(() => bar(page).count()).toBe(0)
  await expect.poll(() => filtered.count()).toBe(0)
  expect(await revision(page)).toBe(before)
  expect(faults).toEqual([])
})

test('a box on the map and stations of a chart are one filter with the charts', async () => {
  const { page, faults } = await openValidate()
  await page.getByRole('button', { name: 'Filter by an area' }).click()
  await page.getByRole('button', { name: 'Drag over the map to filter by an area' }).waitFor()
  // Without a scale the map does not know yet where it looks, and nothing can be drawn on it.
  await page.getByText(/^1 : \d/).waitFor()
  const map = (await page.locator('.map-stage').boundingBox())!
  const [x, y] = [map.x + map.width / 2, map.y + map.height / 2]
  await page.mouse.move(x - 40, y - 60)
  await page.mouse.down()
  await page.mouse.move(x + 10, y)
  await page.mouse.move(x + 100, y + 70)
  await page.mouse.up()
  await expect.poll(() => bar(page).innerText()).toMatch(/area [\d.]+ × [\d.]+ in EPSG:32632/)
  await expect.poll(() => left(page)).toMatch(/^n = ([1-9]|[12]\d|3[0-5]) of 36 pairs$/)
  const inArea = Number(/n = (\d+)/.exec(await left(page))![1])
  expect(inArea).toBeGreaterThan(0)
  expect(inArea).toBeLessThan(36)
  await settled(page)

  await drag(page, /^Error by station/, [0.2, 0.3], [0.4, 0.6])
  await expect.poll(() => bar(page).innerText()).toMatch(/P\d/)
  await expect.poll(async () => Number(/n = (\d+)/.exec(await left(page))![1])).toBeLessThan(inArea)
  await page.getByRole('button', { name: 'Clear all' }).click()
  await expect.poll(() => bar(page).count()).toBe(0)

  // A third of the pairs is 12 of the farm's 36: too few for a box, which says so in place of a drawing.
  await choose(page, 'Groups', 'by height')
  await page.getByText(/No box has 20 pairs: .* \(n \d+\)/).waitFor({ timeout: 30_000 })
  // A predictor brushed in Explore filters the pairs by what it is at their stations.
  await showPlace(page, 'Explore')
  await page.keyboard.press('Control+j')
  await chart(page, /^Histogram of height/).waitFor({ timeout: 60_000 })
  await settled(page)
  await drag(page, /^Histogram/, [0.3, 0.3], [0.6, 0.6])
  await expect.poll(() => bar(page).innerText()).toMatch(/height \d+ to \d+ m/)
  await showPlace(page, 'Validate')
  await expect.poll(() => left(page)).toMatch(/^n = ([1-9]|[12]\d|3[0-5]) of 36 pairs$/)
  expect(await bar(page).innerText()).toMatch(/height \d+ to \d+ m/)
  await page.getByRole('button', { name: 'Clear all' }).click()
  await expect.poll(() => bar(page).count()).toBe(0)
  expect(faults).toEqual([])
})

test('by keyboard: a range typed for the biplot filters matrix, scatter and histogram of the sample', async () => {
  const { page, faults } = await openWindow({ projectPath: farm.copy() })
  await page.locator('.window').waitFor()
  await showPlace(page, 'Explore')
  await page.keyboard.press('Control+j')
  const biplot = chart(page, /^Principal components/)
  await biplot.waitFor({ timeout: 60_000 })
  await settled(page)
  const caption = await biplot.locator('figcaption').innerText()
  expect(caption).toMatch(/^n = \d+ rows, effective n \d+/)
  await press(page, /^Filter by Principal components/)
  await page.getByRole('dialog', { name: 'Filter by Principal components' }).waitFor()
  await tabTo(page, /PC1 from/)
  await page.keyboard.type('0')
  await page.keyboard.press('Tab')
  await expect.poll(() => bar(page).innerText()).toContain('PC1')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(() => left(page)).toMatch(/^n = \d+ of \d+ rows of the sample$/)
  const [, n, of] = /n = (\d+) of (\d+)/.exec(await left(page))!
  expect(Number(n)).toBeLessThan(Number(of))
  await settled(page)
  for (const name of [/ against /, /^Histogram/, /^Principal/])
    await expect
      .poll(() => chart(page, name).locator('figcaption').innerText())
      .toContain(`n = ${n} of ${of} (filtered`)
  expect(
    await chart(page, /^Correlation/)
      .locator('figcaption')
      .innerText(),
  ).toContain(`${n} filtered rows`)
  expect(faults).toEqual([])
})

/** Clicks what starts a download and reads it. */
async function downloaded(page: Page, click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), click()])
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

async function choose(page: Page, label: string, choice: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`${label}$`) }).click()
  await page.getByRole('option', { name: choice }).click()
  await page.getByRole('listbox').waitFor({ state: 'detached' })
}

test('a chart leaves the window at the width of a column, as vectors with their letters, as pixels and as a page to print', async () => {
  const { page, faults } = await openValidate()
  await page.evaluate(() => {
    // What would be printed is handed to the window instead of to a dialog.
    new MutationObserver((found) => {
      for (const { addedNodes } of found)
        for (const node of addedNodes)
          if (node instanceof HTMLIFrameElement)
            node.addEventListener('load', () => {
              node.contentWindow!.print = () => (document.body.dataset.printed = node.srcdoc)
            })
    }).observe(document.body, { childList: true })
  })
  await page.getByRole('button', { name: 'Export Residuals' }).click()
  await page.getByRole('menuitem', { name: 'Figure for print …' }).click()
  const sheet = page.getByRole('dialog', { name: 'Figure: Residuals' })
  const picture = sheet.getByRole('img', { name: 'Residuals, in colour' })
  await picture.waitFor()
  expect(await axeFindings(page)).toEqual([])

  const svg = await downloaded(page, () => sheet.getByRole('button', { name: 'Save SVG' }).click())
  expect(svg.name).toBe('Residuals-85.svg')
  const text = svg.bytes.toString()
  expect(text).toMatch(/^<svg [^>]*width="85mm"/)
  expect(text).toMatch(/@font-face\{font-family:'Inter Variable'[^}]*data:font\/woff2;base64,/)
  expect(text).toContain('Observed − predicted, m³ m⁻³</text>')

  await choose(page, 'File', /^TIFF/)
  const tiff = await downloaded(page, () => sheet.getByRole('button', { name: 'Save TIFF' }).click())
  const file = gdal.open(writeTo(tiff))
  // 85 mm at 300 dots per inch.
  expect(file.rasterSize.x).toBe(1004)
  const pixels = file.bands.get(1).pixels.read(0, 0, file.rasterSize.x, file.rasterSize.y) as Uint8Array
  expect(pixels.filter((value) => value < 128).length).toBeGreaterThan(1000)
  file.close()

  await choose(page, 'Seen', 'In greyscale')
  const grey = sheet.getByRole('img', { name: 'Residuals, in greyscale' })
  const shot = readPng(await grey.screenshot())
  const colours = [0.2, 0.4, 0.5, 0.6, 0.8].map((share) => shot.at(Math.round(share * 300), 150))
  expect(colours.every(([r, g, b]) => Math.abs(r - g) <= 1 && Math.abs(g - b) <= 1)).toBe(true)

  await choose(page, 'File', /^PDF/)
  await sheet.getByRole('button', { name: 'Print to PDF …' }).click()
  await expect.poll(() => page.evaluate(() => document.body.dataset.printed ?? '')).toContain('@page{size:85mm')
  expect(await page.evaluate(() => document.body.dataset.printed)).toContain('Observed − predicted, m³ m⁻³</text>')
  expect(faults).toEqual([])
})

function writeTo({ name, bytes }: { name: string; bytes: Buffer }): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, bytes)
  return path
}
