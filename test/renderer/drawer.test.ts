import { expect, test } from 'vitest'
import { axeFindings } from './axe.ts'
import { openWindow } from './browser.ts'
import { farmForTests } from './farm-for-tests.ts'
import { finishedFarm } from './finished-farm.ts'
import { smallTargets } from './reach.ts'
import { settled, showPlace } from './window-steps.ts'

const farm = farmForTests(finishedFarm)

test('at 1100 px what is clicked opens the inspector as a drawer, with the history of the place', async () => {
  const { page, faults } = await openWindow({ projectPath: farm.copy(), size: { width: 1100, height: 700 } })
  await showPlace(page, 'Explore')
  const drawer = page.getByRole('complementary', { name: 'Right panel' })
  const toggle = page.getByRole('button', { name: 'Right panel', exact: true })
  expect(await drawer.count()).toBe(0)

  const map = (await page.locator('.map-stage').boundingBox())!
  const click = () => page.mouse.click(map.x + 0.6 * map.width, map.y + 0.45 * map.height)
  await page.locator('.legend-card').first().waitFor()
  await click()
  await drawer.waitFor()
  const box = (await drawer.boundingBox())!
  for (const region of ['.time-region', '.status-bar'])
    expect(box.y + box.height).toBeLessThanOrEqual((await page.locator(region).boundingBox())!.y + 0.5)
  // The map keeps its width below the drawer.
  expect((await page.locator('.map-stage').boundingBox())!.width).toBe(map.width)
  await drawer.getByText('90 % interval').waitFor()
  await settled(page)
  expect([...(await axeFindings(page)), ...(await smallTargets(page))]).toEqual([])

  await page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  await click()
  await page.getByRole('button', { name: 'Close the right panel' }).click()
  await drawer.waitFor({ state: 'detached' })
  await toggle.click()
  await drawer.waitFor()
  expect(await toggle.getAttribute('aria-pressed')).toBe('true')

  // Another place has another map to look at: it closes, unless it was asked for with the place.
  await showPlace(page, 'Runs')
  await drawer.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+d')
  await page.getByRole('main', { name: 'Data' }).waitFor()
  await drawer.getByRole('heading', { name: 'Derive a field' }).waitFor()
  expect(faults).toEqual([])
}, 120_000)
