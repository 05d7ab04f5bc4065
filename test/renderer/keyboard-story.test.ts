import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { writeTinyFarm } from '../fronts/tiny-farm.ts'
import { closeBrowser, openWindow } from './browser.ts'
import { choose, expectFocusKept, nameOfFocus, openCard, press, search, tabInto, tabTo, write } from './keyboard.ts'
import { stateOfRun } from './story-steps.ts'

afterAll(closeBrowser)

test('by keyboard alone: from the start page to a written report', { timeout: 400_000 }, async () => {
  const folder = temporaryFolder()
  await writeTinyFarm(folder)
  const { page, faults } = await openWindow()

  // A new project.
  await page.getByRole('button', { name: /^New project/ }).waitFor()
  await press(page, /^New project/)
  await page.getByRole('dialog', { name: 'New project' }).waitFor()
  await expect.poll(() => nameOfFocus(page)).toMatch(/^Name/)
  await expect.poll(() => page.getByRole('textbox', { name: 'Folder' }).inputValue()).toContain('Loam')
  await page.keyboard.type('Farm')
  await write(page, /^Folder/, folder)
  await press(page, /^Make project/)
  await page.getByRole('tab', { name: 'Data' }).waitFor()
  await expectFocusKept(page, 'a project was made')
  expect(existsSync(join(folder, 'Farm.loam'))).toBe(true)

  // Its data, chosen inside the page.
  await page.keyboard.press('Control+Shift+A')
  await page.getByRole('dialog', { name: 'Add data' }).getByRole('row').nth(1).waitFor()
  await write(page, /Folder$/, folder)
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: /sources/ }).waitFor()
  await tabTo(page, /^Files/)
  await page.keyboard.press('ArrowDown')
  await press(page, /Look into them/)
  const sheet = page.getByRole('dialog', { name: /^Import/ })
  await sheet.getByRole('row', { name: /probes/ }).waitFor()
  // The list of stations has coordinates and does not say in which CRS.
  await press(page, /Answer/)
  await write(page, /CRS of x and y/, 'EPSG:32632')
  await page.keyboard.press('Enter')
  await sheet.getByRole('row', { name: /places.*It says where/ }).waitFor()
  await expect.poll(() => sheet.getByText('no places').count()).toBe(0)
  await press(page, /^Add 3 datasets/)
  const list = page.getByRole('listbox', { name: /^Datasets and stations/ })
  await list.getByRole('option', { name: /green/ }).waitFor()
  await expectFocusKept(page, 'data were added')

  // Roles by their letters.
  await tabInto(page, list, 'the list of datasets')
  await page.keyboard.press('Home')
  await page.keyboard.type('u')
  await list.getByText('Unassigned').waitFor()
  await page.keyboard.type('p')
  await list.getByText('Unassigned').waitFor({ state: 'detached' })
  await page.keyboard.press('End')
  await page.keyboard.type('t')
  await list.getByText('target', { exact: true }).waitFor()

  // The model.
  await page.keyboard.press('Control+3')
  await page.getByRole('list', { name: 'Cards of the recipe' }).waitFor()
  await openCard(page, 'Output')
  await tabTo(page, /Fine grid/)
  await choose(page, 'Cells of dem')
  await tabTo(page, /^From/)
  await page.keyboard.type('2011-05-03')
  await tabTo(page, /^To/)
  await page.keyboard.type('2011-05-08')
  await openCard(page, 'Learner')
  await write(page, /^Trees/, '30')
  await page.keyboard.press('Tab')
  await expect
    .poll(() => page.locator('.preview-words').innerText(), { timeout: 60_000 })
    .toMatch(/^Preview · \d+ of \d+ rows/)

  // A run, cancelled and resumed. The last edit is being checked.
  await expect.poll(() => page.getByRole('button', { name: 'Run …' }).isEnabled()).toBe(true)
  await page.keyboard.press('Control+Enter')
  const start = page.getByRole('dialog').getByRole('button', { name: 'Start' })
  await expect.poll(() => start.isEnabled(), { timeout: 30_000 }).toBe(true)
  await page.keyboard.press('Control+Enter')
  await page.locator('.run-page').waitFor()
  await expectFocusKept(page, 'a run was started')
  await press(page, /^Cancel/)
  await expect.poll(() => stateOfRun(page), { timeout: 20_000 }).toBe('cancelled')
  await expectFocusKept(page, 'a run was cancelled')
  await press(page, /^Resume/)
  await expect.poll(() => stateOfRun(page), { timeout: 120_000 }).toMatch(/^done/)
  await expectFocusKept(page, 'a run was resumed')

  // One cell of the map.
  await page.keyboard.press('Control+2')
  await page.getByRole('main', { name: 'Explore' }).waitFor()
  await tabTo(page, /^Map/)
  await page.keyboard.press('Enter')
  const inspector = page.getByRole('region', { name: /^Inspect/ })
  await expect.poll(() => inspector.getByRole('row').first().innerText()).toMatch(/0\.\d{3,} m³ m⁻³/)
  await expectFocusKept(page, 'a cell was read')

  // What it is worth, and the report.
  await page.keyboard.press('Control+5')
  await page.getByRole('region', { name: 'Scores' }).first().waitFor()
  await page.keyboard.press('Control+6')
  await page.getByRole('main', { name: 'Report' }).getByRole('button', { name: 'Write report' }).waitFor()
  await press(page, /^Write report/)
  await page.locator('iframe[title="Report of run r0001"]').waitFor({ timeout: 60_000 })
  await expectFocusKept(page, 'a report was written')

  // Undo and redo from the palette; the step is named.
  await page.keyboard.press('Control+2')
  await page.getByRole('main', { name: 'Explore' }).waitFor()
  await tabTo(page, /^Map/)
  await search(page, '>undo', /^Undo/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expectFocusKept(page, 'the palette closed')
  await page.keyboard.press('Control+Shift+Z')
  await search(page, 'dark', /dark/i)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  expect(faults).toEqual([])
})
