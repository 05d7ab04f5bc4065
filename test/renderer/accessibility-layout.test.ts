import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { Engine } from '../../main/engine/engine.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { openWindow } from './browser.ts'
import { dropFiles } from './dropping.ts'
import { farmForTests } from './farm-for-tests.ts'
import { finishedFarm } from './finished-farm.ts'
import { layoutFaults, lengthenTexts, turnAround } from './layout.ts'
import { outOfReach } from './reach.ts'
import { lookAtViews } from './views.ts'
import { settled, showPlace } from './window-steps.ts'

const farm = farmForTests(finishedFarm)

const patience = { timeout: 240_000 }
/** Dates and numbers of the widgets run from right to left too. */
const turned = { locale: 'he-IL' }
const low = { width: 1100, height: 700 }

const faultsOf = async (page: Page): Promise<string[]> => [...(await layoutFaults(page)), ...(await outOfReach(page))]

async function faultsOfViews(page: Page, manner: string): Promise<string[]> {
  const found: string[] = []
  const look = async (view: string): Promise<void> => {
    await settled(page)
    found.push(...(await faultsOf(page)).map((line) => `${manner}; ${view}: ${line}`))
  }
  await lookAtViews(page, look)
  return found
}

describe('the layout survives longer words and lines from right to left', patience, () => {
  test('in every place of a finished project, down to 200 % zoom', async () => {
    const { page, faults } = await openWindow({ projectPath: farm.copy(), size: low, ...turned })
    await showPlace(page, 'Data')
    await turnAround(page)
    await lengthenTexts(page)
    const found = await faultsOfViews(page, '40 % longer, from right to left')
    await page.evaluate(() => (document.documentElement.dir = 'ltr'))
    await page.setViewportSize({ width: 720, height: 450 })
    found.push(...(await faultsOfViews(page, '40 % longer at 200 %')))
    expect(found).toEqual([])
    expect(faults).toEqual([])
  })

  test('on the start page, in the import sheet, and in the window of a hand-held machine', async () => {
    const start = await openWindow({ size: low, ...turned })
    await start.page.getByRole('heading', { name: 'Recent projects' }).waitFor()
    await turnAround(start.page)
    await lengthenTexts(start.page)
    const found = (await faultsOf(start.page)).map((line) => `start page: ${line}`)

    const folder = temporaryFolder()
    await (await Engine.create(join(folder, 'empty.loam'))).close()
    const empty = await openWindow({ projectPath: join(folder, 'empty.loam'), size: low, ...turned })
    await showPlace(empty.page, 'Data')
    await turnAround(empty.page)
    await lengthenTexts(empty.page)
    await dropFiles(
      empty.page,
      ['dem.tif', 'probes.csv', 'places.csv'].map((name) => join(farm.folder, 'sources', name)),
    )
    const sheet = empty.page.getByRole('dialog')
    await sheet.locator('.import-row').nth(1).waitFor()
    await sheet.locator('.import-row button').first().click()
    found.push(...(await faultsOf(empty.page)).map((line) => `import: ${line}`))

    const field = await openWindow({
      projectPath: farm.copy(),
      size: { width: 412, height: 915 },
      hasTouch: true,
      ...turned,
    })
    await field.page.locator('.field-tabs').waitFor()
    await turnAround(field.page)
    await lengthenTexts(field.page)
    for (const tab of [0, 1, 2, 3]) {
      await field.page.locator('.field-tabs button').nth(tab).click()
      await settled(field.page)
      found.push(...(await faultsOf(field.page)).map((line) => `hand-held, page ${tab + 1}: ${line}`))
    }
    expect(found).toEqual([])
    expect([...start.faults, ...empty.faults, ...field.faults]).toEqual([])
  })
})
