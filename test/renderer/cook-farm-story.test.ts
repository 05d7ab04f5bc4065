import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { describeWithSharedData, sharedData } from '../shared-data.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { closeBrowser, openWindow } from './browser.ts'
import { dropFiles } from './dropping.ts'
import { exportMaps, expectColoursOfValues, fillFolder, runWithCancel, validateAndReport } from './story-steps.ts'
import { showPlace } from './window-steps.ts'

afterAll(closeBrowser)

const files = ['vw_daily.csv', 'stations.csv', 'grids/dem.tif', 'grids/twi.tif', 'grids/ndre_mean.tif']

describeWithSharedData('cookfarm', () => {
  test('a farm of probes, from dropped files to exported maps', { timeout: 400_000 }, async () => {
    const folder = temporaryFolder()
    const { page, faults } = await openWindow()
    await page.getByRole('button', { name: /^New project/ }).click()
    const sheet = page.getByRole('dialog', { name: 'New project' })
    await sheet.getByRole('textbox', { name: 'Name' }).fill('Cook farm')
    await fillFolder(sheet, folder)
    await sheet.getByRole('button', { name: 'Make project' }).click()
    await page.getByText('Drop a folder of daily files').waitFor()

    await dropFiles(
      page,
      files.map((name) => sharedData(`cookfarm/${name}`)),
    )
    const add = page.getByRole('button', { name: /^Add \d datasets/ })
    await page.getByRole('heading', { name: /^Import · 5 files/ }).waitFor()
    await add.waitFor()
    const answer = page.getByRole('button', { name: 'Answer' })
    if (await answer.isVisible()) {
      await answer.click()
      await page.getByRole('textbox', { name: 'CRS of x and y' }).fill('EPSG:26911')
      await page.keyboard.press('Enter')
      await answer.waitFor({ state: 'detached' })
    }
    await expect.poll(() => add.innerText()).toBe('Add 4 datasets')
    await add.click()
    const list = page.getByRole('listbox', { name: /^Datasets and stations/ })
    await list.getByRole('option', { name: /vw_daily/ }).click()
    await page.keyboard.press('t')
    await list.getByText('target', { exact: true }).waitFor()

    await showPlace(page, 'Model')
    await page.getByRole('button', { name: /^Output/ }).click()
    await page.getByRole('button', { name: /Fine grid/ }).click()
    await page.getByRole('option', { name: 'Cells of dem' }).click()
    await page.getByRole('textbox', { name: 'From' }).fill('2011-06-01')
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'To' }).fill('2011-06-04')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /^Learner/ }).click()
    await page.getByRole('textbox', { name: 'Trees' }).fill('20')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => page.locator('.preview-words').innerText(), { timeout: 60_000 })
      .toMatch(/^Preview · [\d ,]+ of [\d ,]+ rows/)
    await runWithCancel(page)
    await page.getByRole('button', { name: 'Show on the map' }).click()
    expect(await expectColoursOfValues(page)).toBeGreaterThan(3)
    await validateAndReport(page)
    const target = join(folder, 'out')
    mkdirSync(target)
    const written = await exportMaps(page, target)
    // A new recipe maps its area of applicability too.
    expect(written.filter((name) => name.endsWith('_di.tif'))).toHaveLength(4)
    expect(written.filter((name) => name.endsWith('.tif'))).toHaveLength(8)
    expect(faults).toEqual([])
  })
})
