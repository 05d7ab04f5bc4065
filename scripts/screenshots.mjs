// npm run screenshots: drives the window through its states on the synthetic sample and keeps small pictures in docs/screenshots/.
// Arguments choose by name. Needs Chromium. Pictures of a window of 1440 × 900 in light are 720 pixels wide, the others 420.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { orSayWhy, setUp } from './setup.mjs'
import { root } from './setup/places.mjs'

await orSayWhy(() => setUp({ programs: ['chromium'] }))
const chosen = process.argv.slice(2)
const folder = join(tmpdir(), 'loam-screenshots')
const out = `${root}/docs/screenshots`
mkdirSync(out, { recursive: true })
const project = join(folder, 'sample', 'virtual-catchment.loam')
if (!existsSync(project)) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await command(['demo', '--folder', join(folder, 'sample'), '--size', '500', '--days', '20'])
}

const place = (name) => async (page) => {
  await page.getByRole('tab', { name, exact: true }).click()
  await page.waitForTimeout(2500)
}
const press = (keys) => async (page) => {
  await page.locator('.map-stage').focus()
  await page.keyboard.press(keys)
  await page.waitForTimeout(2500)
}
const inTurn =
  (...steps) =>
  async (page) => {
    for (const step of steps) await step(page)
  }
const clickMap = (x, y) => async (page) => {
  const box = await page.locator('.map-stage').boundingBox()
  await page.mouse.click(box.x + x * box.width, box.y + y * box.height)
  await page.waitForTimeout(3500)
}
const palette = (text) => async (page) => {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(text)
  await page.waitForTimeout(600)
}

/** Name → what to do from the opened sample; `home` ones begin without a project. */
const states = {
  'home-empty': { home: true, act: async () => {} },
  data: { act: place('Data') },
  'data-card': {
    act: inTurn(place('Data'), async (page) => {
      await page.getByRole('grid', { name: 'Datasets' }).getByText('coarse', { exact: true }).first().click()
      await page.waitForTimeout(1500)
    }),
  },
  explore: { act: place('Explore') },
  inspector: { act: inTurn(place('Explore'), clickMap(0.55, 0.4)) },
  'explore-matrix': {
    act: inTurn(place('Explore'), async (page) => {
      await page.getByRole('button', { name: 'Charts', exact: true }).click()
      await page.waitForTimeout(6000)
    }),
  },
  swipe: { act: inTurn(place('Explore'), press('s')) },
  'grid-dates': {
    act: inTurn(place('Explore'), press('g'), async (page) => {
      await page.getByRole('button', { name: /Pictures differ by/ }).click()
      await page.getByRole('option', { name: 'by date' }).click()
      await page.waitForTimeout(5000)
    }),
  },
  difference: { act: inTurn(place('Explore'), press('x')) },
  'no-data-day': {
    act: inTurn(place('Explore'), async (page) => {
      await page.getByLabel('Date').fill('2018-06-14')
      await page.keyboard.press('Enter')
      await page.waitForTimeout(2500)
    }),
  },
  'model-cards': {
    act: inTurn(place('Model'), async (page) => {
      await page.waitForTimeout(9000)
    }),
  },
  'model-split': {
    act: inTurn(place('Model'), async (page) => {
      await page.getByText('Samples & split').click()
      await page.waitForTimeout(6000)
    }),
  },
  'start-sheet': {
    act: inTurn(place('Model'), async (page) => {
      await page.getByRole('button', { name: 'Run …', exact: true }).click()
      await page.waitForTimeout(9000)
    }),
  },
  runs: { act: place('Runs') },
  validate: { act: place('Validate') },
  'validate-station': {
    act: inTurn(place('Validate'), async (page) => {
      await page.getByRole('grid', { name: 'Stations' }).getByRole('row').nth(2).click()
      await page.waitForTimeout(2500)
      await page.locator('.stage-content').evaluate((element) => element.scrollTo(0, 620))
      await page.waitForTimeout(600)
    }),
  },
  report: {
    act: inTurn(place('Report'), async (page) => {
      await page.getByRole('button', { name: /Write report/ }).click()
      await page.locator('.report-frame').waitFor({ timeout: 60_000 })
      await page.waitForTimeout(1500)
    }),
  },
  palette: { act: inTurn(place('Explore'), palette('co')) },
  shortcuts: {
    act: inTurn(place('Explore'), async (page) => {
      await page.keyboard.press('?')
      await page.waitForTimeout(800)
    }),
  },
  settings: {
    act: inTurn(place('Explore'), async (page) => {
      await page.keyboard.press('Control+,')
      await page.waitForTimeout(800)
    }),
  },
  field: { sizes: ['412x915'], act: async (page) => page.waitForTimeout(2500) },
  'field-station': {
    sizes: ['412x915'],
    act: async (page) => {
      await page.getByRole('tab', { name: 'Station' }).click()
      await page.waitForTimeout(2500)
    },
  },
}

/** States shown at both sizes. */
const main = new Set(['home-empty', 'data', 'explore', 'inspector', 'model-cards', 'runs', 'validate', 'report'])

const browser = await chromium.launch({
  executablePath: process.env.LOAM_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
})
let faults = 0
for (const [isHome, names] of Object.entries(byHome())) {
  const server = await serve(isHome === 'home' ? [] : [project])
  for (const name of names)
    for (const size of states[name].sizes ?? (main.has(name) ? ['1440x900', '1100x700'] : ['1440x900']))
      for (const theme of ['light', 'dark']) await take(server, name, size, theme)
  server.stop()
}
await browser.close()
process.exit(faults > 0 ? 1 : 0)

function byHome() {
  const names = Object.keys(states).filter((name) => chosen.length === 0 || chosen.some((text) => name.includes(text)))
  return { home: names.filter((name) => states[name].home), project: names.filter((name) => !states[name].home) }
}

async function take(server, name, size, theme) {
  const [width, height] = size.split('x').map(Number)
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') console.log(`  ! ${name}: ${message.text()}`)
  })
  const file = `${out}/${name}-${width}-${theme}.png`
  try {
    await page.goto(await server.address())
    await page.waitForTimeout(2500)
    await states[name].act(page)
    const picture = await page.screenshot()
    if (process.env.LOAM_SCREENSHOTS)
      writeFileSync(join(process.env.LOAM_SCREENSHOTS, `${name}-${width}-${theme}.png`), picture)
    writeFileSync(file, await smaller(page, picture, width === 1440 && theme === 'light' ? 720 : Math.min(420, width)))
    console.log(`  ✓ ${name} ${size} ${theme}`)
  } catch (fault) {
    faults++
    console.log(`  ✗ ${name} ${size} ${theme}: ${String(fault).split('\n')[0]}`)
  }
  await context.close()
}

/** The picture scaled down by the browser itself. */
async function smaller(page, picture, width) {
  const encoded = await page.evaluate(
    async ([data, wide]) => {
      const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(wide, Math.round((bitmap.height * wide) / bitmap.width))
      const drawing = canvas.getContext('2d')
      drawing.imageSmoothingQuality = 'high'
      drawing.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
      const blob = await canvas.convertToBlob({ type: 'image/png' })
      const result = new Uint8Array(await blob.arrayBuffer())
      let text = ''
      for (let i = 0; i < result.length; i += 32_768) text += String.fromCharCode(...result.subarray(i, i + 32_768))
      return btoa(text)
    },
    [picture.toString('base64'), width],
  )
  return Buffer.from(encoded, 'base64')
}

/** `loam serve`, and a fresh start address for each window. */
async function serve(args) {
  const child = spawn(process.execPath, [`${root}/scripts/loam.mjs`, 'serve', ...args, '--no-open', '--json'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') },
  })
  const waiting = []
  const told = []
  let rest = ''
  child.stdout.on('data', (text) => {
    rest += text
    for (const match of rest.matchAll(/"address":\s*"([^"]+)"/g)) {
      const next = waiting.shift()
      if (next) next(match[1])
      else told.push(match[1])
    }
    rest = rest.slice(rest.lastIndexOf('}') + 1)
  })
  const next = () => (told.length > 0 ? Promise.resolve(told.shift()) : new Promise((resolve) => waiting.push(resolve)))
  let isFirst = true
  return {
    address() {
      if (!isFirst) child.stdin.write('\n')
      isFirst = false
      return next()
    },
    stop: () => child.kill('SIGTERM'),
  }
}

function command(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${root}/scripts/loam.mjs`, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`loam ${args.join(' ')} ended with ${code}`)),
    )
  })
}
