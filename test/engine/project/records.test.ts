import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProject, openProject } from '../../../main/engine/project/index.ts'
import type { Project } from '../../../main/engine/project/index.ts'
import { recipeSample, scoreSample, stationSample, writeDataset } from './samples.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

/** Everything the doors of a project give. */
async function everything(project: Project) {
  const runIds = project.runs().map((run) => run.id)
  return {
    info: project.info,
    datasets: project.datasets(),
    each: await Promise.all(project.datasets().map(({ name }) => project.dataset(name))),
    stationSets: project.stationSets(),
    sets: project.stationSets().map(({ name }) => [project.stationSet(name), project.observations(name)]),
    runs: project.runs(),
    recipes: project.runs().map((run) => project.recipe(run.recipeHash)),
    steps: runIds.map((id) => project.steps(id)),
    scores: runIds.map((id) => project.scores(id)),
    artefacts: runIds.map((id) => project.artefacts(id)),
  }
}

async function fullProject(folder: string): Promise<Project> {
  const project = await createProject(join(folder, 'farm.loam'), { name: 'Farm' })
  project.putDataset(writeDataset(join(folder, 'rasters'), 'amsr', { '20180701.tif': 'one', 'b/20180702.tif': 'two' }))
  const { set, observations } = stationSample()
  project.putStationSet(set, observations)
  const recipeHash = project.putRecipe(recipeSample)
  const estimate = {
    secondsFrom: 1.5,
    secondsTo: 9,
    peakMemoryBytes: 2 ** 33,
    diskBytes: 1,
    freeDiskBytes: 2 ** 40,
    blocks: 4,
    blocksReused: 1,
  }
  const versions = { loam: '0.1.0', gdal: '3.12.3' }
  const { id } = project.createRun({ recipeHash, planId: 'p1', folder: join(folder, 'runs/r0001'), estimate, versions })
  project.updateRun(id, { state: 'done', message: 'ok', startedAtMs: 5, endedAtMs: 9 })
  project.putStep(id, { step: 'train', state: 'started', total: 1, reused: 0, computed: 0, seconds: 0 })
  project.putStep(id, { step: 'samples', state: 'done', total: 40, reused: 30, computed: 10, seconds: 2.25 })
  project.putScores(id, scoreSample())
  const map = join(folder, 'map.tif')
  writeFileSync(map, 'pixels')
  project.putArtefact({
    hash: 'cd'.repeat(32),
    kind: 'map',
    path: map,
    runId: id,
    day: recipeSample.product.period.from,
  })
  return project
}

test('what was put is found again, by the same and by a later opening', async () => {
  const folder = temporaryFolder()
  const project = await fullProject(folder)
  const { set, observations } = stationSample()
  expect(project.stationSet('hills')).toEqual(set)
  expect(project.observations('hills')).toEqual(observations)
  expect(project.scores('r0001')).toEqual(scoreSample())
  expect(project.recipe(project.run('r0001').recipeHash)).toEqual(recipeSample)
  expect(project.steps('r0001').map((step) => step.step)).toEqual(['samples', 'train'])
  expect(project.artefacts('r0001')).toMatchObject([
    { kind: 'map', day: '2018-07-01', bytes: 6, path: join(folder, 'map.tif') },
  ])
  expect(project.run('r0001')).toMatchObject({
    name: 'Hills',
    state: 'done',
    endedAtMs: 9,
    folder: join(folder, 'runs/r0001'),
  })
  expect(project.datasets()).toMatchObject([
    { fileCount: 2, sceneCount: 4, firstDay: '2018-07-01', lastDay: '2018-07-02' },
  ])
  expect(project.stationSets()).toEqual([
    {
      name: 'hills',
      stationCount: 2,
      variables: ['sm', 'rain'],
      observationCount: 5,
      firstAtMs: -86_400_000,
      lastAtMs: 4_102_444_800_001,
    },
  ])
  const before = await everything(project)
  await project.close()
  await project.close()
  expect(readdirSync(folder).sort()).toEqual(['farm.loam', 'farm.loam.lock', 'map.tif', 'rasters'])

  const again = await openProject(join(folder, 'farm.loam'), { mode: 'read' })
  expect(await everything(again)).toEqual(before)
  await again.close()
})

test('a dataset comes back exactly', async () => {
  const folder = temporaryFolder()
  const project = await createProject(join(folder, 'farm.loam'), { name: 'Farm' })
  const dataset = writeDataset(folder, 'amsr', { 'a.tif': 'one', 'b.tif': 'two' })
  const terrain = writeDataset(folder, 'dem', { 'dem.tif': 'high' })
  terrain.scenes = [{ variable: 0, day: null, file: 0, subdataset: '', band: 1 }]
  project.putDataset(dataset)
  project.putDataset(terrain)
  expect(await project.dataset('amsr')).toEqual(dataset)
  expect(await project.dataset('dem')).toEqual(terrain)
  expect(project.datasets().map(({ name, firstDay }) => [name, firstDay])).toEqual([
    ['amsr', '2018-07-01'],
    ['dem', null],
  ])
  project.removeDataset('amsr')
  expect(() => project.storedDataset('amsr')).toThrow(/no dataset "amsr"; it has dem/)
  expect(existsSync(join(folder, 'a.tif'))).toBe(true)
  await project.close()
})

test('a moved folder keeps working', async () => {
  const folder = temporaryFolder()
  const project = await fullProject(join(folder))
  await project.close()
  const elsewhere = temporaryFolder()
  renameSync(folder, join(elsewhere, 'moved'))
  const moved = await openProject(join(elsewhere, 'moved/farm.loam'), { mode: 'read' })
  const dataset = await moved.dataset('amsr')
  expect(dataset.files.map((file) => file.path)).toEqual(
    ['20180701.tif', 'b/20180702.tif'].map((file) => join(elsewhere, 'moved/rasters', file)),
  )
  expect(moved.run('r0001').folder).toBe(join(elsewhere, 'moved/runs/r0001'))
  await moved.close()
})

test('a name is taken unless replacing is asked for, and a refused change leaves nothing', async () => {
  const folder = temporaryFolder()
  const project = await createProject(join(folder, 'farm.loam'), { name: 'Farm' })
  const first = writeDataset(folder, 'amsr', { 'a.tif': 'one' })
  // In a folder of its own: files written anew would be younger than the first one's record of them.
  const second = writeDataset(join(folder, 'later'), 'amsr', { 'a.tif': 'one', 'b.tif': 'two' })
  project.putDataset(first)
  expect(() => project.putDataset(second)).toThrow(expect.objectContaining({ code: 'name_taken' }))
  expect(await project.dataset('amsr')).toEqual(first)
  project.putDataset(second, { replace: true })
  expect(await project.dataset('amsr')).toEqual(second)

  const { set, observations } = stationSample()
  project.putStationSet(set, observations)
  expect(() => project.putStationSet(set, observations)).toThrow(expect.objectContaining({ code: 'name_taken' }))
  const fewer = { ...observations, flagTexts: ['G'], flag: new Int32Array(5) }
  project.putStationSet(set, fewer, { replace: true })
  expect(project.observations('hills')).toEqual(fewer)
  project.removeStationSet('hills')
  expect(project.stationSets()).toEqual([])
  await project.close()
})

test('names that recipes cannot use, or that something else has, are refused', async () => {
  const folder = temporaryFolder()
  const project = await createProject(join(folder, 'farm.loam'), { name: 'Farm' })
  const { set, observations } = stationSample()
  for (const name of ['', ' ', 'a.b', '.', ' a', 'a ', 'a/b', 'a\nb', '"a"', 'x'.repeat(65)])
    expect(() => project.requireFreeName('dataset', name), name).toThrow(/no name for a dataset.*without a dot/)
  for (const name of ['a', 'Höhe 10 m', '土壤-2', '_', 'x'.repeat(64)]) project.requireFreeName('dataset', name)
  expect(() => project.putStationSet({ ...set, name: 'a.b' }, observations)).toThrow(/no name for a station set/)
  project.putStationSet(set, observations)
  const dataset = writeDataset(folder, set.name, { 'a.tif': 'one' })
  for (const replace of [false, true])
    expect(() => project.putDataset(dataset, { replace })).toThrow(
      /already has a station set "hills"\. Choose another name/,
    )
  await project.close()
})

test('observations out of order, or of a station that is not there, are refused whole', async () => {
  const folder = temporaryFolder()
  const project = await createProject(join(folder, 'farm.loam'), { name: 'Farm' })
  const { set, observations } = stationSample()
  const faults = [
    { observedAtMs: observations.observedAtMs.toReversed() },
    { station: observations.station.map((s) => s + 1) },
    { variable: observations.variable.map(() => -1) },
    { flag: observations.flag.map(() => 3) },
    { value: observations.value.subarray(1) },
  ]
  for (const fault of faults)
    expect(() => project.putStationSet(set, { ...observations, ...fault })).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    )
  expect(project.stationSets()).toEqual([])
  await project.close()
})

test('run ids are readable, in order, and never given twice', async () => {
  const folder = temporaryFolder()
  const project = await createProject(join(folder, 'farm.loam'), { name: 'Farm' })
  const recipeHash = project.putRecipe(recipeSample)
  expect(project.putRecipe(structuredClone(recipeSample))).toBe(recipeHash)
  const run = { recipeHash, planId: 'p', folder }
  expect(project.createRun(run).id).toBe('r0001')
  expect(project.createRun({ ...run, id: 'r0007' }).id).toBe('r0007')
  expect(project.createRun(run).id).toBe('r0008')
  expect(() => project.createRun({ ...run, id: 'r0007' })).toThrow(expect.objectContaining({ code: 'name_taken' }))
  for (const id of ['r1', 'r00001', 'r0000', "r0009'; --"])
    expect(() => project.createRun({ ...run, id })).toThrow(expect.objectContaining({ code: 'bad_input' }))
  expect(() => project.createRun({ ...run, recipeHash: 'no' })).toThrow(
    expect.objectContaining({ code: 'unknown_name' }),
  )
  expect(() => project.updateRun('r0002', { state: 'done' })).toThrow(/no run r0002; it has r0001, r0007, r0008/)
  expect(project.runs().map(({ id }) => id)).toEqual(['r0001', 'r0007', 'r0008'])
  await project.close()
})

test('a project opened for reading refuses every change', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'farm.loam')
  await (await fullProject(folder)).close()
  const project = await openProject(path, { mode: 'read' })
  expect(() => project.putRecipe(recipeSample)).toThrow(/open for reading only\. Open it for writing/)
  expect(() => project.removeDataset('amsr')).toThrow(expect.objectContaining({ code: 'project_locked' }))
  await project.close()
  expect(() => project.runs()).toThrow(/is closed/)
})

test('a million observations go in and come back', async () => {
  const folder = temporaryFolder()
  const project = await createProject(join(folder, 'farm.loam'), { name: 'Farm' })
  const n = 1_000_000
  const perSeries = n / 100
  const observations = {
    station: Int32Array.from({ length: n }, (_, i) => Math.floor(i / perSeries / 2)),
    variable: Int32Array.from({ length: n }, (_, i) => Math.floor(i / perSeries) % 2),
    observedAtMs: Float64Array.from({ length: n }, (_, i) => 1.4e12 + (i % perSeries) * 3_600_000),
    value: Float64Array.from({ length: n }, (_, i) => (i % 17 === 0 ? NaN : Math.sin(i))),
    flag: Int32Array.from({ length: n }, (_, i) => i % 3),
    flagTexts: ['G', 'D', 'M'],
  }
  const { set } = stationSample()
  const stations = Array.from({ length: 50 }, (_, i) => ({ id: `S${i}`, name: '', x: i, y: i, elevation: null }))
  project.putStationSet({ ...set, stations }, observations)
  const found = project.observations('hills')
  for (const column of ['station', 'variable', 'observedAtMs', 'value', 'flag'] as const)
    expect(Buffer.from(found[column].buffer).equals(Buffer.from(observations[column].buffer))).toBe(true)
  await project.close()
})
