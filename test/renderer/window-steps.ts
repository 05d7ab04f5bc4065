import type { Page } from 'playwright-core'

export const placeNames = ['Data', 'Explore', 'Model', 'Runs', 'Validate', 'Report'] as const
export type PlaceName = (typeof placeNames)[number]

/** Goes to a place by its key and waits until it stands. */
export async function showPlace(page: Page, name: PlaceName): Promise<void> {
  await page.getByRole('tablist', { name: 'Places' }).waitFor()
  await page.keyboard.press(`Control+${placeNames.indexOf(name) + 1}`)
  await page.getByRole('main', { name }).waitFor()
  await settled(page)
}

/** Waits until nothing is loading and the map has drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => !document.querySelector('.loading-rows, .loading-line'))
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}
