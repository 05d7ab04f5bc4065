import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { openWindow, serveProject } from './browser.ts'
import { farmForTests } from './farm-for-tests.ts'
import { finishedFarm } from './finished-farm.ts'
import { showPlace } from './window-steps.ts'

const farm = farmForTests(finishedFarm)

interface Stored {
  readonly undo: string | null
  readonly redo: string | null
  readonly document: { readonly layers: readonly { readonly style: { readonly opacity: number } }[] }
}

/** What the engine answers this page. */
const ask = <T>(page: Page, path: string): Promise<T> =>
  page.evaluate(async (address) => (await (await fetch(address)).json()) as T, `/api${path}`)

/** The document as the engine has it. */
const stored = (page: Page): Promise<Stored> => ask(page, '/workspace')
const storedOpacity = async (page: Page): Promise<number> => (await stored(page)).document.layers[0].style.opacity

async function openStyle(page: Page): Promise<void> {
  await showPlace(page, 'Explore')
  await page.getByRole('row', { name: /tiny, fine map/ }).click()
  await page.getByRole('slider', { name: 'Opacity' }).waitFor({ state: 'attached' })
}

test('a drag of a slider is one step of undo, which a restart of the engine leaves', { timeout: 120_000 }, async () => {
  const { page, faults, server, folder } = await openWindow({ projectPath: farm.copy() })
  await openStyle(page)
  const before = await stored(page)
  await page.locator('.slider-thumb').scrollIntoViewIfNeeded()
  const thumb = (await page.locator('.slider-thumb').boundingBox())!
  const [x, y] = [thumb.x + thumb.width / 2, thumb.y + thumb.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let step = 1; step <= 12; step++) {
    await page.mouse.move(x - 10 * step, y)
    // Slow enough that steps of the drag are saved one by one.
    await page.waitForTimeout(40)
  }
  await page.mouse.up()
  await expect.poll(() => page.locator('.top-bar-saved').innerText()).toBe('saved')
  const dragged = await storedOpacity(page)
  expect(dragged).toBeLessThan(0.8)
  expect((await stored(page)).undo).toMatch(/opacity/i)
  expect(faults).toEqual([])

  // The engine is killed; what is done meanwhile stays in the page and is saved when it is back.
  const project = await ask<{ path: string }>(page, '/project')
  const port = Number(new URL(server.origin!).port)
  await server.close()
  // After a pause the same slider makes a step of its own.
  await page.waitForTimeout(2100)
  await page.getByRole('slider', { name: 'Opacity' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.getByText(/stay in this window until they are saved/).waitFor()
  const next = await serveProject(project.path, folder, port)
  onTestFinished(() => next.close())
  await page.request.get(next.newStartAddress()!)
  await expect.poll(() => page.locator('.top-bar-saved').innerText()).toBe('saved')
  await expect.poll(() => storedOpacity(page)).toBeGreaterThan(dragged)

  // Another edit, and the history from before the restart.
  await page.locator('.map-stage').focus()
  await page.keyboard.press('Control+z')
  await expect.poll(() => storedOpacity(page)).toBe(dragged)
  await page.keyboard.press('Control+z')
  await expect.poll(() => storedOpacity(page)).toBe(before.document.layers[0].style.opacity)
  await page.reload()
  await page.getByRole('tab', { name: 'Explore' }).waitFor()
  await page.locator('.map-stage').focus()
  await expect.poll(async () => (await stored(page)).redo).toMatch(/opacity/i)
  await page.keyboard.press('Control+Shift+Z')
  await expect.poll(() => storedOpacity(page)).toBe(dragged)
})
