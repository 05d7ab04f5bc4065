import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../main/cli/commands/index.ts'
import { hashFile } from '../../main/engine/files/index.ts'
import { loam, shell, startLoam } from './loam-process.ts'
import { tinyRecipe, writeTinyFarm } from './tiny-farm.ts'

let folder: string
let told: { made: string; raster: string; stations: string }

/** One small farm; `farm.loam` holds its data and no run. Tests that compute work on a copy of the folder. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loam-cli-'))
  await writeTinyFarm(folder)
  const made = await ok(['new', 'farm.loam', '--name', 'Höfe & Felder'])
  const raster = await ok(['add', 'raster', 'farm.loam', 'sources/dem.tif', '--name', 'dem'])
  await ok(['add', 'raster', 'farm.loam', 'sources/green.tif', '--name', 'green', '--date-rule', 'static'])
  const table = ['sources/probes.csv', '--name', 'probes', '--values', 'sm', '--stations', 'sources/places.csv']
  const stations = await ok(['add', 'stations', 'farm.loam', ...table, '--crs', 'EPSG:32632', '--unit', 'm3 m-3'])
  told = { made, raster, stations }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function ok(args: readonly string[], cwd = folder): Promise<string> {
  const { code, stdout, stderr } = await loam(args, cwd)
  expect(code, `loam ${args.join(' ')}\n${stderr}`).toBe(0)
  return stdout
}

function copyOfFarm(name: string): string {
  const copy = `${folder}-${name}`
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true })
  return copy
}

/** Hash of every file a run is for. */
async function outputs(run: string): Promise<Record<string, string>> {
  const maps = readdirSync(join(run, 'maps')).map((file) => join('maps', file))
  const entries = [...maps, 'model.loammodel', 'results.json'].map(async (file) => [
    file,
    await hashFile(join(run, file)),
  ])
  return Object.fromEntries(await Promise.all(entries)) as Record<string, string>
}

// Many processes, each of which a busy machine may keep waiting.
const patience = { timeout: 240_000 }

describe('a story', patience, () => {
  test('a project is made and filled, and tells what it understood', async () => {
    expect(told.made).toContain('Made project "Höfe & Felder"')
    expect(await ok(['describe', 'sources/dem.tif'])).toMatch(/20 rows × 24 columns of 10 × 10 m.*EPSG:32632/)
    expect(told.raster).toMatch(/^dem: 1 file[\s\S]*variable: height, m;/)
    expect(told.stations).toMatch(
      /^probes: 12 stations, 480 observations, EPSG:32632\n {2}sm, m3 m-3; at 0.05 m, 0.3 m\n/,
    )
    const held = JSON.parse(await ok(['show', 'farm.loam', '--json'])) as { datasets: { name: string }[] }
    expect(held.datasets.map(({ name }) => name)).toEqual(['dem', 'green'])
  })

  test('a run gives scores and maps, shares of it give the same bytes, and damage is found and healed', async () => {
    const [alone, shared] = [copyOfFarm('alone'), copyOfFarm('shared')]
    try {
      const estimate = await ok(['run', 'farm.loam', 'recipe.json', '--estimate'], alone)
      expect(estimate).toMatch(/^Estimate: .* parts reused\n$/)
      const resumed = await ok(['resume', 'farm.loam', 'r0001'], alone)
      expect(resumed).toMatch(/place folds +random folds[\s\S]*\n3 daily maps in /)
      expect(await ok(['scores', 'farm.loam'], alone)).toMatch(/^Run r0001: tiny[\s\S]*R² \(NSE\)/)
      expect((await ok(['scores', 'farm.loam', '--csv'], alone)).split('\n')[0]).toContain('rmse')
      expect(await ok(['runs', 'farm.loam'], alone)).toMatch(/^run +recipe +state[^\n]*\nr0001 +tiny +done /)
      expect(await ok(['runs', 'farm.loam', 'r0001'], alone)).toMatch(/Predict tiles +done +\S.* 3 +0 +3\n/)
      expect(await ok(['show', 'farm.loam'], alone)).toMatch(/probes +stations +sm \[m3 m-3\] +12 stations/)

      const learner = { ...tinyRecipe.learner, intervals: true }
      const product = { period: { from: '2011-05-03', to: '2011-05-03' } }
      writeFileSync(join(alone, 'sure.json'), JSON.stringify({ ...tinyRecipe, name: 'sure', learner, product }))
      await ok(['run', 'farm.loam', 'sure.json'], alone)
      expect(await ok(['scores', 'farm.loam', 'r0002'], alone)).toMatch(
        /Intervals of held-out predictions\n {2}place folds: \d+\.\d % of \d+ held-out values lie in the interval from the 5 to the 95 % quantile/,
      )

      const line = `R=$($LOAM plan farm.loam recipe.json) && seq 0 2 | xargs -P 2 -I{} $LOAM part $R --task {} --of 3 && $LOAM collect $R`
      const collected = await shell(line, shared)
      expect(collected.code, collected.stderr).toBe(0)
      const made = await outputs(join(alone, 'farm-runs/r0001'))
      expect(Object.keys(made)).toHaveLength(8)
      expect(await outputs(join(shared, 'farm-runs/r0001'))).toEqual(made)

      expect(await ok(['check', 'farm.loam'], alone)).toMatch(/^\d+ files match/)
      const map = join(alone, 'farm-runs/r0001/maps/soil_moisture_2011-05-04.tif')
      const bytes = readFileSync(map)
      bytes[bytes.length - 9] ^= 1
      writeFileSync(map, bytes)
      const checked = await loam(['check', 'farm.loam'], alone)
      expect(checked).toMatchObject({ code: 74, stderr: expect.stringMatching(/damaged: .*2011-05-04\.tif/) })
      await ok(['resume', 'farm.loam', 'r0001'], alone)
      rmSync(`${map}.corrupt`)
      expect(await outputs(join(alone, 'farm-runs/r0001'))).toEqual(made)

      // A model that is not the one recorded is told with both hashes, and so are the results that name it.
      const results = join(alone, 'farm-runs/r0001/results.json')
      const forged = 'f'.repeat(64)
      writeFileSync(results, readFileSync(results, 'utf8').replace(made['model.loammodel'], forged))
      const other = await loam(['reproduce', 'farm.loam', 'r0001'], alone)
      expect(other.code, other.stderr).toBe(65)
      expect(other.stderr).toContain(
        `Run r0001: 2 of 5 files differ:\n  model.loammodel was ${forged}, is ${made['model.loammodel']}\n  results.json was `,
      )
    } finally {
      for (const copy of [alone, shared]) rmSync(copy, { recursive: true })
    }
  })

  test('a run under way is cancelled from elsewhere and by Ctrl-C, keeps others out, and resumes to the same end', async () => {
    const [calm, stopped] = [copyOfFarm('calm'), copyOfFarm('stopped')]
    try {
      const recipe = { ...tinyRecipe, learner: { type: 'forest', treeCount: 3000, minLeafSize: 1 } }
      for (const copy of [calm, stopped]) writeFileSync(join(copy, 'long.json'), JSON.stringify(recipe))
      const args = ['run', 'farm.loam', 'long.json', '--dates', '2011-05-01..2011-05-20']
      await ok(args, calm)

      const run = startLoam(args, stopped)
      await run.told('Check inputs ')
      const [other, runs] = await Promise.all([
        loam(['run', 'farm.loam', 'recipe.json'], stopped),
        ok(['runs', 'farm.loam'], stopped),
      ])
      expect(other).toMatchObject({ code: 65, stderr: expect.stringMatching(/open for writing by .*process \d+/) })
      expect(runs).toMatch(/r0001 +tiny +running/)
      expect(await ok(['cancel', 'farm.loam'], stopped)).toContain('Asked run r0001 to stop')
      expect(await run.end).toMatchObject({ code: 130, stdout: '' })
      expect(await ok(['runs', 'farm.loam'], stopped)).toMatch(/r0001 +tiny +cancelled/)

      const paused = startLoam(['resume', 'farm.loam'], stopped)
      await paused.told('Check inputs ')
      expect(await ok(['pause', 'farm.loam'], stopped)).toContain('Asked run r0001 to pause')
      expect(await paused.end).toMatchObject({ code: 75, stderr: expect.stringContaining('Paused') })
      expect(await ok(['runs', 'farm.loam'], stopped)).toMatch(/r0001 +tiny +paused/)

      const again = startLoam(['resume', 'farm.loam'], stopped)
      await again.told('Train ')
      again.child.kill('SIGINT')
      expect(await again.end).toMatchObject({ code: 130, stderr: expect.stringContaining('what was finished is kept') })
      await ok(['resume', 'farm.loam'], stopped)
      expect(await outputs(join(stopped, 'farm-runs/r0001'))).toEqual(await outputs(join(calm, 'farm-runs/r0001')))
      const none = await loam(['resume', 'farm.loam'], stopped)
      expect(none).toMatchObject({ code: 65, stderr: expect.stringContaining('no unfinished run') })
    } finally {
      for (const copy of [calm, stopped]) rmSync(copy, { recursive: true })
    }
  })

  test('moved sources are found again by their contents', async () => {
    const copy = copyOfFarm('moved')
    const away = `${folder}-away`
    try {
      mkdirSync(away)
      cpSync(join(copy, 'sources/dem.tif'), join(away, 'höhe 1.tif'))
      rmSync(join(copy, 'sources/dem.tif'))
      const lost = await loam(['run', 'farm.loam', 'recipe.json'], copy)
      expect(lost).toMatchObject({
        code: 65,
        stderr: expect.stringMatching(/dataset "dem" cannot be found.*loam relink/),
      })
      expect(await ok(['relink', 'farm.loam', away], copy)).toMatch(/dem: .*höhe 1\.tif\n1 files? relinked, 0 /)
      await ok(['plan', 'farm.loam', 'recipe.json'], copy)
    } finally {
      for (const each of [copy, away]) rmSync(each, { recursive: true, force: true })
    }
  })

  test('a table of one’s own is trained on and predicted', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${(0.1 + i / 200).toFixed(4)},${i},${i % 7}`)
    writeFileSync(join(folder, 'table.csv'), `SM,wet,noise\n${rows.join('\n')}\n`)
    const trained = await ok([
      'train',
      '--table',
      'table.csv',
      '--target',
      'SM',
      '--trees',
      '20',
      '--out',
      'm.loammodel',
    ])
    expect(trained).toMatch(/20 trees on 60 rows[\s\S]*wet +/)
    await ok(['apply', '--model', 'm.loammodel', '--table', 'table.csv', '--out', 'p.csv'])
    expect(readFileSync(join(folder, 'p.csv'), 'utf8')).toMatch(/^SM,wet,noise,prediction\n/)
    const over = await loam(['apply', '--model', 'm.loammodel', '--table', 'table.csv', '--out', './table.csv'], folder)
    expect(over).toMatchObject({ code: 65, stderr: expect.stringContaining('is an input and would be overwritten') })
    const bands = ['predict', '--model', 'm.loammodel', '--raster', 'sources/dem.tif', '--out', 's.tif']
    expect(await loam(bands, folder)).toMatchObject({ code: 65, stderr: expect.stringMatching(/no band named "wet"/) })
  })
})

test('every command explains itself', patience, async () => {
  const helps = commands.map(async ({ name, summary }) => {
    const text = await ok([...name.split(' '), '--help'])
    expect(text.replace(/\s+/g, ' ')).toContain(summary)
    expect(text).toContain('--json')
  })
  await Promise.all(helps)
  const all = await ok(['--help'])
  for (const { name } of commands) expect(all).toMatch(new RegExp(`^  ${name.split(' ')[0]}\\b`, 'm'))
})

/** Name, arguments, exit code, words of the refusal. `*.json` among the arguments is the recipe with that change. */
const refused: [string, string[], number, RegExp][] = [
  ['no command', [], 64, /not complete/],
  ['a command that is none', ['rum'], 64, /unknown command 'rum'/],
  ['a lacking argument', ['show'], 64, /missing required argument 'project'/],
  ['an unknown option', ['show', 'farm.loam', '--bogus'], 64, /unknown option/],
  ['a lacking option', ['add', 'raster', 'farm.loam', 'sources/dem.tif'], 64, /--name/],
  ['a project that is not there', ['show', 'nope.loam'], 65, /no project .*nope\.loam/],
  ['a project without its ending', ['show', 'farm'], 65, /Did you mean .*farm\.loam/],
  ['a name without .loam', ['new', 'farm'], 65, /has to end in \.loam/],
  ['a project that is there', ['new', 'farm.loam'], 65, /already a file .*farm\.loam/],
  ['a folder that is not there', ['new', 'none/x.loam'], 65, /folder .*none is not there/],
  ['a project cut short', ['show', 'cut.loam'], 65, /cut\.loam is not a sound.*salvage/],
  ['a text as project', ['runs', 'recipe.json'], 65, /not a sound Loam project/],
  ['an empty project', ['runs', 'empty.loam'], 65, /empty file/],
  ['a raster that is not there', ['describe', 'none.tif'], 65, /none\.tif does not exist/],
  ['a file that is neither', ['describe', 'recipe.json'], 65, /neither a raster nor a table/],
  ['a table as raster', [...adding('raster'), 'sources/probes.csv', '--name', 'x'], 65, /not a raster in a format/],
  ['a name in use', [...adding('raster'), 'sources/dem.tif', '--name', 'dem'], 65, /already has a dataset "dem"/],
  ['a name with a dot', [...adding('raster'), 'sources/dem.tif', '--name', 'a.b'], 65, /without a dot/],
  [
    'an unknown date rule',
    [...adding('raster'), 'sources/dem.tif', '--name', 'x', '--date-rule', 'moon'],
    65,
    /YYYYMMDD/,
  ],
  [
    'an unknown kind',
    [...adding('raster'), 'sources/dem.tif', '--name', 'x', '--kind', 'odd'],
    64,
    /circular, decibel/,
  ],
  ['a raster as table', [...adding('stations'), 'sources/dem.tif', '--name', 'x'], 65, /not a table Loam can read/],
  [
    'a column that is none',
    [...adding('stations'), 'sources/probes.csv', '--name', 'x', '--values', 'y'],
    65,
    /no column "y".*"sm"/,
  ],
  [
    'a set of a dataset’s name',
    [...adding('stations'), 'sources/probes.csv', '--name', 'dem'],
    65,
    /already has a dataset/,
  ],
  ['a recipe that is not there', ['run', 'farm.loam', 'none.json'], 65, /none\.json is not there/],
  ['a folder as recipe', ['run', 'farm.loam', '.'], 65, /is not a file/],
  ['dates that are none', ['run', 'farm.loam', 'recipe.json', '--dates', '2011-02-30'], 64, /date that exists/],
  ['no workers', ['run', 'farm.loam', 'recipe.json', '--workers', '0'], 64, /whole number from 1/],
  ['a run that is none', ['scores', 'farm.loam', 'r0009'], 65, /no run r0009/],
  ['nothing to pause', ['pause', 'farm.loam'], 65, /No run .* is under way/],
  ['nothing to cancel', ['cancel', 'farm.loam'], 65, /No run .* is under way/],
  ['nothing to reproduce', ['reproduce', 'farm.loam'], 65, /no finished run/],
  ['nothing to resume', ['resume', 'farm.loam'], 65, /no unfinished run/],
  ['a folder that is no run', ['part', '.', '--task', '0', '--of', '2'], 65, /no plan\.json/],
  ['a share that is none', ['part', '.', '--task', 'x', '--of', '2'], 64, /--task/],
  ['a place to look that is not there', ['relink', 'farm.loam', 'none'], 65, /no folder none/],
]

function adding(what: 'raster' | 'stations'): string[] {
  return ['add', what, 'farm.loam']
}

const formula = { formula: 'a + c', inputs: { a: 'dem' }, unit: 'm' }
/** Changes of the recipe, and the words of its refusal. */
const spoiled: [string, Record<string, unknown>, RegExp][] = [
  ['an unknown key', { bogus: 1 }, /has no place for "bogus"/],
  ['an unknown dataset', { predictors: { x: 'dam' } }, /"dam".*Did you mean "dem"/],
  ['an unknown name in a formula', { predictors: { x: formula } }, /"x".*unknown name "c"/],
  [
    'a fault deep inside',
    { predictors: { x: { antecedent: { fillInTime: 'dem' }, days: 2, statistic: 'sum' } } },
    /x\.antecedent\.maxAgeDays: is missing/,
  ],
  ['a depth that is not there', { target: { ...tinyRecipe.target, depth: [1, 1] } }, /no "sm" at 1 m.*0\.05 m/],
  ['an unknown grid', { grid: { like: 'nope' } }, /`grid\.like` names dataset "nope".*dem, green/],
  [
    'training without data',
    { training: { period: { from: '1999-01-01', to: '1999-02-01' } } },
    /from 2011-05-01 to 2011-05-20/,
  ],
]

describe('what cannot be done is refused, told and leaves nothing behind', () => {
  let before: string[]
  const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  beforeAll(() => {
    writeFileSync(join(folder, 'empty.loam'), '')
    cpSync(join(folder, 'farm.loam'), join(folder, 'cut.loam'))
    truncateSync(join(folder, 'cut.loam'), 6000)
    for (const [i, [, change]] of spoiled.entries())
      writeFileSync(join(folder, `spoiled-${i}.json`), JSON.stringify({ ...tinyRecipe, ...change }))
    before = files()
  })

  const recipes = spoiled.map(([name, , words], i): (typeof refused)[number] => [
    `a recipe with ${name}`,
    ['run', 'farm.loam', `spoiled-${i}.json`],
    65,
    words,
  ])
  test.each([...refused, ...recipes])('%s', async (_, args, code, words) => {
    const end = await loam(
      [...args, '--json'].filter((arg) => args.length > 0 || arg !== '--json'),
      folder,
    )
    expect(end.code, end.stderr).toBe(code)
    expect(end.stderr).not.toMatch(/\n\s+at /)
    if (args.length === 0) return expect(end.stderr).toContain('Usage: loam')
    const { error } = JSON.parse(end.stdout) as { error: { code: string; message: string } }
    expect(error.message).toMatch(words)
    expect(error.code).toMatch(code === 64 ? /^usage$/ : /^(?!internal|usage)/)
  })

  test('no file was made or removed by any of them', () => {
    expect(files()).toEqual(before)
  })
})
