import { copyFileSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { Engine } from '../../main/engine/engine.ts'
import { writeGeoTiff } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { axeFindings } from './axe.ts'
import { closeBrowser, openWindow } from './browser.ts'
import { dropFromDisk } from './dropping.ts'
import { fillFolder } from './story-steps.ts'

afterAll(closeBrowser)

/** A folder of folders with a daily product of two days, and a hidden file. */
async function dailyFolder(): Promise<string> {
  const folder = join(temporaryFolder(), 'Raam 2018')
  for (const day of [1, 2]) {
    const below = join(folder, 'days', `0${day}`)
    mkdirSync(below, { recursive: true })
    const values = Float32Array.from({ length: 16 }, (_, i) => 0.1 + i / 100)
    await writeGeoTiff(join(below, `soil_moisture_2018060${day}.tif`), {
      grid: { crs: 'EPSG:32631', transform: [500_000, 1000, 0, 5_000_000, 0, -1000], rows: 4, cols: 4 },
      bands: [{ name: '', values }],
    })
  }
  writeFileSync(join(folder, '.hidden'), 'x')
  return folder
}

const importSheet = (page: Page) => page.getByRole('dialog', { name: /^Import/ })

test('a folder dropped on the start page becomes a project with its data', async () => {
  const { page, faults, folder } = await openWindow()
  await page.getByText('Drop files here to start a project').waitFor()
  expect(await axeFindings(page)).toEqual([])
  await dropFromDisk(page, [await dailyFolder()])
  const sheet = page.getByRole('dialog', { name: 'New project' })
  await sheet.waitFor()
  expect(await sheet.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Raam 2018')
  await sheet.getByText('Raam 2018 is what the project begins with').waitFor()
  await fillFolder(sheet, join(folder, 'new'))
  await sheet.getByRole('button', { name: 'Make project' }).click()
  await importSheet(page).getByRole('button', { name: 'Add 1 dataset' }).click()
  await page
    .getByRole('listbox', { name: /^Datasets and stations/ })
    .getByRole('option', { name: /soil_moisture/ })
    .waitFor()
  // The map as it rests is kept for the list of recent projects.
  const store = join(folder, 'new', 'Raam 2018-store')
  await expect.poll(() => existsSync(join(store, 'map.png')), { timeout: 30_000 }).toBe(true)
  // Folders are kept, hidden files are not sent.
  const [batch] = readdirSync(join(folder, 'new', 'Raam 2018-imports'))
  const kept = join(folder, 'new', 'Raam 2018-imports', batch, 'Raam 2018')
  expect(readdirSync(kept)).toEqual(['days'])
  expect(readdirSync(join(kept, 'days', '02'))).toEqual(['soil_moisture_20180602.tif'])
  await page.evaluate(() => fetch('/api/projects/close', { method: 'POST' }))
  const row = page.getByRole('listitem').filter({ hasText: 'Raam 2018' })
  await row.getByText(/45\.\d° N, 3\.\d° E · 1 dataset · 0 runs · last opened/).waitFor()
  const drawn = () => row.locator('img').evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)
  await expect.poll(drawn).toBe(240)
  expect(await axeFindings(page)).toEqual([])
  // What the window still asked for when the project was closed under it.
  expect(faults.filter((fault) => !/409 \(Conflict\)/.test(fault))).toEqual([])
}, 120_000)

test('a drop that is cancelled while it is sent leaves nothing, and neither do files that are left out', async () => {
  const home = temporaryFolder()
  const engine = await Engine.create(join(home, 'Farm.loam'), 'Farm')
  await engine.close()
  const { page, faults } = await openWindow({ projectPath: join(home, 'Farm.loam') })
  await page.getByText('Drop a folder of daily files').waitFor()
  const folder = await dailyFolder()
  writeFileSync(join(folder, 'large.tif'), new Uint8Array(8_000_000))
  // Slow enough that it is under way for half a minute.
  const network = await page.context().newCDPSession(page)
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 250_000 }
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', slow)
  await dropFromDisk(page, [folder])
  const bar = importSheet(page).getByRole('progressbar', { name: 'Sending files to the engine' })
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(2)
  const imports = join(home, 'Farm-imports')
  expect(existsSync(imports)).toBe(true)
  await importSheet(page).getByRole('button', { name: 'Cancel' }).click()
  await importSheet(page).waitFor({ state: 'detached' })
  await expect.poll(() => existsSync(imports)).toBe(false)

  await network.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 })
  await dropFromDisk(page, [folder])
  await importSheet(page).getByRole('button', { name: 'Add 1 dataset' }).waitFor()
  expect(existsSync(imports)).toBe(true)
  await importSheet(page).getByRole('button', { name: 'Leave all out' }).click()
  await expect.poll(() => existsSync(imports)).toBe(false)
  expect(faults).toEqual([])
}, 120_000)

test('a project file dropped in a browser is opened where it lies, or the window says why it cannot be', async () => {
  const home = temporaryFolder()
  for (const name of ['Farm', 'Hill']) {
    mkdirSync(join(home, name))
    const engine = await Engine.create(join(home, name, `${name}.loam`), name)
    await engine.close()
  }
  const { page, faults } = await openWindow({ projectPath: join(home, 'Farm', 'Farm.loam') })
  await page.getByText('Drop a folder of daily files').waitFor()
  const elsewhere = join(temporaryFolder(), 'Hill.loam')
  copyFileSync(join(home, 'Hill', 'Hill.loam'), elsewhere)
  utimesSync(elsewhere, 1e9, 1e9)
  await dropFromDisk(page, [elsewhere])
  await page.getByText(/Hill\.loam is not among the projects opened lately/).waitFor()
  await page.getByRole('button', { name: 'Open project …' }).waitFor()
  // Beside one that was opened lately.
  await dropFromDisk(page, [join(home, 'Hill', 'Hill.loam')])
  await page.getByTitle(join(home, 'Hill', 'Hill.loam')).waitFor()
  expect(faults).toEqual([])
}, 120_000)
