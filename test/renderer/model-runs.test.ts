import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { Engine } from '../../main/engine/engine.ts'
import { openWindow } from './browser.ts'
import { farmForTests } from './farm-for-tests.ts'
import { farmData } from './finished-farm.ts'
import { hear } from './hear.ts'
import type { Heard } from './hear.ts'
import { choose, openCard, press, tabTo, write } from './keyboard.ts'
import { stateOfRun } from './story-steps.ts'
import { showPlace } from './window-steps.ts'

const farm = farmForTests(farmData)

async function startRun(page: Page): Promise<void> {
  // The last edit is being checked.
  await expect.poll(() => page.getByRole('button', { name: 'Run …' }).isEnabled()).toBe(true)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('dialog').waitFor()
  const start = page.getByRole('button', { name: 'Start' })
  await expect.poll(() => start.isEnabled(), { timeout: 20_000 }).toBe(true)
  await page.getByText('parts are computed already').waitFor()
  await page.keyboard.press('Control+Enter')
  await page.locator('.run-page').waitFor()
}

test('by keyboard alone: a recipe from nothing, its preview, a run, cancel, resume, a second run compared', async () => {
  const { page, faults } = await openWindow({ projectPath: farm.copy() })
  await showPlace(page, 'Model')
  await page.getByText('Choose a target and two predictors').waitFor()
  await press(page, /^New recipe/)

  await openCard(page, 'Target')
  await tabTo(page, /Learn from/)
  await choose(page, 'Stations')
  await page.getByText('sm of probes, at 5 cm, daily').first().waitFor()

  await openCard(page, 'Predictors')
  for (const name of ['dem', 'green', 'Day number']) {
    await tabTo(page, /Add a predictor/)
    await choose(page, name)
  }
  await openCard(page, 'Output')
  await tabTo(page, /Fine grid/)
  await choose(page, 'Cells of dem')
  await tabTo(page, /^From/)
  await page.keyboard.type('2011-05-03')
  await tabTo(page, /^To/)
  await page.keyboard.type('2011-05-08')

  // What is missing is said on its card until nothing is.
  await expect.poll(() => page.getByText('to choose', { exact: false }).filter({ visible: true }).count()).toBe(0)
  await expect
    .poll(() => page.locator('.preview-words').innerText(), { timeout: 30_000 })
    .toMatch(/^Preview · \d+ of \d+ rows/)
  expect(await page.locator('.model-methods').innerText()).toContain('6 daily maps, 2011-05-03 to 2011-05-08')
  expect(await page.getByRole('region', { name: 'Importance in the preview' }).innerText()).toContain('dem')

  const heard = await hear(page, '.run-words')
  await startRun(page)
  await press(page, /^Cancel/)
  await expect.poll(() => stateOfRun(page), { timeout: 10_000 }).toBe('cancelled')
  await press(page, /^Resume/)
  await expect.poll(() => stateOfRun(page), { timeout: 120_000 }).toMatch(/^done/)
  expect(await page.locator('.run-page').innerText()).toContain('6 of 6 days')
  await page.getByRole('img', { name: /soil moisture on 2011-05-08, mean 0\.\d{3}/ }).waitFor()
  // The first run's maps are layers without being asked for.
  await showPlace(page, 'Explore')
  await page.getByText('New recipe r0001').first().waitFor()

  await showPlace(page, 'Runs')
  await press(page, /More for r0001/)
  await page.getByRole('menu').waitFor()
  await page.keyboard.type('Re-run')
  await page.keyboard.press('Enter')
  await page.getByText('From run r0001: nothing changed yet').waitFor()
  await openCard(page, 'Learner & tuning')
  await tabTo(page, /^Trees/)
  await page.keyboard.type('20')
  await page.keyboard.press('Tab')
  await page.getByText('1 setting changed').waitFor()
  await tabTo(page, /Seek the settings/)
  await page.keyboard.press('Space')
  await page.getByLabel('Combinations a search tries').waitFor()
  await write(page, /^Combinations a search tries/, '4')
  await page.keyboard.press('Tab')
  await page.locator('.model-methods').getByText('Bayesian search (4 trials)').waitFor()
  await startRun(page)
  await expect.poll(() => stateOfRun(page), { timeout: 120_000 }).toMatch(/^done/)
  const tuning = page.getByRole('region', { name: 'Tuning' })
  expect(await tuning.innerText()).toMatch(
    /Of 4 settings \(a Bayesian search, seed 1\).*no score: each of the 10 folds/,
  )
  await press(page, /^4 trials/)
  expect(await tuning.getByRole('row').count()).toBe(5)
  expect(await tuning.getByRole('row', { name: /chosen/ }).count()).toBe(1)

  await press(page, /Compare with/)
  await page.locator('.popover').getByText('r0001').waitFor()
  await page.keyboard.press('Enter')
  const differ = page.getByRole('region', { name: 'Settings that differ' })
  await differ.waitFor()
  expect(await differ.innerText()).toMatch(/learner\.treeCount\s+20\s+126/)
  expect(await page.getByRole('region', { name: 'Scores of both', exact: true }).innerText()).toContain('place folds')

  // A screen reader was told of each state, and of progress at most every 10 s.
  const said = await heard()
  expect(said.map(({ words }) => words)).toEqual(
    expect.arrayContaining(
      [/^Run r0001 is cancelled/, /^Run r0001 is done/, /^Run r0002 is done/].map((words) =>
        expect.stringMatching(words),
      ),
    ),
  )
  const isProgress = ({ words }: Heard): boolean => words.endsWith('% of all')
  // The page needs a moment from deciding to saying.
  for (const [i, each] of said.entries())
    if (i > 0 && isProgress(each)) expect(each.atMs - said[i - 1].atMs).toBeGreaterThan(9500)
  expect(faults).toEqual([])
}, 400_000)

test('a recipe for other data says at each card what is lacking, and undo brings the former draft back', async () => {
  const { page, faults } = await openWindow({ projectPath: farm.copy() })
  await showPlace(page, 'Model')
  await page.getByRole('button', { name: 'Start from a recipe …' }).click()
  await page.getByRole('button', { name: /^twente/ }).click()
  await page.getByText(/\d+ to mend/).waitFor()
  expect(await page.getByRole('button', { name: 'Run …' }).isEnabled()).toBe(false)
  await page.getByRole('button', { name: /^Predictors/ }).click()
  expect(await page.locator('.model-remarks').innerText()).toMatch(/"s1"|"wells"|"lst"/)
  await page.keyboard.press('Control+z')
  await page.getByText('Choose a target and two predictors').waitFor()
  expect(faults).toEqual([])
})

test('a split by weeks is drawn on the calendar, which arrow keys walk day by day', async () => {
  const projectPath = farm.copy()
  const engine = await Engine.open(projectPath, 'write')
  const { revision, document } = engine.project.workspace()
  engine.project.putWorkspace({ label: 'Draft', revision, document: { ...document, recipe: weekly } })
  await engine.close()
  const { page, faults } = await openWindow({ projectPath, size: { width: 1100, height: 700 } })
  await showPlace(page, 'Model')
  await page.getByRole('button', { name: /^Samples & split/ }).click()
  const calendar = page.getByRole('application', { name: /Folds by day/ })
  await calendar.waitFor({ timeout: 20_000 })
  // 2011-05-01 is a Sunday: its week has one day here, and the next one begins on Monday.
  await calendar.focus()
  const told = page.locator('.day-calendar-words')
  await expect.poll(() => told.innerText()).toMatch(/^2011-05-01: tested by fold \d$/)
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => told.innerText()).toMatch(/^2011-05-02: tested by fold \d$/)
  const monday = await told.innerText()
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => told.innerText()).toBe(monday.replace('2011-05-02', '2011-05-03'))
  expect(faults).toEqual([])
})

const weekly = {
  loam: 'recipe/1',
  name: 'weekly',
  grid: { like: 'dem' },
  target: { stations: 'probes', variable: 'sm', depth: [0.05, 0.05] },
  predictors: { height: 'dem', green: 'green' },
  split: { by: 'time', folds: 3, timeBlock: 'week' },
  learner: { type: 'forest', treeCount: 10 },
  product: { period: { from: '2011-05-03', to: '2011-05-04' } },
}
