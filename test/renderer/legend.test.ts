import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { TileProject, first, hill, utm } from '../engine/tiles/tile-project.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { closeBrowser, openWindow } from './browser.ts'

const grid = utm(20, 200, 240)
const coarse = utm(200, 20, 24)
const wet = hill(grid, 1, 0.08, 0.2)
afterAll(closeBrowser)

test('the legend: one range for a quantity until its chain is broken, shares of the view, an order of its own', async () => {
  const folder = temporaryFolder()
  const project = await TileProject.create(folder)
  await project.add('sm_fine', grid, { [first]: wet }, { unit: 'm3 m-3' })
  await project.add('sm_rough', coarse, { [first]: hill(coarse, 3, 0.08, 0.2) }, { unit: 'm3 m-3' })
  await project.close()
  const { page, faults } = await openWindow({ projectPath: join(folder, 'tiles.loam') })
  await page.getByRole('tab', { name: 'Explore' }).click()
  await page.getByRole('button', { name: /^Show sm.(fine|rough)$/ }).click()
  const parts = page.locator('.legend-entry')
  const names = () => parts.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))
  // Same quantity, unit, ramp and range: one part for both.
  await page.getByText(/^Also for sm.(fine|rough)$/).waitFor()
  expect(await parts.count()).toBe(1)

  await page.getByRole('button', { name: /: break$/ }).click()
  await expect.poll(names).toHaveLength(2)
  const [upper, lower] = (await names()) as [string, string]
  const part = (name: string) => page.getByRole('region', { name, exact: true })

  // A typed range of the one leaves the other alone.
  const fine = [upper, lower].find((name) => /fine/.test(name))!
  await part(fine)
    .getByRole('button', { name: /^Range of/ })
    .click()
  await page.getByRole('menuitem', { name: /Typed/ }).click()
  const lowest = part(fine).getByRole('textbox', { name: /^Lowest of/ })
  await lowest.fill('0.2')
  await lowest.press('Enter')
  const values = wet.filter((value) => !Number.isNaN(value))
  const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`
  const below = values.filter((value) => value < Math.fround(0.2)).length / values.length
  await part(fine)
    .getByText(`‹ ${percent(below)} below`)
    .waitFor()
  const missing = (wet.length - values.length) / wet.length
  await part(fine).getByText(percent(missing)).waitFor()
  expect(
    await part([upper, lower].find((name) => name !== fine)!)
      .getByText(/below/)
      .count(),
  ).toBe(0)

  // The tick follows the pointer: under the middle of the map lies a value.
  const box = (await page.locator('.map-stage').boundingBox())!
  await page.mouse.move(box.x + 0.62 * box.width, box.y + 0.45 * box.height)
  await expect.poll(() => part(fine).locator('.legend-cursor').count()).toBe(1)

  // Alt and an arrow moves a part, the pointer too; each is one step of undo.
  await part(upper)
    .getByRole('button', { name: /^Move the legend/ })
    .focus()
  await page.keyboard.press('Alt+ArrowDown')
  await expect.poll(names).toEqual([lower, upper])
  const grip = (await part(lower)
    .getByRole('button', { name: /^Move the legend/ })
    .boundingBox())!
  await page.mouse.move(grip.x + 8, grip.y + 8)
  await page.mouse.down()
  await page.mouse.move(grip.x + 8, grip.y + 400, { steps: 6 })
  await page.mouse.up()
  await expect.poll(names).toEqual([upper, lower])

  // Mended, the chain gives back the shared range.
  await part(fine)
    .getByRole('button', { name: /share that of/ })
    .click()
  await expect.poll(names).toHaveLength(1)
  expect(faults).toEqual([])
})
