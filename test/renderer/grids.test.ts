import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { Engine } from '../../main/engine/engine.ts'
import { writeGeoTiff } from '../../main/engine/raster/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { axeFindings } from './axe.ts'
import { closeBrowser, openWindow } from './browser.ts'
import { showPlace } from './window-steps.ts'

afterAll(closeBrowser)

/** A coarse product of 4 km that is the target, and cells of 100 m that lie 40 m east of where they would fit. */
async function project(): Promise<string> {
  const folder = temporaryFolder()
  const raster = async (name: string, west: number, cell: number, cells: number): Promise<void> => {
    const values = Float32Array.from({ length: cells * cells }, (_, i) => 0.1 + (0.3 * i) / (cells * cells))
    await writeGeoTiff(join(folder, `${name}_20180601.tif`), {
      grid: { crs: 'EPSG:32631', transform: [west, cell, 0, 5_000_000, 0, -cell], rows: cells, cols: cells },
      bands: [{ name: '', values }],
    })
  }
  await raster('sm', 500_000, 4000, 4)
  await raster('ndvi', 500_040, 100, 120)
  const path = join(folder, 'Farm.loam')
  const engine = await Engine.create(path, 'Farm')
  for (const name of ['sm', 'ndvi']) await engine.addRasters({ name, paths: [join(folder, `${name}_20180601.tif`)] })
  const { document, revision } = engine.project.workspace()
  const recipe = { target: { raster: 'sm' } }
  engine.project.putWorkspace({ label: 'Begin', revision, document: { ...document, crs: 'EPSG:32631', recipe } })
  await engine.close()
  return path
}

const numberIn = async (page: Page, name: string): Promise<number> =>
  Number((await page.getByRole('textbox', { name, exact: true }).inputValue()).replace(/[^\d.-]/g, ''))

async function choose(page: Page, label: RegExp, option: RegExp): Promise<void> {
  await page.getByRole('button', { name: label }).click()
  await page.getByRole('option', { name: option }).click()
}

test('the area is drawn on the map, and the grids are chosen with their nesting beside them', async () => {
  const { page, faults } = await openWindow({ projectPath: await project() })
  await showPlace(page, 'Data')
  await page.getByRole('button', { name: 'More about the data' }).click()
  await page.getByRole('menuitem', { name: 'Area and grids' }).click()
  const panel = page.getByRole('complementary', { name: 'Right panel' })
  await panel.getByRole('heading', { name: 'Area and grids' }).waitFor()
  // No layer is drawn yet: the map shows where the data lie.
  await page.locator('.scale-bar').waitFor()
  await panel.getByRole('button', { name: 'Draw on the map' }).click()
  await panel.getByText('Drag a rectangle on the map.').waitFor()
  const map = (await page.locator('.map-stage').boundingBox())!
  const at = (x: number, y: number): [number, number] => [map.x + x * map.width, map.y + y * map.height]
  await page.mouse.move(...at(0.42, 0.4))
  await page.mouse.down()
  await page.mouse.move(...at(0.5, 0.55), { steps: 4 })
  await page.mouse.move(...at(0.58, 0.65), { steps: 4 })
  await page.mouse.up()
  await panel.getByRole('button', { name: 'Draw on the map' }).waitFor()
  const [west, south, east, north] = [
    await numberIn(page, 'West'),
    await numberIn(page, 'South'),
    await numberIn(page, 'East'),
    await numberIn(page, 'North'),
  ]
  // It lies on what is shown, and is as wide as what was drawn in relation to its height.
  expect(west).toBeGreaterThan(495_000)
  expect(east).toBeLessThan(521_000)
  const shape = (0.16 * map.width) / (0.25 * map.height)
  expect((east - west) / (north - south)).toBeCloseTo(shape, 1)

  // The fine cells are off; they snap.
  await choose(page, /Cells$|^Cells/, /of ndvi/)
  const audit = panel.getByRole('region', { name: 'How the grids lie in each other' })
  await audit.getByText(/The fine grid lies 40 m east of where its cells would fit/).waitFor()
  await audit.getByRole('button', { name: 'Snap to it' }).click()
  await audit.getByText(/A 4 km cell holds exactly 1.600 cells of 100 m\./).waitFor()

  // A training grid of one's own over the area is off as well.
  await choose(page, /Training cells/, /of a size of one’s own/)
  await panel.getByRole('textbox', { name: /Size of a training cell/ }).fill('1000')
  await page.keyboard.press('Tab')
  await audit.getByText(/^The training grid lies/).waitFor()
  await audit.getByRole('button', { name: 'Snap to it' }).click()
  await audit.getByText('A 4 km cell holds exactly 16 training cells of 1 km.').waitFor()
  await audit.getByText(/A training cell of 1 km averages 100 fine cells of 100 m\./).waitFor()
  expect(await axeFindings(page)).toEqual([])
  // One step each.
  await page.keyboard.press('Control+z')
  await audit.getByText(/^The training grid lies/).waitFor()
  expect(faults).toEqual([])
}, 120_000)
