import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PackedData } from '../../../main/contract/index.ts'
import { Engine } from '../../../main/engine/engine.ts'
import { hashFile } from '../../../main/engine/files/index.ts'
import { packProject, planPack } from '../../../main/engine/pack/index.ts'
import { readResults } from '../../../main/engine/runs/index.ts'
import { finishedFarm } from '../../renderer/finished-farm.ts'
import type { FinishedFarm } from '../../renderer/finished-farm.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

let farm: FinishedFarm
beforeAll(async () => {
  farm = await finishedFarm()
}, 120_000)
afterAll(() => farm.remove())

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
    '@graph': { '@id': string; '@type': string; sha256?: string; result?: unknown[] }[]
  }
  const listed = crate['@graph'].filter((each) => each['@type'] === 'File')
  for (const { '@id': id, sha256 } of listed.filter((each) => each['@id'] !== 'farm.loam'))
    expect([id, await hashFile(join(there, ...id.split('/')))]).toEqual([id, sha256])
  expect(crate['@graph'].find((each) => each['@type'] === 'CreateAction')!.result!.length).toBeGreaterThan(3)
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
