import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page, Request } from 'playwright-core'
import { Random } from '../../main/engine/numeric/index.ts'
import { packageRoot } from '../../main/engine/files/index.ts'
import { startServer } from '../../main/server/index.ts'
import { launchChromium } from '../renderer/chromium.ts'
import { loam } from './loam-command.ts'
import { longTable } from './long-table.ts'
import type { BenchRow } from './row.ts'

const folder = join(tmpdir(), 'loam-bench-ui')
const project = join(folder, 'wide.loam')
/** Minutes of scripted use; `LOAM_BENCH_MINUTES=60` for an hour. */
const minutes = Number(process.env.LOAM_BENCH_MINUTES ?? 5)

/** The window in headless Chromium, which draws in software: ratios, counts and bytes mean something, frames per second do not.
 *  The project holds synthetic daily maps of 8206 × 4204 cells (34.5 million), the size of a Twente day. */
export async function bench(): Promise<BenchRow[]> {
  await makeProject()
  const server = await startServer({
    listen: { host: '127.0.0.1', port: 0 },
    staticFolder: join(packageRoot(), 'out', 'renderer'),
    configFolder: join(folder, 'config'),
    projectPath: project,
  })
  const browser = await launchChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    const watch = watchTiles(page)
    const cdp = await page.context().newCDPSession(page)
    const rows: BenchRow[] = await longTable(browser)
    const begun = performance.now()
    await page.goto(server.newStartAddress()!)
    await page.getByRole('tab', { name: 'Explore' }).click()
    await watch.drawn()
    rows.push({
      figure: 'start to first map of a 34.5 Mpx product',
      loam: `${((performance.now() - begun) / 1000).toFixed(2)} s`,
      note: `${watch.requests} tiles, ${kilobytes(watch.bytes)}`,
    })
    // Before the map is panned: of a view that has been read there is no first look.
    rows.push(await preview(page, watch))
    await page.getByRole('tab', { name: 'Explore' }).click()
    await watch.drawn()
    rows.push(...(await pans(page, watch)))
    rows.push(...(await dates(page, watch)))
    rows.push(await heap(page, cdp, watch))
    return rows
  } finally {
    await browser.close()
    await server.close()
  }
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`

interface TileWatch {
  requests: number
  bytes: number
  /** Waits until the map has drawn everything it wants. */
  drawn(): Promise<void>
}

function watchTiles(page: Page): TileWatch {
  const watch: TileWatch = {
    requests: 0,
    bytes: 0,
    async drawn() {
      const reading = page.locator('.map-stage [aria-label="Reading the map"]')
      await page.locator('.map-stage').waitFor()
      await reading.waitFor({ state: 'detached' })
      // One quiet moment, so that what a change asks for has been asked for.
      await page.waitForTimeout(120)
      await reading.waitFor({ state: 'detached' })
    },
  }
  page.on('response', (response) => {
    if (!response.url().includes('/tiles/') || response.status() !== 200) return
    watch.requests++
    watch.bytes += Number(response.headers()['content-length'] ?? 0)
  })
  return watch
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const spread = (values: number[]): string => {
  const sorted = [...values].sort((a, b) => a - b)
  return `${Math.round(sorted[Math.floor(sorted.length / 2)])} ms (${Math.round(sorted[0])}–${Math.round(sorted.at(-1)!)})`
}

async function pans(page: Page, watch: TileWatch): Promise<BenchRow[]> {
  const map = page.locator('.map-stage')
  const box = (await map.boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -400)
  await watch.drawn()
  const [requests, bytes] = [watch.requests, watch.bytes]
  const times: number[] = []
  const count = 8
  for (let i = 0; i < count; i++)
    times.push(
      await timed(async () => {
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(x - 300, y - 60, { steps: 6 })
        await page.mouse.up()
        await watch.drawn()
      }),
    )
  return [
    {
      figure: 'a pan by 300 pixels, drawn whole',
      loam: spread(times),
      note: `${((watch.requests - requests) / count).toFixed(1)} requests, ${kilobytes((watch.bytes - bytes) / count)} a pan`,
    },
  ]
}

async function dates(page: Page, watch: TileWatch): Promise<BenchRow[]> {
  const go = async (key: '[' | ']') => {
    await page.locator('.map-stage').focus()
    return timed(async () => {
      await page.keyboard.press(key)
      await watch.drawn()
    })
  }
  const cold: number[] = []
  for (let i = 0; i < 2; i++) cold.push(await go('['))
  const warm: number[] = []
  for (const key of [']', ']', '[', '[', ']', ']'] as const) warm.push(await go(key))
  return [
    { figure: 'date change, tiles not read before', loam: spread(cold) },
    {
      figure: 'date change, tiles kept in the page',
      loam: spread(warm),
      note: 'of it 120 ms are the quiet moment of the bench',
    },
  ]
}

async function preview(page: Page, watch: TileWatch): Promise<BenchRow> {
  await page.setViewportSize({ width: 1840, height: 1180 })
  const trained = page.waitForResponse((response) => response.url().endsWith('/api/previews'), { timeout: 120_000 })
  const start = performance.now()
  await page.getByRole('tab', { name: 'Model' }).click()
  const reply = (await (await trained).json()) as {
    rows: number
    rowsOf: number
    secondsReading: number
    secondsTraining: number
  }
  const ready = performance.now()
  // The first look at the preview is whole when its first averaged tile is asked for.
  const glanced = new Set<string>()
  const layerOf = (request: Request): string => request.url().replace(/^.*\/layers\/|\/tiles.*$/g, '')
  await page.waitForRequest(
    (request) => {
      if (request.url().endsWith('cells=some')) glanced.add(layerOf(request))
      return request.url().endsWith('cells=all') && glanced.has(layerOf(request))
    },
    { timeout: 120_000 },
  )
  const seen = performance.now()
  await page.waitForTimeout(200)
  await watch.drawn()
  const box = await page.locator('.map-stage').boundingBox()
  await page.setViewportSize({ width: 1440, height: 900 })
  return {
    figure: `live preview, 126 trees, view of ${Math.round(box!.width)} × ${Math.round(box!.height)}`,
    loam: `${((seen - start) / 1000).toFixed(2)} s to the whole view`,
    note: `to the last of its averages ${((performance.now() - start) / 1000).toFixed(2)} s; reading ${reply.rows} of ${reply.rowsOf} rows ${reply.secondsReading.toFixed(2)} s, training ${reply.secondsTraining.toFixed(2)} s, first look ${((seen - ready) / 1000).toFixed(2)} s`,
  }
}

/** Pans, zooms, dates, places and cells in turn; the heap after collecting garbage, early and at the end. */
async function heap(page: Page, cdp: CDPSession, watch: TileWatch): Promise<BenchRow> {
  await page.getByRole('tab', { name: 'Explore' }).click()
  await watch.drawn()
  const used = async (): Promise<number> => {
    await cdp.send('HeapProfiler.enable')
    await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    return usedSize
  }
  const map = page.locator('.map-stage')
  const box = (await map.boundingBox())!
  const random = new Random(7)
  const at = (): [number, number] => [
    box.x + box.width * (0.2 + 0.6 * random.uniform()),
    box.y + box.height * (0.2 + 0.6 * random.uniform()),
  ]
  let early = 0
  let actions = 0
  const end = performance.now() + minutes * 60_000
  while (performance.now() < end) {
    const [x, y] = at()
    const kind = random.below(5)
    await page.mouse.move(x, y)
    if (kind === 0) await page.mouse.wheel(0, random.uniform() < 0.5 ? -300 : 300)
    else if (kind === 1) {
      await page.mouse.down()
      await page.mouse.move(...at(), { steps: 4 })
      await page.mouse.up()
    } else if (kind === 2) await page.mouse.click(x, y)
    else if (kind === 3) {
      await map.focus()
      await page.keyboard.press(random.uniform() < 0.5 ? '[' : ']')
    } else {
      await page.getByRole('tab', { name: random.uniform() < 0.5 ? 'Data' : 'Runs' }).click()
      await page.getByRole('tab', { name: 'Explore' }).click()
    }
    actions++
    if (actions % 20 === 0) await watch.drawn()
    if (actions === 60) early = await used()
  }
  const late = await used()
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  return {
    figure: `heap after ${minutes} min of scripted use`,
    loam: megabytes(late),
    ratio: early > 0 ? `${(late / early).toFixed(2)}×` : undefined,
    note: `${actions} actions; after the first 60: ${megabytes(early)}`,
  }
}

/** Three days of 8206 × 4204 cells from a forest of 126 trees over place and time, made once and kept. */
async function makeProject(): Promise<void> {
  if (existsSync(join(folder, 'done'))) return
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const random = new Random(1)
  const places = Array.from({ length: 60 }, (_, i) => ({
    id: `P${i}`,
    x: 300_000 + 82_060 * random.uniform(),
    y: 5_700_000 + 42_040 * random.uniform(),
  }))
  await writeFile(join(folder, 'places.csv'), ['id,x,y', ...places.map(({ id, x, y }) => `${id},${x},${y}`)].join('\n'))
  const days = Array.from({ length: 20 }, (_, d) => `2018-06-${String(d + 1).padStart(2, '0')}`)
  const rows = places.flatMap(({ id, x, y }) =>
    days.map((day, d) => {
      const value =
        0.25 + 0.1 * Math.sin(x / 9000) * Math.cos(y / 7000) + 0.04 * Math.sin(d / 4) + 0.01 * random.uniform()
      return `${id},${day},${value.toFixed(4)}`
    }),
  )
  await writeFile(join(folder, 'observations.csv'), ['id,date,moisture', ...rows].join('\n'))
  const recipe = {
    loam: 'recipe/1',
    name: 'wide',
    description: 'Synthetic, for the bench of the window only.',
    grid: { crs: 'EPSG:32632', cellSize: 10, extent: [300_000, 5_700_000, 382_060, 5_742_040] },
    target: { stations: 'probes', variable: 'moisture' },
    predictors: { east: { coordinate: 'x' }, north: { coordinate: 'y' }, day: { calendar: 'dayOfYear' } },
    learner: { type: 'forest', treeCount: 126, minLeafSize: 10 },
    product: { period: { from: '2018-06-10', to: '2018-06-12' }, encoding: 'int16' },
    validation: [],
  }
  await writeFile(join(folder, 'wide.json'), JSON.stringify(recipe))
  await loam(['new', project])
  const where = ['--stations', join(folder, 'places.csv'), '--crs', 'EPSG:32632', '--unit', 'm3 m-3']
  await loam(['add', 'stations', project, join(folder, 'observations.csv'), '--name', 'probes', ...where])
  await loam(['run', project, join(folder, 'wide.json')])
  await writeFile(join(folder, 'done'), '')
}
