import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Random } from '../../main/engine/numeric/index.ts'
import { gridOfFile, writeGeoTiff } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { closeBrowser, openWindow } from './browser.ts'
import { dropFiles } from './dropping.ts'
import { exportMaps, expectColoursOfValues, fillFolder, runWithCancel, validateAndReport } from './story-steps.ts'
import { showPlace } from './window-steps.ts'

afterAll(closeBrowser)

test('the synthetic sample, from making it to its exported maps', { timeout: 400_000 }, async () => {
  const folder = join(temporaryFolder(), 'sample')
  const { page, faults } = await openWindow()
  await page.getByRole('button', { name: /^Sample project/ }).click()
  const sheet = page.getByRole('dialog', { name: 'Sample project' })
  await fillFolder(sheet, folder)
  await sheet.getByRole('textbox', { name: 'Days' }).fill('5')
  await sheet.getByRole('textbox', { name: 'Side of the area' }).fill('500')
  await sheet.getByRole('button', { name: 'Make sample project' }).click()
  await page.getByRole('tab', { name: 'Data' }).waitFor({ timeout: 90_000 })

  // One more predictor, dropped from outside.
  const random = new Random(3)
  const grid = await gridOfFile(join(folder, 'catchment', 'soil', 'clay.tif'))
  const values = Float32Array.from({ length: grid.rows * grid.cols }, () => random.uniform())
  const dropped = join(temporaryFolder(), 'roughness.tif')
  await writeGeoTiff(dropped, { grid, bands: [{ name: 'roughness', values, unit: '1' }] })
  await dropFiles(page, [dropped])
  await page.getByRole('button', { name: 'Add 1 dataset' }).click()
  const list = page.getByRole('listbox', { name: /^Datasets and stations/ })
  const added = list.getByRole('option', { name: /roughness/ })
  await added.waitFor()
  await added.click()
  await page.keyboard.press('p')

  await showPlace(page, 'Model')
  await page.getByRole('button', { name: /^Predictors/ }).click()
  await page.getByText('11 predictors').first().waitFor()
  await expect
    .poll(() => page.locator('.preview-words').innerText(), { timeout: 60_000 })
    .toMatch(/^Preview · [\d ]+ of [\d ]+ rows/)
  await runWithCancel(page)
  await page.getByRole('button', { name: 'Show on the map' }).click()
  expect(await expectColoursOfValues(page)).toBeGreaterThan(3)
  await validateAndReport(page)
  const target = join(temporaryFolder(), 'out')
  mkdirSync(target)
  const files = await exportMaps(page, target)
  expect(files.filter((name) => name.endsWith('.tif'))).toHaveLength(5)
  expect(faults).toEqual([])
})
