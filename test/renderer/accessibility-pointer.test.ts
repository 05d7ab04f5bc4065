import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { openWindow } from './browser.ts'
import { farmForTests } from './farm-for-tests.ts'
import { finishedFarm } from './finished-farm.ts'
import { outOfReach, smallTargets } from './reach.ts'
import { settled } from './window-steps.ts'
import { lookAtViews } from './views.ts'

const farm = farmForTests(finishedFarm)

const patience = { timeout: 240_000 }
/** A screen for fingers: `pointer: coarse`. */
const touch = { hasTouch: true, isMobile: true }

const forFingers = async (page: Page): Promise<string[]> => [
  ...(await smallTargets(page, 44)),
  ...(await outOfReach(page)),
]

test('on a large touch screen every target is 44 px and in reach', patience, async () => {
  const { page, faults } = await openWindow({ projectPath: farm.copy(), size: { width: 1368, height: 912 }, ...touch })
  await page.locator('.window').waitFor()
  const found: string[] = []
  const look = async (view: string): Promise<void> => {
    await settled(page)
    found.push(...(await forFingers(page)).map((line) => `${view}: ${line}`))
  }
  await lookAtViews(page, look)
  await page.getByRole('button', { name: 'Menu', exact: true }).click()
  await page.getByRole('menu').waitFor()
  await look('menu')
  expect(found).toEqual([])
  expect(faults).toEqual([])
})

test('in the window of a hand-held machine every target is 44 px and in reach', patience, async () => {
  const { page, faults } = await openWindow({ projectPath: farm.copy(), size: { width: 412, height: 915 }, ...touch })
  await page.locator('.field-tabs').waitFor()
  const found: string[] = []
  for (const tab of [0, 1, 2, 3]) {
    await page.locator('.field-tabs button').nth(tab).click()
    await settled(page)
    found.push(...(await forFingers(page)).map((line) => `page ${tab + 1}: ${line}`))
  }
  expect(found).toEqual([])
  expect(faults).toEqual([])
})
