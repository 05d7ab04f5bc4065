import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRecipe } from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { axeFindings } from './axe.ts'
import { closeBrowser, openWindow } from './browser.ts'
import { farmData } from './finished-farm.ts'
import type { FinishedFarm } from './finished-farm.ts'
import { stateOfRun } from './story-steps.ts'
import { settled, showPlace } from './window-steps.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const recipe = {
  ...tinyRecipe,
  // Folds of random rows never ask the model to reach far, so that much of the map lies further.
  split: { by: 'random', folds: 3, test: { stations: ['P1', 'P2'] } },
  product: { period: { from: '2011-05-03', to: '2011-05-06' }, applicability: true },
  validation: [{ name: 'probes', stations: 'probes', variable: 'sm', depth: [0.05, 0.05] }],
}

let farm: FinishedFarm
beforeAll(async () => {
  farm = await farmData()
}, 60_000)
afterAll(async () => {
  farm.remove()
  await closeBrowser()
})

/** A finished run, and one that is planned and takes a while. */
async function projectWithRuns(): Promise<string> {
  const path = farm.copy()
  const engine = await Engine.open(path, 'write')
  const { id } = await engine.plan(parseRecipe(JSON.stringify(recipe), 'recipe.json'))
  await engine.run(id, { workers: 1 }, quiet)
  const period = { from: '2011-05-01', to: '2011-05-20' }
  const long = { ...recipe, learner: { type: 'forest', treeCount: 400, minLeafSize: 1 }, product: { period } }
  await engine.plan(parseRecipe(JSON.stringify(long), 'recipe.json'))
  await engine.close()
  return path
}

test('a sealed test part is opened for a reason; a run pauses and resumes; maps tell where they are not to be trusted', async () => {
  const { page, faults } = await openWindow({ projectPath: await projectWithRuns() })
  await showPlace(page, 'Validate')
  const seal = page.getByRole('region', { name: 'Test part' })
  await seal.getByText('Test part, sealed').waitFor()
  expect(await seal.innerText()).toContain('Stations P1, P2 · 40 rows')
  expect(await page.getByRole('region', { name: 'Verdict' }).innerText()).toContain('Area of applicability')
  expect(await axeFindings(page)).toEqual([])
  await page.getByText('inside applicability').first().waitFor()

  await seal.getByRole('button', { name: /Open the test part/ }).click()
  const sheet = page.getByRole('dialog')
  const open = sheet.getByRole('button', { name: 'Open it for good' })
  expect(await open.isEnabled()).toBe(false)
  await sheet.getByRole('textbox', { name: 'Reason' }).fill('the settings are final')
  await expect.poll(() => open.isEnabled()).toBe(true)
  expect(await axeFindings(page)).toEqual([])
  await open.click()
  await seal.getByText(/Test part, opened/).waitFor()
  expect(await seal.innerText()).toContain('Reason: the settings are final')
  expect(await axeFindings(page)).toEqual([])

  await showPlace(page, 'Runs')
  await page.getByRole('row', { name: /r0002/ }).click()
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('list', { name: 'Steps' }).getByText('under way').first().waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect.poll(() => stateOfRun(page), { timeout: 40_000 }).toBe('paused')
  expect(await page.locator('.run-page').innerText()).toContain('paused after')
  await page.getByText('It takes neither memory nor cores').waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(() => stateOfRun(page), { timeout: 120_000 }).toMatch(/^done/)

  await page.getByRole('row', { name: /r0001/ }).click()
  await page.getByRole('button', { name: 'Add maps as layers' }).click()
  await showPlace(page, 'Explore')
  await settled(page)
  await page.getByText('Outside applicability').first().waitFor()
  expect(faults).toEqual([])
}, 240_000)
