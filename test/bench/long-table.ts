import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { packageRoot } from '../../main/engine/files/index.ts'
import { startServer } from '../../main/server/index.ts'
import { longSeriesDays, longSeriesProject } from '../renderer/long-series.ts'
import type { BenchRow } from './row.ts'

/** What is asked of the page here; the bench itself knows no window. */
interface Scope {
  readonly document: { querySelectorAll(selector: string): Iterable<Part> }
  requestAnimationFrame(then: (atMs: number) => void): number
}
interface Part {
  scrollTop: number
  readonly scrollHeight: number
  readonly textContent: string | null
  click(): void
}

/** How long the page was busy with each frame, ms: what a user feels as stutter, whatever the pace of the screen. */
type Frames = readonly number[]

/** A table of 100 000 observations, scrolled and sorted. Scripts and layout of each frame are timed in the page; drawing in software
 *  on top of it is not. A frame of 60 a second has 16.7 ms, and a click is to be answered in 100 ms. */
export async function longTable(browser: Browser): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-bench-table-'))
  const server = await startServer({
    listen: { host: '127.0.0.1', port: 0 },
    staticFolder: join(packageRoot(), 'out', 'renderer'),
    configFolder: join(folder, 'config'),
    projectPath: await longSeriesProject(folder),
  })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    await page.goto(server.newStartAddress()!)
    await page.locator('.source-item').getByText('long').click()
    await page.getByRole('grid', { name: 'Stations of long' }).getByText('old', { exact: true }).click()
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    const table = page.getByRole('grid', { name: 'sm, days' })
    await table.waitFor()
    const frames = await scroll(page)
    const sorts: number[] = []
    for (const column of ['Date', 'Date', 'sm', 'sm']) sorts.push(await sort(page, column))
    return [
      {
        figure: `table of ${longSeriesDays} rows, scrolled from end to end in ${frames.length} frames`,
        loam: `${median(frames).toFixed(1)} ms a frame`,
        note: `slowest ${Math.max(...frames).toFixed(1)} ms; ${await table.getByRole('row').count()} rows in the page`,
      },
      {
        figure: `table of ${longSeriesDays} rows, sorted by a click on its head`,
        loam: `${Math.round(median(sorts))} ms`,
        note: `slowest ${Math.round(Math.max(...sorts))} ms`,
      },
    ]
  } finally {
    await page.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const median = (values: Frames): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/** Each frame goes on by a hundredth of the table: the rows are all others, the worst that a scroll bar can ask for. */
function scroll(page: Page): Promise<Frames> {
  return page.evaluate(async () => {
    const { document, requestAnimationFrame } = globalThis as unknown as Scope
    const [grid] = document.querySelectorAll('.series-table .data-table')
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
    // A message comes after the frame's scripts, styles and layout.
    const afterFrame = () =>
      new Promise<number>((resolve) => {
        const { port1, port2 } = new MessageChannel()
        port1.addEventListener('message', () => resolve(performance.now()), { once: true })
        port1.start()
        port2.postMessage(null)
      })
    const busy: number[] = []
    for (let i = 1; i <= 100; i++) {
      grid.scrollTop = (grid.scrollHeight * i) / 100
      const began = await frame()
      busy.push((await afterFrame()) - began)
    }
    return busy
  })
}

/** From the click to the frame that shows the new order. */
function sort(page: Page, column: string): Promise<number> {
  return page.evaluate(async (name) => {
    const { document, requestAnimationFrame } = globalThis as unknown as Scope
    const buttons = [...document.querySelectorAll('.series-table [role="columnheader"] button')]
    const began = performance.now()
    buttons.find(({ textContent }) => textContent === name)!.click()
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    return performance.now() - began
  }, column)
}
