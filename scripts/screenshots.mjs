// npm run screenshots: drives the window through its states and keeps pictures in docs/screenshots/, of full size in 256 colours.
// Arguments choose by name. Needs Chromium and pngquant.
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { inFewColours } from './screenshots/picture.mjs'
import { makeProjects } from './screenshots/projects.mjs'
import { serve } from './screenshots/server.mjs'
import { atBothSizes, states } from './screenshots/states.mjs'
import { orSayWhy, setUp } from './setup.mjs'
import { root } from './setup/places.mjs'

await orSayWhy(() => setUp({ programs: ['chromium', 'pngquant'] }))
const folder = join(tmpdir(), 'loam-screenshots')
const out = `${root}/docs/screenshots`
const originals = process.env.LOAM_SCREENSHOTS
mkdirSync(out, { recursive: true })
const projects = await makeProjects(folder)
const chosen = process.argv.slice(2)
const names = Object.keys(states).filter((name) => chosen.length === 0 || chosen.some((text) => name.includes(text)))

const browser = await chromium.launch({
  executablePath: process.env.LOAM_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
})
let faults = 0
for (const project of Object.keys(projects)) {
  const its = names.filter((name) => (states[name].project ?? 'sample') === project)
  for (const hasRecent of [false, true]) {
    const group = its.filter((name) => (states[name].recent ?? false) === hasRecent)
    if (group.length === 0) continue
    const server = serve(projects[project] ? [projects[project]] : [], configFolder(project, hasRecent))
    for (const name of group)
      for (const size of states[name].sizes ?? (atBothSizes.has(name) ? ['1440x900', '1100x700'] : ['1440x900']))
        for (const theme of ['light', 'dark']) await take(server, name, size, theme)
    await server.stop()
  }
}
await browser.close()
process.exit(faults > 0 ? 1 : 0)

/** Recent projects are kept with the settings: a first start has none, whatever was opened for other pictures. */
function configFolder(project, hasRecent) {
  return join(folder, project === 'none' && !hasRecent ? 'config-of-first-start' : 'config')
}

async function take(server, name, size, theme) {
  const [width, height] = size.split('x').map(Number)
  const { act, after, density } = states[name]
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    deviceScaleFactor: density ?? 1,
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') console.log(`  ! ${name}: ${message.text()}`)
  })
  const file = `${name}-${width}-${theme}.png`
  try {
    await page.goto(await server.address())
    await page.waitForTimeout(2500)
    await act(page, folder)
    const picture = await page.screenshot()
    if (originals) writeFileSync(join(originals, file), picture)
    writeFileSync(join(out, file), inFewColours(picture))
    await after?.(page)
    console.log(`  ✓ ${name} ${size} ${theme}`)
  } catch (fault) {
    faults++
    if (originals) writeFileSync(join(originals, `failed-${file}`), await page.screenshot())
    console.log(`  ✗ ${name} ${size} ${theme}: ${String(fault).split('\n')[0]}`)
  }
  await context.close()
}
