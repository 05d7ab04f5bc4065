import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { quantityColour } from './map/expected-colour.ts'
import { readPng } from './read-png.ts'
import { settled, showPlace } from './window-steps.ts'

export const stateOfRun = (page: Page): Promise<string> => page.locator('.run-head .chip').first().innerText()

/** Writes the folder of a new project, once the suggested one stands there. */
export async function fillFolder(sheet: Locator, folder: string): Promise<void> {
  const field = sheet.getByRole('textbox', { name: 'Folder' })
  await expect.poll(() => field.inputValue()).toContain('Loam')
  await field.fill(folder)
  await expect.poll(() => field.inputValue()).toBe(folder)
}

/** From the model place: start sheet, run, cancel, resume, done. */
export async function runWithCancel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run …' }).click()
  const start = page.getByRole('dialog').getByRole('button', { name: 'Start' })
  await expect.poll(() => start.isEnabled(), { timeout: 60_000 }).toBe(true)
  await start.click()
  const steps = page.getByRole('list', { name: 'Steps' })
  await steps.getByText('under way').first().waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => stateOfRun(page), { timeout: 20_000 }).toBe('cancelled')
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(() => stateOfRun(page), { timeout: 150_000 }).toMatch(/^done/)
}

/** Everything on the map is drawn. */
export async function drawn(page: Page): Promise<void> {
  await settled(page)
  await page.waitForTimeout(300)
  await settled(page)
}

/** Clicks cells of the map and holds the colour drawn there against the value the inspector reads.
 *  @returns how many cells had a value */
export async function expectColoursOfValues(page: Page): Promise<number> {
  await showPlace(page, 'Explore')
  await drawn(page)
  const box = (await page.locator('.map-stage').boundingBox())!
  const picture = readPng(await page.screenshot())
  let read = 0
  for (const [u, v] of [0.45, 0.5, 0.55, 0.6].flatMap((each, i) => [
    [each, 0.3 + 0.12 * i],
    [each, 0.62 - 0.1 * i],
  ])) {
    const spot = plainSpot(picture, box.x + u * box.width, box.y + v * box.height)
    if (!spot) continue
    const before = page.url()
    await page.mouse.click(spot.x + 0.5, spot.y + 0.5)
    await expect.poll(() => page.url()).not.toBe(before)
    const inspector = page.getByRole('region', { name: /^Inspect/ })
    const row = inspector.getByRole('row').first()
    await row.waitFor()
    // The line at the panel's upper edge is there until this place was read.
    await page.waitForTimeout(150)
    await settled(page)
    // A station is read where it stands, not where its sign was hit.
    if ((await inspector.getAttribute('aria-label')) !== 'Inspect Cell') continue
    const value = /(\d\.\d+) m³ m⁻³/.exec(await row.innerText())?.[1]
    if (value === undefined) continue
    read++
    const colour = quantityColour(Number(value))
    const found = picture.at(spot.x, spot.y)
    const off = Math.max(...found.map((byte, k) => Math.abs(byte - colour[k])))
    expect({ at: spot, value, found, colour, isNear: off <= 4 }).toMatchObject({ isNear: true })
  }
  return read
}

/** A pixel near by whose surroundings are of one colour: inside a cell, and not on a sign of a station. */
function plainSpot(picture: ReturnType<typeof readPng>, x: number, y: number): { x: number; y: number } | null {
  for (let step = 0; step < 60; step++) {
    const at = { x: Math.round(x) + (step % 8), y: Math.round(y) + Math.floor(step / 8) }
    const middle = picture.at(at.x, at.y)
    const isPlain = [-1, 0, 1].every((dx) =>
      [-1, 0, 1].every((dy) => picture.at(at.x + dx, at.y + dy).every((byte, k) => byte === middle[k])),
    )
    if (isPlain) return at
  }
  return null
}

/** The scores are there, and the report is written. */
export async function validateAndReport(page: Page): Promise<void> {
  await showPlace(page, 'Validate')
  const scores = page.getByRole('region', { name: 'Scores' }).first()
  await scores.waitFor()
  expect(await scores.getByRole('row').count()).toBeGreaterThan(1)
  await showPlace(page, 'Report')
  await page.getByRole('button', { name: 'Write report' }).click()
  const report = page.frameLocator('iframe[title^="Report of run"]')
  await report.getByRole('heading').first().waitFor({ timeout: 90_000 })
}

/** Exports the shown run's maps into a new folder. @returns names of what was written */
export async function exportMaps(page: Page, folder: string): Promise<string[]> {
  await showPlace(page, 'Runs')
  await page.getByRole('button', { name: /^More for r/ }).click()
  await page.getByRole('menuitem', { name: /^Export maps/ }).click()
  const sheet = page.getByRole('dialog', { name: /^Export maps of r/ })
  await sheet.getByRole('textbox', { name: 'Folder', exact: true }).fill(folder)
  await sheet
    .getByRole('grid', { name: 'Files of the export' })
    .getByText(/\.tif$/)
    .first()
    .waitFor()
  const write = sheet.getByRole('button', { name: /^Export \d+ files, / })
  await expect.poll(() => write.isEnabled()).toBe(true)
  await write.click()
  await page
    .getByRole('region', { name: 'Messages' })
    .getByText(/\d+ files, .* in /)
    .waitFor({ timeout: 60_000 })
  const [made] = readdirSync(folder)
  expect(existsSync(join(folder, made, 'plan.json'))).toBe(true)
  return readdirSync(join(folder, made)).sort()
}
