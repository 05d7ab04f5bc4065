import { expect, test } from 'vitest'
import { parseRecipe } from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { axeFindings } from './axe.ts'
import { openWindow } from './browser.ts'
import { farmForTests } from './farm-for-tests.ts'
import { farmData } from './finished-farm.ts'
import { tabInto } from './keyboard.ts'
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

const farm = farmForTests(farmData)

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

/** A draft without a test part, with the map's layers not yet chosen. */
async function projectWithDraft(): Promise<string> {
  const path = farm.copy()
  const engine = await Engine.open(path, 'write')
  const { document, revision } = engine.project.workspace()
  const draft = { ...tinyRecipe, predictors: { height: 'dem', green: 'green' } }
  engine.project.putWorkspace({ label: 'Draft', revision, document: { ...document, recipe: draft } })
  await engine.close()
  return path
}

test('a test part is chosen by station, by draw, on the map and by dates, and says what it seals', async () => {
  const { page, faults } = await openWindow({ projectPath: await projectWithDraft() })
  await showPlace(page, 'Model')
  await page.getByRole('button', { name: /^Samples & split/ }).click()
  await page.getByText('Sealed test part', { exact: true }).click()
  const part = page.getByRole('region', { name: 'What is sealed' })
  const list = part.getByRole('listbox', { name: 'Stations to seal' })
  const sealed = () => list.getByRole('option', { selected: true }).allInnerTexts()
  const namesOf = (texts: readonly string[]) => texts.map((text) => /P\d+/.exec(text)?.[0])
  const sentence = () => part.getByRole('status').innerText()
  await list.getByRole('option', { name: /^P1 / }).click()
  await list.getByRole('option', { name: /^P2 / }).click()
  await expect.poll(sentence, { timeout: 30_000 }).toContain('2 of 12 stations on all dates; 40 of 240 rows (17 %)')
  const folds = page.getByRole('region', { name: 'Folds' })
  await expect.poll(() => folds.getByRole('row', { name: /^Sealed/ }).innerText()).toMatch(/40\s+–\s+2\s+0/)
  expect(await axeFindings(page)).toEqual([])

  // Typing into the search leaves what it hides sealed; by keyboard a station is one key.
  await part.getByRole('textbox', { name: 'Find a station' }).fill('P7')
  await expect.poll(() => list.getByRole('option').count()).toBe(1)
  await tabInto(page, list, 'the stations')
  await page.keyboard.press('Space')
  await part.getByRole('textbox', { name: 'Find a station' }).fill('')
  await expect.poll(async () => namesOf(await sealed())).toEqual(['P1', 'P2', 'P7'])

  await part.getByRole('button', { name: 'Draw 2 of 12 stations' }).click()
  await expect.poll(async () => (await sealed()).length).toBe(2)
  const drawn = await sealed()
  await part.getByRole('button', { name: 'Seal none' }).click()
  await expect.poll(async () => (await sealed()).length).toBe(0)
  await page.keyboard.press('Control+z')
  await expect.poll(sealed).toEqual(drawn)

  await part.getByRole('textbox', { name: 'From' }).fill('2011-05-01')
  await part.getByRole('textbox', { name: 'To' }).fill('2011-05-05')
  await expect.poll(sentence, { timeout: 30_000 }).toContain('5 of 20 dates in all places; 90 of 240 rows')

  // The same by keyboard on the calendar of the folds.
  await part.getByRole('button', { name: 'Seal no period' }).click()
  await expect.poll(sentence, { timeout: 30_000 }).toContain('40 of 240 rows')
  await part.getByRole('button', { name: 'Brush on the calendar' }).click()
  await part.getByRole('button', { name: 'Stop brushing' }).waitFor()
  await folds.getByRole('application', { name: /^Folds by day, 20 days/ }).focus()
  for (const key of ['Home', 'Shift+ArrowDown', 'Shift+ArrowDown']) await page.keyboard.press(key)
  await folds.getByText('2011-05-01 to 2011-05-03').waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(sentence, { timeout: 30_000 }).toContain('3 of 20 dates in all places; 70 of 240 rows')

  await part.getByRole('button', { name: 'Draw on the map' }).click()
  await part.getByText('Drag a rectangle on the map').waitFor()
  await page.getByText(/^1 : \d/).waitFor()
  const map = (await page.locator('.map-stage').boundingBox())!
  const [x, y] = [map.x + map.width / 2, map.y + map.height / 2]
  await page.mouse.move(x - 30, y - 40)
  await page.mouse.down()
  await page.mouse.move(x, y)
  await page.mouse.move(x + 30, y + 40)
  await page.mouse.up()
  await expect.poll(() => part.getByRole('textbox', { name: 'West' }).inputValue()).toMatch(/^500/)
  await part.getByRole('button', { name: 'Seal no area' }).click()
  await expect.poll(() => part.getByRole('textbox', { name: 'West' }).inputValue()).toBe('')
  expect(faults).toEqual([])
}, 240_000)

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
