import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRecipe } from '../../../main/contract/index.ts'
import type { PackedData } from '../../../main/contract/index.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { hashFile } from '../../../main/engine/files/index.ts'
import { packProject, planPack } from '../../../main/engine/pack/index.ts'
import { transformPoints } from '../../../main/engine/raster/index.ts'
import { readResults } from '../../../main/engine/runs/index.ts'
import { tinyRecipe } from '../../fronts/tiny-farm.ts'
import { finishedFarm } from '../../renderer/finished-farm.ts'
import type { FinishedFarm } from '../../renderer/finished-farm.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { makeZip } from '../stations/make-zip.ts'

let farm: FinishedFarm
beforeAll(async () => {
  farm = await finishedFarm()
}, 120_000)
afterAll(() => farm.remove())

const quiet = { signal: new AbortController().signal, onEvent: () => {} }
const hooks = () => ({ signal: new AbortController().signal, onProgress: () => {} })

async function pack(path: string, to: string, data: PackedData, signal = hooks().signal) {
  const engine = await Engine.open(path, 'read')
  try {
    return await packProject(engine.project, { to, data }, { ...hooks(), signal })
  } finally {
    await engine.close()
  }
}

test('a pack works where nothing of the first place is left: data, runs and maps are found by relative paths', async () => {
  const folder = temporaryFolder()
  const path = farm.copy()
  const report = await pack(path, join(folder, 'pack'), 'all')
  // The first place is gone: everything is read from the pack, in yet another place.
  rmSync(path)
  const there = join(folder, 'on another machine')
  renameSync(join(folder, 'pack'), there)
  const engine = await Engine.open(join(there, 'farm.loam'), 'write')
  try {
    for (const { name } of engine.project.datasets()) {
      const { files } = await engine.project.dataset(name)
      for (const file of files) {
        expect(file.path).toBe(join(there, 'data', name, `${name}.tif`))
        expect(await hashFile(file.path)).toBe(file.sha256)
      }
    }
    const [run] = engine.project.runs()
    expect(run.folder).toBe(join(there, 'farm-runs', run.id))
    const { files } = await readResults(run.folder)
    expect(files.length).toBeGreaterThan(3)
    for (const file of files) expect(await hashFile(file.path)).toBe(file.sha256)
    for (const { path: made, hash } of engine.project.artefacts(run.id)) expect(await hashFile(made)).toBe(hash)
    expect(engine.project.observations('probes').value.length).toBeGreaterThan(0)
  } finally {
    await engine.close()
  }
  const crate = JSON.parse(readFileSync(join(there, 'ro-crate-metadata.json'), 'utf8')) as {
    '@graph': { '@id': string; '@type': string; sha256?: string; object?: unknown[]; result?: unknown[] }[]
  }
  const listed = crate['@graph'].filter((each) => each['@type'] === 'File')
  for (const { '@id': id, sha256 } of listed.filter((each) => each['@id'] !== 'farm.loam'))
    expect([id, await hashFile(join(there, ...id.split('/')))]).toEqual([id, sha256])
  const action = crate['@graph'].find((each) => each['@type'] === 'CreateAction')!
  expect(action.result!.length).toBeGreaterThan(3)
  expect(action.object).toEqual(['dem', 'green'].map((name) => ({ '@id': `data/${name}/${name}.tif` })))
  expect(readFileSync(join(there, 'methods.txt'), 'utf8')).toMatch(/Run r0001 .*\n\S+/)
  expect(readFileSync(join(there, 'outside.txt'), 'utf8')).toContain('observations are in the project file')
  expect(report.files).toBe(listed.length + 3)
}, 60_000)

test('data may be left out, and what is outside is listed with its hash', async () => {
  const folder = temporaryFolder()
  const path = farm.copy()
  const engine = await Engine.open(path, 'read')
  const dem = (await engine.project.dataset('dem')).files[0]
  const all = await planPack(engine.project, 'all')
  const used = await planPack(engine.project, 'used')
  const none = await planPack(engine.project, 'none')
  await engine.close()
  expect(used.files).toEqual(all.files)
  expect(none.files.every(({ to }) => !to.startsWith('data/'))).toBe(true)
  expect(none.outside).toContainEqual({
    path: dem.path,
    why: expect.stringContaining('not wanted'),
    sha256: dem.sha256,
  })
  await pack(path, join(folder, 'bare'), 'none')
  const bare = await Engine.open(join(folder, 'bare', 'farm.loam'), 'read')
  // What stays outside keeps its whole path, so it is found on this machine and can be located on another.
  expect(bare.project.storedDataset('dem').files[0].path).toBe(dem.path)
  await bare.close()
  expect(existsSync(join(folder, 'bare', 'data'))).toBe(false)
}, 60_000)

test('a pack appears whole or not at all', async () => {
  const folder = temporaryFolder()
  const path = farm.copy()
  await expect(pack(path, folder, 'none')).rejects.toMatchObject({ code: 'name_taken' })
  await expect(pack(path, join(folder, 'no', 'pack'), 'none')).rejects.toMatchObject({ code: 'not_found' })
  const stop = new AbortController()
  stop.abort()
  await expect(pack(path, join(folder, 'pack'), 'none', stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
  const map = readdirSync(join(path, '..', 'farm-runs', 'r0001', 'maps')).find((name) => name.endsWith('.tif'))!
  writeFileSync(join(path, '..', 'farm-runs', 'r0001', 'maps', map), 'something else')
  await expect(pack(path, join(folder, 'pack'), 'none')).rejects.toMatchObject({ code: 'input_changed' })
  expect(readdirSync(folder)).toEqual([])
}, 60_000)

test('runs whose inputs were renamed, taken out or never held as files are reproduced in the pack, and a planned one is begun', async () => {
  const folder = temporaryFolder()
  const path = farm.copy()
  const sources = join(path, '..', 'sources')
  writeEnviRaster(join(sources, 'moss'))
  writeFileSync(join(sources, 'network.zip'), ismnArchive())
  const engine = await Engine.open(path, 'write')
  const power = { workers: 1 }
  const recipe = parseRecipe(
    JSON.stringify({
      ...tinyRecipe,
      target: { stations: 'network', variable: 'sm', depth: [0.05, 0.05] },
      predictors: { height: 'dem', moss: 'moss' },
    }),
    'recipe.json',
  )
  await engine.addRasters({ name: 'moss', paths: [join(sources, 'moss.img')], dateRule: 'static' })
  await engine.addStations({ format: 'ismn', name: 'network', path: join(sources, 'network.zip') })
  const made = await engine.plan(recipe)
  await engine.run(made.id, power, quiet)
  const planned = await engine.plan(recipe)
  engine.project.renameDataset('dem', 'height above sea')
  engine.project.removeDataset('moss')
  const plan = await planPack(engine.project, 'used')
  await engine.close()
  expect(plan.files.map(({ to }) => to)).toEqual(
    expect.arrayContaining(['data/height_above_sea/dem.tif', 'data/moss-r0002/moss.img', 'data/moss-r0002/moss.hdr']),
  )
  await pack(path, join(folder, 'pack'), 'used')
  rmSync(join(path, '..'), { recursive: true })

  const there = await Engine.open(join(folder, 'pack', 'farm.loam'), 'write')
  try {
    const { compared } = await there.reproduce(made.id, power, quiet)
    expect(compared).toHaveLength(5)
    for (const { file, was, is } of compared) expect([file, is]).toEqual([file, was])
    const { results } = await there.run(planned.id, power, quiet)
    expect(results.files.map(({ sha256 }) => sha256)).toEqual(compared.slice(0, -1).map(({ is }) => is))
  } finally {
    await there.close()
  }
}, 120_000)

/** 20 × 24 cells on the farm's grid: cells in one file, what they are in another. */
function writeEnviRaster(stem: string): void {
  const values = Float32Array.from({ length: 20 * 24 }, (_, i) => ((i * 37) % 101) / 101)
  writeFileSync(`${stem}.img`, new Uint8Array(values.buffer))
  const header = {
    samples: 24,
    lines: 20,
    bands: 1,
    'header offset': 0,
    'file type': 'ENVI Standard',
    'data type': 4,
    interleave: 'bsq',
    'byte order': 0,
    'map info': '{UTM, 1, 1, 500000, 5800000, 10, 10, 32, North, WGS-84}',
  }
  writeFileSync(`${stem}.hdr`, ['ENVI', ...Object.entries(header).map((entry) => entry.join(' = ')), ''].join('\n'))
}

/** Twelve stations on the farm as the International Soil Moisture Network delivers them. */
function ismnArchive(): Buffer {
  const x = Float64Array.from({ length: 12 }, (_, s) => 500_015 + 10 * ((s * 5) % 22))
  const y = Float64Array.from({ length: 12 }, (_, s) => 5_799_985 - 10 * ((s * 7) % 18))
  transformPoints('EPSG:32632', 'EPSG:4326', x, y)
  return makeZip(
    Array.from(x, (longitude, s) => {
      const head = `NET NET Site_${s} ${y[s].toFixed(6)} ${longitude.toFixed(6)} 100.0 0.0500 0.0500 Probe`
      const rows = Array.from(
        { length: 8 },
        (_, d) => `2011/05/0${d + 1} 12:00 ${(0.2 + s / 100 + d / 200).toFixed(3)} G M`,
      )
      return {
        name: `NET/Site_${s}/NET_NET_Site-${s}_sm_0.050000_0.050000_Probe_20110501_20110508.stm`,
        content: [head, ...rows, ''].join('\n'),
      }
    }),
  )
}
