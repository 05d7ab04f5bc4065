import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { LayerStyle } from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { writeGeoTiff } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { axeFindings } from './axe.ts'
import { closeBrowser, openWindow } from './browser.ts'
import { expectFocusKept, nameOfFocus } from './keyboard.ts'
import { showPlace } from './window-steps.ts'

afterAll(closeBrowser)

/** A project with daily NDVI of which days are missing, a field that fills them, a layer and a predictor of it; and a field of two
 *  steps. */
async function project(): Promise<{ path: string; data: string }> {
  const folder = temporaryFolder()
  const data = join(folder, 'data')
  mkdirSync(data)
  for (const day of [1, 2, 4]) {
    const values = Float32Array.from({ length: 400 }, (_, i) => 0.1 + i / 1000 + day / 100)
    await writeGeoTiff(join(data, `ndvi_2018060${day}.tif`), {
      grid: { crs: 'EPSG:32631', transform: [500_000, 100, 0, 5_000_000, 0, -100], rows: 20, cols: 20 },
      bands: [{ name: '', values }],
    })
  }
  const path = join(folder, 'farm', 'Farm.loam')
  mkdirSync(join(folder, 'farm'))
  const engine = await Engine.create(path, 'Farm')
  await engine.addRasters({ name: 'ndvi', paths: [data] })
  const { document, revision } = engine.project.workspace()
  const expression = { fillInTime: 'ndvi', maxAgeDays: 8 }
  const recent = { antecedent: { fillInTime: 'ndvi', maxAgeDays: 4 }, days: 2, statistic: 'mean' as const }
  engine.project.putWorkspace({
    label: 'Begin',
    revision,
    document: {
      ...document,
      crs: 'EPSG:32631',
      recipe: { fields: { filled: expression, recent }, predictors: { filled: 'filled' } },
      layers: [
        {
          id: 'l1',
          name: 'filled',
          source: { of: 'field', expression, fields: {}, name: 'filled' },
          isVisible: true,
          style: LayerStyle.parse({ ramp: 'viridis', range: { mode: 'dataset' } }),
        },
      ],
    },
  })
  await engine.close()
  return { path, data }
}

const fields = (page: Page) => page.getByRole('region', { name: 'Derived fields' })

test('a field is opened again, changed, renamed and undone; moved files are linked again; a dataset is renamed', async () => {
  const { path, data } = await project()
  const elsewhere = temporaryFolder()
  renameSync(data, join(elsewhere, 'moved'))
  const { page, faults } = await openWindow({ projectPath: path })
  await showPlace(page, 'Explore')
  const layer = page.getByRole('grid', { name: 'Layers' }).getByRole('row', { name: /filled/ })
  await layer.getByText('source not found').waitFor()

  await showPlace(page, 'Data')
  const list = page.getByRole('listbox', { name: /^Datasets and stations/ })
  await list.getByRole('option', { name: /ndvi/ }).click()
  await page.getByRole('button', { name: 'Locate …' }).click()
  const chooser = page.getByRole('dialog', { name: 'Folder the files were moved to' })
  await chooser.getByRole('textbox', { name: 'Folder' }).fill(elsewhere)
  await page.keyboard.press('Enter')
  await chooser.getByRole('gridcell', { name: 'moved', exact: true }).waitFor()
  await chooser.getByRole('button', { name: 'Look in here' }).click()
  const sheet = page.getByRole('dialog', { name: 'Locate moved files' })
  await sheet.getByText('3 files of 1 dataset found, known by size and contents.').waitFor()
  await sheet.getByText(join(elsewhere, 'moved', 'ndvi_20180601.tif')).waitFor()
  expect(await axeFindings(page)).toEqual([])
  // Nothing was changed yet.
  expect(await list.getByText('source not found').count()).toBe(1)
  await sheet.getByRole('button', { name: 'Link 3 files' }).click()
  await sheet.waitFor({ state: 'detached' })
  await list.getByText('source not found').waitFor({ state: 'detached' })

  // F2 renames; the field made of it follows.
  await list.getByRole('option', { name: /ndvi/ }).click()
  await page.keyboard.press('F2')
  const rename = page.getByRole('dialog', { name: 'Rename ndvi' })
  await rename.getByRole('textbox', { name: 'Name' }).fill('modis')
  await page.keyboard.press('Enter')
  await rename.waitFor({ state: 'detached' })
  await list.getByRole('option', { name: /modis/ }).waitFor()

  await fields(page).getByRole('button', { name: 'filled', exact: true }).click()
  await page.getByRole('heading', { name: 'Change filled' }).waitFor()
  const age = page.getByRole('textbox', { name: /Oldest value that is used/ })
  expect(await age.inputValue()).toBe('8')
  expect(await page.getByRole('button', { name: /Field with gaps/ }).textContent()).toContain('modis')
  await page.getByText('These follow a change at once.').waitFor()
  const change = page.getByRole('button', { name: 'Change field filled' })
  expect(await change.isDisabled()).toBe(true)
  await age.fill('16')
  await page.keyboard.press('Tab')
  await expect.poll(() => change.isEnabled()).toBe(true)
  expect(await axeFindings(page)).toEqual([])
  await change.click()
  await page.getByRole('heading', { name: 'Change filled' }).waitFor({ state: 'detached' })

  await fields(page).getByRole('button', { name: 'filled', exact: true }).focus()
  await page.keyboard.press('F2')
  await page.getByRole('dialog', { name: 'Rename filled' }).getByRole('textbox', { name: 'Name' }).fill('ndvi_16d')
  await page.keyboard.press('Enter')
  await fields(page).getByRole('button', { name: 'ndvi_16d', exact: true }).click()
  await page.getByRole('heading', { name: 'Change ndvi_16d' }).waitFor()
  expect(await age.inputValue()).toBe('16')
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'Change ndvi_16d' }).waitFor({ state: 'detached' })
  // The layer was called after the field and shows it still.
  await showPlace(page, 'Explore')
  await page
    .getByRole('grid', { name: 'Layers' })
    .getByRole('row', { name: /ndvi_16d/ })
    .waitFor()
  await showPlace(page, 'Data')
  await page.keyboard.press('Control+z')
  await fields(page).getByRole('button', { name: 'filled', exact: true }).waitFor()
  await page.keyboard.press('Control+z')
  await fields(page).getByRole('button', { name: 'filled', exact: true }).click()
  await expect.poll(() => age.inputValue()).toBe('8')

  await changeSteps(page)
  // While its files were missing, the layer could not be planned.
  expect(faults.filter((fault) => !/404 .*\/api\/layers$/.test(fault))).toEqual([])
}, 180_000)

/** A field of two steps is opened; a third is written as text, its fault mended, shown as a form and kept. */
async function changeSteps(page: Page): Promise<void> {
  await fields(page).getByRole('button', { name: 'recent', exact: true }).click()
  await page.getByRole('heading', { name: 'Change recent' }).waitFor()
  const steps = page.getByRole('list', { name: 'Steps, innermost first' })
  const heads = steps.locator('.step-open')
  // What was renamed before is followed inside.
  await expect.poll(() => heads.allTextContents()).toEqual(['1Fill gaps in time: modis', '2Days before: step 1'])
  expect(await page.getByRole('textbox', { name: 'Days before' }).inputValue()).toBe('2')
  await heads.nth(1).focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'What step 1 is' }).waitFor()
  expect(await page.getByRole('textbox', { name: /Oldest value that is used/ }).inputValue()).toBe('4')
  // Its facts come above the list, which closes when the panel moves under it.
  await page
    .locator('section', { has: page.getByRole('heading', { name: 'What step 1 is' }) })
    .locator('dl')
    .waitFor()
  await page.getByRole('progressbar', { name: 'Checking the field' }).waitFor({ state: 'detached' })
  const shown = page.getByRole('button', { name: /On the map/ })
  await shown.click()
  await page.getByRole('option', { name: /^step 1/ }).click()
  expect(await axeFindings(page)).toEqual([])

  await steps.getByRole('button', { name: 'More about step 1' }).click()
  await page.getByRole('menuitem', { name: 'Insert a step before' }).click()
  await expect.poll(() => heads.count()).toBe(3)
  // What comes new has the focus, as the menu is gone.
  await expect.poll(() => nameOfFocus(page)).toContain('Fill gaps in time: modis')
  await page.getByRole('button', { name: /How/ }).click()
  await page.getByRole('option', { name: /Written out/ }).click()
  const text = page.getByRole('textbox', { name: 'Expression' })
  expect(JSON.parse(await text.inputValue())).toEqual({ fillInTime: 'modis', maxAgeDays: 8 })
  await text.fill('{ "mask": "modis",\n"by": "modis", "keep": { "min": "low" } }')
  await page.getByText('Line 2: keep.min needs a number, not "low"').waitFor()
  await page.getByText('not complete').first().waitFor()
  const change = page.getByRole('button', { name: 'Change field recent' })
  expect(await change.isDisabled()).toBe(true)
  await text.fill('{ "mask": "modis", "by": "modis", "keep": { "min": 0.15 } }')
  await page.getByRole('button', { name: 'Show it as steps' }).click()
  const from = page.getByRole('textbox', { name: 'From' })
  expect(await from.inputValue()).toBe('0.15')

  // What was not saved is there again with all that was typed.
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await from.waitFor({ state: 'detached' })
  await fields(page).getByRole('button', { name: 'recent', exact: true }).click()
  await expect.poll(() => from.inputValue()).toBe('0.15')
  await steps.getByRole('button', { name: 'More about step 2' }).click()
  await page.getByRole('menuitem', { name: 'Take it out' }).click()
  await expect.poll(() => heads.count()).toBe(2)
  await page.getByRole('button', { name: /^Put back/ }).focus()
  await page.keyboard.press('Enter')
  await expectFocusKept(page, 'putting a step back')
  await expect.poll(() => heads.count()).toBe(3)
  await expect.poll(() => change.isEnabled()).toBe(true)
  await change.click()
  await page.getByRole('heading', { name: 'Change recent' }).waitFor({ state: 'detached' })
  await fields(page).getByRole('button', { name: 'recent', exact: true }).click()
  await expect
    .poll(() => heads.allTextContents())
    .toEqual(['1Mask: modis, modis', '2Fill gaps in time: step 1', '3Days before: step 2'])
}
