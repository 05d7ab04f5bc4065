import { appendFileSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Block } from '../../main/contract/index.ts'
import { RasterReader, describeRaster } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { axeFindings } from './axe.ts'
import { openWindow } from './browser.ts'
import { farmForTests } from './farm-for-tests.ts'
import { finishedFarm } from './finished-farm.ts'
import { showPlace } from './window-steps.ts'

const farm = farmForTests(finishedFarm)

/** A log as a run of years leaves it. @returns how many lines it has */
function writeLongLog(projectPath: string): number {
  const runs = join(dirname(projectPath), 'farm-runs')
  const path = join(runs, readdirSync(runs)[0], 'log.ndjson')
  const first = readFileSync(path, 'utf8').trimEnd().split('\n').length
  const more = Array.from({ length: 3000 }, (_, i) =>
    JSON.stringify({ n: first + i, event: 'warning', code: 'made', message: `made line ${i}` }),
  )
  appendFileSync(path, `${more.join('\n')}\n`)
  return first + more.length
}

/** Of a long log what is in view is in the page; keys reach its end, and the line there stands whole below. */
async function readLongLog(page: Page, lines: number): Promise<void> {
  await page.locator('.run-log summary').click()
  const log = page.getByRole('grid', { name: 'Log' })
  await expect.poll(() => log.getAttribute('aria-rowcount')).toBe(String(lines + 1))
  await log.focus()
  await page.keyboard.press('End')
  await log.getByText('made line 2999').waitFor()
  await expect
    .poll(() => page.getByRole('group', { name: 'The chosen line' }).innerText())
    .toContain('"message": "made line 2999"')
  expect(await log.getByRole('row').count()).toBeLessThan(60)
  expect(await axeFindings(page)).toEqual([])
  await page.locator('.run-log summary').click()
}

test('maps are exported as GeoTIFF with styles and as NetCDF-CF, names and sizes shown first', async () => {
  const projectPath = farm.copy()
  const lines = writeLongLog(projectPath)
  const { page, faults } = await openWindow({ projectPath })
  await showPlace(page, 'Runs')
  await readLongLog(page, lines)
  await page.getByRole('button', { name: /^More for r/ }).click()
  await page.getByRole('menuitem', { name: /^Export maps/ }).click()
  const sheet = page.getByRole('dialog', { name: /^Export maps of r/ })
  const list = sheet.getByRole('grid', { name: 'Files of the export' })
  await list
    .getByText(/\.qml$/)
    .first()
    .waitFor()
  const write = sheet.getByRole('button', { name: /^Export \d+ files, / })
  const asGeotiff = await write.innerText()
  await sheet.getByRole('button', { name: /Format/ }).click()
  await page.getByRole('option', { name: 'Both' }).click()
  await expect.poll(() => write.innerText()).not.toBe(asGeotiff)
  expect(await axeFindings(page)).toEqual([])
  const folder = temporaryFolder()
  await sheet.getByRole('textbox', { name: 'Folder', exact: true }).fill(folder)
  await sheet.getByRole('textbox', { name: 'Name of the new folder' }).fill('maps')
  await expect.poll(() => write.isEnabled()).toBe(true)
  const told = Number(/\d+/.exec(await write.innerText())![0])
  await write.click()
  const message = page.getByRole('region', { name: 'Messages' }).getByText(/\d+ files, .* in /)
  await message.waitFor({ timeout: 60_000 })
  const names = readdirSync(join(folder, 'maps')).toSorted()
  // Written aside: nothing else is left beside it.
  expect(readdirSync(folder)).toEqual(['maps'])
  expect(names).toHaveLength(told)
  const maps = names.filter((name) => name.endsWith('.tif'))
  for (const name of maps)
    for (const ending of ['.qml', '.sld']) expect(names).toContain(name.replace(/\.tif$/, ending))
  const means = maps.filter((name) => /-\d\d\.tif$/.test(name))
  for (const name of means) expect(names).toContain(name.replace(/\.tif$/, '.json'))

  // The NetCDF file holds the very numbers of the maps, day by day, and says why there are none.
  const [netcdf] = names.filter((name) => name.endsWith('.nc'))
  const path = join(folder, 'maps', netcdf)
  const described = await describeRaster(path)
  const series = described.layers.find(({ subdataset }) => /(^|:)soil_moisture$/.test(subdataset))!
  expect(series.bands).toHaveLength(means.length)
  expect(described.layers.some(({ subdataset }) => /(^|:)reason$/.test(subdataset))).toBe(true)
  expect(described.layers.some(({ subdataset }) => /(^|:)soil_moisture_q05$/.test(subdataset))).toBe(true)
  const reader = new RasterReader({ cacheBytes: 1e7 })
  try {
    const tif = join(folder, 'maps', means.at(-1)!)
    const { grid } = (await describeRaster(tif)).layers[0]
    const window = { row: 0, col: 0, rows: grid.rows, cols: grid.cols }
    const read = (file: string, subdataset: string, band: number): Promise<Block> => {
      const source = { path: file, subdataset, band, grid, scale: 1, offset: 0, nodata: [], validRange: null }
      return reader.read(source, window)
    }
    const [ofMap, ofSeries] = await Promise.all([read(tif, '', 1), read(path, series.subdataset, means.length)])
    expect(ofSeries.values).toEqual(ofMap.values)
  } finally {
    reader.close()
  }
  expect(faults).toEqual([])
}, 120_000)

test('a project is packed from its menu, and the pack opens', async () => {
  const { page, faults } = await openWindow({ projectPath: farm.copy() })
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await page.getByRole('menuitem', { name: /^Pack project/ }).click()
  const sheet = page.getByRole('dialog', { name: /^Pack / })
  await sheet.getByRole('grid', { name: 'What stays outside' }).getByText('probes.csv').waitFor()
  expect(await axeFindings(page)).toEqual([])
  const folder = temporaryFolder()
  await sheet.getByRole('textbox', { name: 'Folder', exact: true }).fill(folder)
  await sheet.getByRole('textbox', { name: 'Name of the new folder' }).fill('pack')
  const pack = sheet.getByRole('button', { name: /^Pack \d+ files, / })
  await expect.poll(() => pack.isEnabled()).toBe(true)
  await pack.click()
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.getByText(/\d+ files, .* in .*pack/).waitFor({ timeout: 60_000 })
  expect(readdirSync(join(folder, 'pack')).toSorted()).toEqual(
    expect.arrayContaining(['data', 'farm-runs', 'farm.loam', 'methods.txt', 'outside.txt', 'ro-crate-metadata.json']),
  )
  const opened = await openWindow({ projectPath: join(folder, 'pack', 'farm.loam') })
  await showPlace(opened.page, 'Data')
  await opened.page.getByRole('option', { name: /dem/ }).waitFor()
  expect(await opened.page.getByText('source not found').count()).toBe(0)
  expect([...faults, ...opened.faults]).toEqual([])
}, 120_000)
