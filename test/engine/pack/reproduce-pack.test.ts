import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Recipe } from '../../../main/contract/index.ts'
import type { PackedData } from '../../../main/contract/index.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { hashBytes } from '../../../main/engine/files/index.ts'
import { packProject } from '../../../main/engine/pack/index.ts'
import { loam } from '../../fronts/loam-process.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { smallCatchment } from '../runs/small-catchment.ts'
import type { SmallCatchment } from '../runs/small-catchment.ts'

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const power = { workers: 2, cacheBytes: 32e6 }
let made: SmallCatchment
/** Where the first machine's folder went: nothing of it can be reached by any path of the project. */
let away: string
let packs: string
/** SHA-256 of every file of the run on the first machine, by its place in the run's folder. */
let first: Record<string, string>

/** One finished run of the synthetic catchment, packed with its data and without, and then taken away. */
beforeAll(async () => {
  made = await smallCatchment({ size: 200, days: 6, seed: 11 })
  const path = made.copyOf('farm')
  const engine = await Engine.open(path, 'write')
  const whole = made.recipeOf(2)
  const recipe = Recipe.parse({ ...whole, learner: { type: 'forest', treeCount: 8 }, split: { by: 'place', folds: 2 } })
  const run = await engine.plan(recipe)
  await engine.run(run.id, power, quiet)
  first = filesBelow(run.folder)
  packs = mkdtempSync(join(tmpdir(), 'loam-packs-'))
  const pack = (name: string, data: PackedData) =>
    packProject(engine.project, { to: join(packs, name), data }, { ...quiet, onProgress: () => {} })
  await pack('full', 'used')
  await pack('bare', 'none')
  await engine.close()
  away = `${made.folder}-away`
  renameSync(made.folder, away)
}, 180_000)
afterAll(() => {
  for (const folder of [away, packs]) rmSync(folder, { recursive: true, force: true })
})

/** A pack on another machine: at another depth, its files with other times. @returns its folder */
function unpack(name: 'full' | 'bare'): string {
  const folder = join(temporaryFolder(), 'from Ana', name)
  cpSync(join(packs, name), folder, { recursive: true })
  return folder
}

function filesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name))
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), hashBytes(readFileSync(path))]))
}

const runIn = (pack: string): string => join(pack, 'farm-runs', 'r0001')
const isCompared = (file: string): boolean => /\.tif$|\.loammodel$|^results\.json$/.test(file)

test('a run of a pack is computed once more to the same bytes, and nothing that it recorded changes', async () => {
  const full = unpack('full')
  const engine = await Engine.open(join(full, 'farm.loam'), 'write')
  try {
    const { compared, changedVersions } = await engine.reproduce('r0001', power, quiet)
    expect(changedVersions).toEqual([])
    expect(compared.map(({ file }) => file).toSorted()).toEqual(Object.keys(first).filter(isCompared).toSorted())
    for (const { file, was, is } of compared) expect([file, was, is]).toEqual([file, first[file], first[file]])
  } finally {
    await engine.close()
  }
  // Where the inputs are now stands beside what was recorded, and is no part of it.
  const { 'places.json': places, ...recorded } = filesBelow(runIn(full))
  expect(recorded).toEqual(first)
  expect(places).toBeDefined()
  const crate = readFileSync(join(full, 'ro-crate-metadata.json'), 'utf8')
  expect(crate).toContain('farm-runs/r0001/plan.json')
  expect(crate).not.toContain('places.json')
}, 120_000)

test('without its data it says which files are wanted, and is reproduced by the command line once they are linked', async () => {
  const [full, bare] = [unpack('full'), unpack('bare')]
  const lost = await loam(['reproduce', 'farm.loam', '--json'], bare)
  expect(lost.code).toBe(65)
  const { error } = JSON.parse(lost.stdout) as {
    error: { code: string; message: string; details: { runs: { error: { details: { files: Wanted[] } } }[] } }
  }
  expect(error.code).toBe('source_missing')
  const wanted = error.details.runs[0].error.details.files
  const data = filesBelow(join(full, 'data'))
  expect(wanted.map(({ sha256 }) => sha256).toSorted()).toEqual(Object.values(data).toSorted())
  expect(error.message).toContain(`${wanted.length} of the ${wanted.length} files`)
  expect(error.message).toContain(`  ${wanted[0].dataset}: ${wanted[0].file}, SHA-256 ${wanted[0].sha256}\n`)
  expect(error.message).toMatch(/loam relink ".*farm\.loam" FOLDER/)
  expect(readFileSync(join(bare, 'outside.txt'), 'utf8')).toContain('reproducing r0001 needs it')

  const relinked = await loam(['relink', 'farm.loam', join(full, 'data')], bare)
  expect(relinked).toMatchObject({ code: 0, stdout: expect.stringMatching(/ 0 still missing/) })
  const again = await loam(['reproduce', 'farm.loam', 'r0001'], bare)
  const count = Object.keys(first).filter(isCompared).length
  expect(again, again.stderr).toMatchObject({ code: 0, stdout: `Run r0001: identical bytes in all ${count} files.\n` })
  // Opened for reading, not even a note of where the inputs are is left.
  expect(filesBelow(runIn(bare))).toEqual(first)
}, 120_000)

interface Wanted {
  readonly dataset: string
  readonly file: string
  readonly sha256: string
}

test('an input with other contents is told by dataset, file and the SHA-256 that is wanted', async () => {
  const engine = await Engine.open(join(unpack('full'), 'farm.loam'), 'read')
  try {
    const { files } = engine.project.storedDataset('clay')
    const [{ path, sha256 }] = files
    const bytes = readFileSync(path)
    bytes[bytes.length - 1] ^= 1
    writeFileSync(path, bytes)
    utimesSync(path, 1e9, 1e9)
    const fault = engine.reproduce('r0001', power, quiet)
    await expect(fault).rejects.toMatchObject({
      code: 'input_changed',
      message: expect.stringContaining(`  clay: ${path} has other contents; wanted is SHA-256 ${sha256}\n`),
      details: { files: [{ dataset: 'clay', file: path, sha256, bytes: bytes.length }] },
    })
  } finally {
    await engine.close()
  }
}, 60_000)
