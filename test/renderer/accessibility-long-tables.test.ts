import { afterAll, expect, test } from 'vitest'
import type { Locator } from 'playwright-core'
import { addDays } from '../../main/contract/index.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { axeFindings } from './axe.ts'
import { closeBrowser, openWindow } from './browser.ts'
import { longSeriesDays, longSeriesFirst, longSeriesProject } from './long-series.ts'
import { showPlace } from './window-steps.ts'

afterAll(closeBrowser)

/** Rows in the page: what is in view, and a dozen on either side to scroll into. */
const mostRows = 60

interface Shown {
  /** `aria-rowindex`, and what the first cell says, of the row the keys are on. */
  readonly row: number
  readonly day: string
  /** The whole row lies between the head and the lower edge. */
  readonly isInView: boolean
  readonly rowsInPage: number
}

/** Where the keys are, as a screen reader is told. */
const shown = (table: Locator): Promise<Shown | null> =>
  table.evaluate((grid) => {
    const at = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')
    if (!at) return null
    const [row, box] = [at.getBoundingClientRect(), grid.getBoundingClientRect()]
    const head = grid.querySelector('[aria-rowindex="1"]')!.getBoundingClientRect()
    return {
      row: Number(at.getAttribute('aria-rowindex')),
      day: at.querySelector('[role="gridcell"]')!.textContent ?? '',
      isInView: row.top >= head.bottom - 1 && row.bottom <= box.bottom + 1,
      rowsInPage: grid.querySelectorAll('[role="row"]').length,
    }
  })

test('100 000 observations of a station: what is in view is in the page, and keys reach every row', async () => {
  const { page, faults } = await openWindow({ projectPath: await longSeriesProject(temporaryFolder()) })
  await showPlace(page, 'Data')
  await page.locator('.source-item').getByText('long').click()
  const stations = page.getByRole('grid', { name: 'Stations of long' })
  await stations.getByText('old', { exact: true }).click()
  await page.getByText('n = 100 000 days').waitFor()
  // Many days lie on one dot of the drawing: it holds each dot once.
  const dots = await page.locator('.series-dots').evaluate((path) => path.getAttribute('d')!.split('M').length)
  expect(dots).toBeLessThan(20_000)
  await page.getByRole('button', { name: 'Table', exact: true }).click()
  const table = page.getByRole('grid', { name: 'sm, days' })
  await table.waitFor()
  expect(await table.getAttribute('aria-rowcount')).toBe(String(longSeriesDays + 1))

  const dayOf = (index: number) => addDays(longSeriesFirst, index)
  const expectAt = async (index: number, day = dayOf(index)): Promise<void> => {
    await expect
      .poll(async () => {
        const at = await shown(table)
        return at && { ...at, rowsInPage: at.rowsInPage < mostRows }
      })
      .toEqual({ row: index + 2, day, isInView: true, rowsInPage: true })
  }
  await table.focus()
  await page.keyboard.press('End')
  await expectAt(longSeriesDays - 1)
  await page.keyboard.press('ArrowUp')
  await expectAt(longSeriesDays - 2)
  await page.keyboard.press('Home')
  await expectAt(0)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('PageDown')
  // A page is what is in view without the head, less the row that stays for the eye.
  const page1 = (await table.evaluate((grid) => Math.floor(grid.clientHeight / 26) - 1)) + 1
  await expectAt(page1)
  await page.keyboard.press('PageUp')
  await expectAt(1)
  // A word is what was typed without a long pause. A machine so busy that it pauses itself gets another try.
  const found = Array.from({ length: longSeriesDays }, (_, i) => i).find((i) => dayOf(i) === '2001-01-01')!
  await expect
    .poll(async () => {
      await page.waitForTimeout(1000)
      await page.keyboard.press('Home')
      await page.keyboard.type('2001')
      return (await shown(table))?.day
    })
    .toBe('2001-01-01')
  await expectAt(found)

  // The latest first: the same keys count from the other end.
  await table.getByRole('button', { name: 'Date' }).click()
  await table.getByRole('button', { name: 'Date' }).press('Enter')
  await expect
    .poll(() => table.getByRole('columnheader', { name: 'Date' }).getAttribute('aria-sort'))
    .toBe('descending')
  await table.focus()
  await page.keyboard.press('Home')
  await expectAt(0, dayOf(longSeriesDays - 1))
  await page.keyboard.press('End')
  await expectAt(longSeriesDays - 1, dayOf(0))
  // Half way down by the wheel: rows come and go, their number stays.
  await table.evaluate((grid) => (grid.scrollTop = grid.scrollHeight / 2))
  await expect
    .poll(() =>
      table.evaluate((grid) => Number(grid.querySelectorAll('[role="row"]')[10]?.getAttribute('aria-rowindex'))),
    )
    .toBeGreaterThan(longSeriesDays / 2 - 100)
  expect(await table.getByRole('row').count()).toBeLessThan(mostRows)
  expect(await axeFindings(page)).toEqual([])
  expect(faults).toEqual([])
}, 240_000)
