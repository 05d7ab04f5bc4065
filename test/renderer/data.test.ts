import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Engine } from '../../main/engine/engine.ts'
import { writeGeoTiff } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { axeFindings } from './axe.ts'
import { closeBrowser, openWindow } from './browser.ts'
import type { OpenedWindow } from './browser.ts'
import { dropFiles } from './dropping.ts'
import { choose, press, tabInto, tabTo, write } from './keyboard.ts'

afterAll(closeBrowser)

/** Files of a coarse and a fine series, of stations without the CRS of their places, and one that is no raster. */
async function files(): Promise<{ folder: string; paths: string[] }> {
  const folder = join(temporaryFolder(), 'in')
  mkdirSync(folder)
  const paths: string[] = []
  const raster = async (name: string, cell: number, cells: number): Promise<void> => {
    const values = Float32Array.from({ length: cells * cells }, (_, i) => 0.1 + (0.3 * i) / (cells * cells))
    await writeGeoTiff(join(folder, name), {
      grid: { crs: 'EPSG:32631', transform: [500_000, cell, 0, 5_000_000, 0, -cell], rows: cells, cols: cells },
      bands: [{ name: '', values }],
    })
    paths.push(join(folder, name))
  }
  for (const day of [1, 2, 4, 5, 6]) await raster(`soil_moisture_2018060${day}.tif`, 1000, 4)
  for (const day of [1, 2]) await raster(`ndvi_2018060${day}.tif`, 100, 40)
  writeFileSync(
    join(folder, 'probes.csv'),
    'station,easting,northing,date,vwc_5cm\na,501000,4999000,2018-06-01,0.21\na,501000,4999000,2018-06-02,0.22\n',
  )
  writeFileSync(join(folder, 'broken.tif'), 'II*\0 this is no raster')
  return { folder, paths: [...paths, join(folder, 'probes.csv'), join(folder, 'broken.tif')] }
}

async function emptyProject(): Promise<OpenedWindow> {
  const folder = temporaryFolder()
  const engine = await Engine.create(join(folder, 'Farm.loam'), 'Farm')
  await engine.close()
  return openWindow({ projectPath: join(folder, 'Farm.loam') })
}

test('dropped files are looked into, corrected, added, and taken back', async () => {
  const { page, faults } = await emptyProject()
  const { paths } = await files()
  await page.getByText('Drop a folder of daily files').waitFor()
  await dropFiles(page, paths)
  const sheet = page.getByRole('dialog', { name: /^Import/ })
  await sheet.getByRole('heading', { name: '2 products recognised · 1 with a question · 1 refused' }).waitFor()
  const row = sheet.getByRole('row', { name: /soil_moisture_…/ })
  expect(await row.textContent()).toMatch(/5 files.*Target.*1 km.*2018-06-01 … 06-06.*5 days, 1 missing/)
  expect(await sheet.getByRole('region', { name: 'Refused files' }).textContent()).toContain('broken.tif')

  await sheet.getByRole('button', { name: /soil_moisture_…/ }).click()
  await sheet.getByLabel('Calendar of dates: 5 found in 6 days, 1 missing, 0 twice').waitFor()
  await sheet.getByRole('textbox', { name: 'Unit of soil_moisture' }).fill('m3 m-3')
  await page.keyboard.press('Enter')
  await row.getByText('m³ m⁻³').waitFor()
  await sheet.getByRole('button', { name: /soil_moisture_…/ }).click()
  await sheet.getByRole('button', { name: /probes/ }).click()
  await sheet.getByRole('textbox', { name: 'CRS of x and y' }).fill('EPSG:32631')
  await page.keyboard.press('Enter')
  await sheet.getByRole('button', { name: 'Add 3 datasets' }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  await sheet.getByRole('button', { name: 'Add 3 datasets' }).click()

  const list = page.getByRole('listbox', { name: /^Datasets and stations/ })
  await list.getByRole('option', { name: /soil_moisture/ }).waitFor()
  expect(await list.getByRole('option').allTextContents()).toHaveLength(3)
  expect(await list.getByRole('group').first().textContent()).toMatch(/^Target/)
  await page.getByRole('heading', { name: 'soil_moisture', exact: true }).waitFor()
  await page.getByRole('img', { name: /^Histogram of 16 cells/ }).waitFor()
  expect(await axeFindings(page)).toEqual([])

  await page.keyboard.press('Control+z')
  await page.getByText('Drop a folder of daily files').waitFor()
  await page.keyboard.press('Control+Shift+z')
  await list.getByRole('option', { name: /probes/ }).waitFor()
  expect(faults).toEqual([])
}, 180_000)

test('data are added, given a part, and derived from with the keyboard alone', async () => {
  const { page, faults } = await emptyProject()
  const { folder } = await files()
  await page.getByText('Drop a folder of daily files').waitFor()
  await page.keyboard.press('Control+Shift+A')
  // Until the first listing is there the field is empty, and nothing in it to select.
  await page.getByRole('dialog', { name: 'Add data' }).getByRole('row').nth(1).waitFor()
  await write(page, /Folder$/, join(folder, '..'))
  expect(await page.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe(join(folder, '..'))
  await page.keyboard.press('Enter')
  await page.getByRole('gridcell', { name: 'in', exact: true }).waitFor()
  await tabTo(page, /^Files/)
  await page.keyboard.press('ArrowDown')
  await press(page, /Look into them/)
  await page.getByRole('button', { name: 'Add 2 datasets' }).waitFor()
  await press(page, /Add 2 datasets/)
  const list = page.getByRole('listbox', { name: /^Datasets and stations/ })
  await list.getByRole('option', { name: /ndvi/ }).waitFor()
  await tabInto(page, list, 'the list of datasets')
  await page.keyboard.press('End')
  await page.keyboard.press('u')
  await list.getByText('Unassigned').waitFor()
  await page.keyboard.press('p')
  await list.getByText('Unassigned').waitFor({ state: 'detached' })

  await page.keyboard.press('Control+d')
  await page.getByRole('heading', { name: 'Derive a field' }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  await tabTo(page, /How/)
  await choose(page, 'Fill')
  await tabTo(page, /Field with gaps/)
  await choose(page, 'soil')
  await page
    .getByText(/8 days/)
    .first()
    .waitFor()
  await press(page, /Add field soil_moisture_filled/)
  await page.getByRole('region', { name: 'Derived fields' }).getByText('soil_moisture_filled').waitFor()
  expect(faults).toEqual([])
}, 180_000)
