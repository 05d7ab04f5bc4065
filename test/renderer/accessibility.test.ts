import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { Engine } from '../../main/engine/engine.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { axeFindings } from './axe.ts'
import { openWindow } from './browser.ts'
import { dropFiles } from './dropping.ts'
import { farmForTests } from './farm-for-tests.ts'
import { finishedFarm } from './finished-farm.ts'
import { movingParts, outOfReach, smallTargets, unmarkedFocus } from './reach.ts'
import { placeNames, settled, showPlace } from './window-steps.ts'

const farm = farmForTests(finishedFarm)

const patience = { timeout: 240_000 }

/** Findings of one view in light and dark. */
async function inBothThemes(page: Page, name: string): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await settled(page)
    found.push(...(await axeFindings(page)).map((line) => `${name}, ${colorScheme}: ${line}`))
  }
  return found
}

describe('axe finds nothing and no target is small', patience, () => {
  test('in any place, light and dark', async () => {
    const { page, faults } = await openWindow({ projectPath: farm.copy(), reducedMotion: 'reduce' })
    const found: string[] = []
    for (const place of placeNames) {
      await showPlace(page, place)
      found.push(...(await inBothThemes(page, place)))
      found.push(...(await smallTargets(page)).map((line) => `${place}: ${line}`))
      found.push(...(await movingParts(page)).map((line) => `${place}: ${line}`))
    }
    expect(found).toEqual([])
    expect(faults).toEqual([])
  })

  test('in the sheets, menus and lists of an open project', async () => {
    const { page, faults } = await openWindow({ projectPath: farm.copy(), reducedMotion: 'reduce' })
    await showPlace(page, 'Model')
    // A run can only be started once its recipe was checked.
    await expect.poll(() => page.getByRole('button', { name: 'Run …' }).isEnabled()).toBe(true)
    const found: string[] = []
    const look = async (name: string): Promise<void> => {
      await page.locator('[role="dialog"], [role="menu"], [role="listbox"]').first().waitFor()
      found.push(...(await inBothThemes(page, name)))
      found.push(...(await smallTargets(page)).map((line) => `${name}: ${line}`))
      await page.keyboard.press('Escape')
      await page.locator('[role="dialog"]').waitFor({ state: 'detached' })
    }
    for (const [name, keys] of [
      ['palette', 'Control+K'],
      ['settings', 'Control+,'],
      ['all keys', '?'],
      ['new project', 'Control+Shift+N'],
      ['file chooser', 'Control+O'],
      ['start of a run', 'Control+Enter'],
    ]) {
      await page.keyboard.press(keys)
      await look(name)
    }
    await page.getByRole('button', { name: /^Messages and tasks/ }).click()
    await look('messages')
    await page.getByRole('button', { name: 'Menu', exact: true }).click()
    await look('menu')
    expect(found).toEqual([])
    expect(faults).toEqual([])
  })

  test('on the start page and in an empty project, with its first import', async () => {
    const { page, faults } = await openWindow({ reducedMotion: 'reduce' })
    await page.getByRole('heading', { name: 'Recent projects' }).waitFor()
    const found = await inBothThemes(page, 'start page')
    const folder = temporaryFolder()
    await (await Engine.create(join(folder, 'empty.loam'))).close()
    const empty = await openWindow({ projectPath: join(folder, 'empty.loam'), reducedMotion: 'reduce' })
    for (const place of placeNames) {
      await showPlace(empty.page, place)
      found.push(...(await inBothThemes(empty.page, `empty ${place}`)))
    }
    await dropFiles(
      empty.page,
      ['dem.tif', 'probes.csv', 'places.csv'].map((name) => join(farm.folder, 'sources', name)),
    )
    await empty.page.getByRole('button', { name: 'Add 2 datasets' }).waitFor()
    found.push(...(await inBothThemes(empty.page, 'import')), ...(await smallTargets(empty.page)))
    expect(found).toEqual([])
    expect([...faults, ...empty.faults]).toEqual([])
  })
})

test('with colours forced by the system every focus stays marked', patience, async () => {
  const { page } = await openWindow({ projectPath: farm.copy(), forcedColors: 'active' })
  const found: string[] = []
  for (const place of placeNames) {
    await showPlace(page, place)
    found.push(...(await unmarkedFocus(page)).map((line) => `${place}: ${line}`))
  }
  expect(found).toEqual([])
})

test('at twice the size nothing is out of reach', patience, async () => {
  const { page } = await openWindow({ projectPath: farm.copy(), size: { width: 720, height: 450 } })
  const found: string[] = []
  for (const place of placeNames) {
    await showPlace(page, place)
    found.push(...(await outOfReach(page)).map((line) => `${place}: ${line}`))
  }
  expect(found).toEqual([])
})
