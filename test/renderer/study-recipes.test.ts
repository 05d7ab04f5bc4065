import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { closeBrowser, openWindow } from './browser.ts'

afterAll(closeBrowser)

test('the start page begins a project with the recipe of a study, whose learner has its settings in the form', async () => {
  const { page, faults, folder } = await openWindow()
  const studies = page.getByRole('region', { name: 'Recipes of five studies' })
  await studies.getByRole('button').nth(4).waitFor()
  const rows = await studies.getByRole('button').allInnerTexts()
  expect(rows.map((row) => row.split('\n')[0]).sort()).toEqual(['Mongolia', 'Naqu', 'Northern China', 'Peru', 'Twente'])
  // One sentence each.
  for (const row of rows) expect(row.split('\n').at(-1)).toMatch(/^[^.]+(al\.[^.]+)?\.$/)

  await studies.getByRole('button', { name: /^Naqu/ }).click()
  const sheet = page.getByRole('dialog', { name: 'New project' })
  await sheet.getByText(/needs data under these names: albedo, cci, dem, landcover, lst, naqu, ndvi/).waitFor()
  expect(await sheet.getByLabel('Name').inputValue()).toBe('naqu')
  await sheet.getByLabel('Folder').fill(join(folder, 'naqu'))
  await sheet.getByRole('button', { name: 'Make project' }).click()

  await page.getByRole('main', { name: 'Model' }).waitFor()
  await page
    .getByText(/A support vector regression of at most 3000 rows, one for each class of landCover, its cost/)
    .first()
    .waitFor()
  await page
    .getByRole('button', { name: /Learner/ })
    .first()
    .click()
  await page.getByLabel('Cost of an error (C)').first().waitFor()
  expect(await page.getByLabel('Rows learned from').first().inputValue()).toMatch(/^3.?000$/)
  expect(await page.getByLabel('Costs tried').first().getAttribute('placeholder')).toBe('0.3, 1, 3, 10, 30')
  expect(await page.getByLabel('A model for each class of').first().inputValue()).toBe('landCover')
  expect(faults).toEqual([])
})
