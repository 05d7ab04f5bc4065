// What is driven for each picture. A state is opened in its project (`sample` unless said) and then acted on.
import { filesToImport } from './projects.mjs'
import { longerWords } from './longer-words.mjs'

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
  async (page, folder) => {
    for (const step of steps) await step(page, folder)
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

const run = (id) => async (page) => {
  await page.getByText(id, { exact: true }).first().click()
  await page.waitForTimeout(2500)
}
/** Dropped as a user's pointer does it: the browser itself reads the files. */
async function importFiles(page, folder) {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: filesToImport(folder), dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await session.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data })
  await page.getByRole('button', { name: /^Add \d+ datasets/ }).waitFor({ timeout: 60_000 })
  await page.waitForTimeout(3000)
}

/** Name → what to do from the opened sample; `home` ones begin without a project. */
export const states = {
  'home-empty': { project: 'none', act: async () => {} },
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
      await page.getByLabel('Date').fill('2018-06-23')
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
  runs: { act: inTurn(place('Runs'), run('r0001')) },
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
  'home-recent': { project: 'none', recent: true, act: async (page) => page.waitForTimeout(1500) },
  'import-sheet': { project: 'empty', act: importFiles },
  'import-refused': {
    project: 'empty',
    act: inTurn(importFiles, async (page) => {
      await page.getByRole('region', { name: 'Refused files' }).scrollIntoViewIfNeeded()
      await page.waitForTimeout(600)
    }),
  },
  grids: {
    act: inTurn(place('Data'), palette('Area and grids'), async (page) => {
      await page.keyboard.press('Enter')
      await page.waitForTimeout(3000)
    }),
  },
  'data-unreachable': {
    project: 'troubled',
    act: inTurn(place('Data'), async (page) => {
      await page
        .getByRole('option', { name: /permeability/ })
        .first()
        .click()
      await page.waitForTimeout(1500)
    }),
  },
  'model-leak': {
    act: inTurn(place('Model'), async (page) => {
      await page.getByText('Samples & split').click()
      await page.waitForTimeout(2500)
      await page.getByRole('button', { name: /Held out together/ }).click()
      await page.getByRole('option', { name: /random/i }).click()
      await page.waitForTimeout(5000)
      await page.keyboard.press('Control+z')
    }),
  },
  'run-running': {
    project: 'troubled',
    act: inTurn(place('Runs'), run('r0005'), async (page) => {
      await page.getByRole('button', { name: /^(Resume|Start)/ }).click()
      await page.getByRole('list', { name: 'Steps' }).getByText('under way').first().waitFor({ timeout: 60_000 })
      await page.waitForTimeout(1000)
    }),
    after: async (page) => {
      const cancel = page.getByRole('button', { name: 'Cancel' })
      if (await cancel.isVisible()) await cancel.click()
    },
  },
  'run-failed-day': { project: 'troubled', act: inTurn(place('Runs'), run('r0004')) },
  'run-compare': {
    project: 'troubled',
    act: inTurn(place('Runs'), run('r0002'), async (page) => {
      await page.getByRole('button', { name: 'Compare with another run' }).click()
      await page.getByRole('menuitem', { name: /r0001/ }).click()
      await page.waitForTimeout(3000)
    }),
  },
  'explore-wide': { sizes: ['1920x1080'], act: inTurn(place('Explore'), clickMap(0.5, 0.45)) },
  'validate-wide': { sizes: ['1920x1080'], act: place('Validate') },
  'field-wide': { sizes: ['900x700'], act: async (page) => page.waitForTimeout(2500) },
  'explore-dense': { sizes: ['1440x900'], density: 2, act: place('Explore') },
  'longer-words': {
    act: inTurn(place('Model'), async (page) => {
      await page.evaluate(longerWords)
      await page.waitForTimeout(6000)
    }),
  },
  'right-to-left': {
    act: inTurn(async (page) => page.evaluate(() => (document.documentElement.dir = 'rtl')), place('Explore')),
  },
}

/** States shown at both sizes. */
export const atBothSizes = new Set([
  'home-empty',
  'import-sheet',
  'data',
  'explore',
  'inspector',
  'model-cards',
  'runs',
  'validate',
  'report',
])
