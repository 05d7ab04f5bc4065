import type { Page } from 'playwright-core'
import { showPlace } from './window-steps.ts'

/** Views of a window with a finished project. Nothing is found by its text, which may have been lengthened. */
const finishedViews: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  Data: (page) => showPlace(page, 'Data'),
  'Data, a dataset': (page) => page.locator('.source-item').first().click(),
  'Data, stations': (page) => page.locator('.source-item').last().click(),
  Explore: (page) => showPlace(page, 'Explore'),
  'Explore, the style of a layer': (page) => page.locator('.layer-name').first().click(),
  'Explore, a cell': async (page) => {
    const box = (await page.locator('.map-stage').boundingBox())!
    await page.mouse.click(box.x + 0.5 * box.width, box.y + 0.45 * box.height)
  },
  Model: (page) => showPlace(page, 'Model'),
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].map((card) => [
      `Model, card ${card + 1}`,
      (page: Page) => page.locator('.model-card').nth(card).click(),
    ]),
  ),
  Runs: (page) => showPlace(page, 'Runs'),
  Validate: (page) => showPlace(page, 'Validate'),
  Report: (page) => showPlace(page, 'Report'),
}

/** Sheets and menus → the keys that open them. */
const sheetKeys = {
  palette: 'Control+K',
  settings: 'Control+,',
  'all keys': '?',
  'new project': 'Control+Shift+N',
  'file chooser': 'Control+O',
}

/** Shows one view after another, and each sheet and menu, and has each looked at. */
export async function lookAtViews(page: Page, look: (view: string) => Promise<void>): Promise<void> {
  for (const [view, show] of Object.entries(finishedViews)) {
    await show(page)
    await look(view)
  }
  for (const [view, keys] of Object.entries(sheetKeys)) {
    await page.keyboard.press(keys)
    await page.getByRole('dialog').waitFor()
    await look(view)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
}
