import Database from 'better-sqlite3'
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createProject, openProject, salvageProject } from '../../../main/engine/project/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { recipeSample, scoreSample, stationSample, writeDataset } from './samples.ts'

const n = 10_000
const pageBytes = 4096

/** A project with a dataset, a run, and observations over many pages of the file. */
async function fullProject(): Promise<string> {
  const folder = join(temporaryFolder(), 'old')
  mkdirSync(folder)
  const path = join(folder, 'farm.loam')
  const project = await createProject(path, { name: 'Farm' })
  project.putDataset(writeDataset(join(folder, 'data'), 'amsr', { 'a.tif': 'one', 'b.tif': 'two' }))
  project.putStationSet(stationSample().set, {
    station: new Int32Array(n),
    variable: new Int32Array(n),
    observedAtMs: Float64Array.from({ length: n }, (_, i) => i * 3_600_000),
    value: Float64Array.from({ length: n }, (_, i) => Math.cos(i)),
    flag: new Int32Array(n),
    flagTexts: ['G'],
  })
  const recipeHash = project.putRecipe(recipeSample)
  const { id } = project.createRun({ recipeHash, planId: 'p', folder: join(folder, 'runs/r0001') })
  project.putScores(id, scoreSample())
  await project.close()
  return path
}

function alter(path: string, sql: string): void {
  const db = new Database(path)
  db.exec(sql)
  db.close()
}

test('everything comes over from a project that is only altered, also to another folder', async () => {
  const path = await fullProject()
  alter(path, 'CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM datasets; END; CREATE VIEW v AS SELECT 1')
  await expect(openProject(path, { mode: 'read' })).rejects.toMatchObject({ code: 'bad_project' })
  const before = readFileSync(path)
  const copy = join(dirname(path), '../rescued.loam')
  const { copied, lost } = await salvageProject(path, copy)
  expect(lost).toEqual([])
  expect(copied).toMatchObject({
    info: 1,
    datasets: 1,
    dataset_files: 2,
    scenes: 4,
    observations: n,
    runs: 1,
    scores: 2,
  })
  expect(readFileSync(path).equals(before)).toBe(true)

  const project = await openProject(copy, { mode: 'write' })
  expect(project.info.name).toBe('Farm')
  expect((await project.dataset('amsr')).files[0].path).toBe(join(dirname(path), 'data/a.tif'))
  expect(project.run('r0001').folder).toBe(join(dirname(path), 'runs/r0001'))
  expect(project.stationSet('hills')).toEqual(stationSample().set)
  expect(project.observations('hills').value[n - 1]).toBe(Math.cos(n - 1))
  expect(project.scores('r0001')).toEqual(scoreSample())
  expect(project.notes().map(({ text }) => text)).toEqual(['Salvaged from farm.loam. Nothing was lost.'])
  await project.close()
})

test('around damaged pages the rest comes over, value for value', async () => {
  const whole = await fullProject()
  const bytes = readFileSync(whole)
  const pages = bytes.length / pageBytes
  let readable = 0
  let losing = 0
  for (let page = 1; page < pages; page += 11) {
    const path = join(temporaryFolder(), 'farm.loam')
    const damaged = Buffer.from(bytes)
    damaged.fill(0x5a, page * pageBytes, (page + 1) * pageBytes)
    writeFileSync(path, damaged)
    const opened = await openProject(path, { mode: 'read' }).catch((fault: { code: string }) => fault)
    // A page that nothing uses any more may be damaged without harm.
    if ('close' in opened) {
      await opened.close()
      continue
    }
    expect(opened.code).toBe('bad_project')
    const copy = join(dirname(path), 'rescued.loam')
    const { copied, lost } = await salvageProject(path, copy)
    const project = await openProject(copy, { mode: 'read' })
    readable++
    if (lost.length > 0) losing++
    if (project.stationSets().length > 0) {
      const { observedAtMs, value } = project.observations('hills')
      expect(value.length).toBe(copied.observations)
      expect(value.every((each, i) => each === Math.cos(observedAtMs[i] / 3_600_000))).toBe(true)
      if (losing === 1) expect(value.length).toBeGreaterThan(n * 0.9)
    }
    await project.close()
  }
  expect(readable).toBeGreaterThan(3)
  expect(losing).toBeGreaterThan(3)
})

test('a cut file gives what is left', async () => {
  const path = await fullProject()
  truncateSync(path, Math.floor(statSync(path).size / pageBytes / 2) * pageBytes)
  await expect(openProject(path, { mode: 'write' })).rejects.toMatchObject({ code: 'bad_project' })
  const copy = join(dirname(path), 'rescued.loam')
  const { copied, lost } = await salvageProject(path, copy)
  expect(copied).toMatchObject({ info: 1, datasets: 1 })
  expect(lost.length).toBeGreaterThan(0)
  const project = await openProject(copy, { mode: 'read' })
  expect(project.notes()[0].text).toContain('Lost: ')
  await project.close()
})

test('records that make no sense stay behind, the others come over', async () => {
  const path = await fullProject()
  alter(
    path,
    `PRAGMA foreign_keys = OFF; UPDATE dataset_variables SET kind = 'mystery';
     INSERT INTO scores SELECT 99, position, validation, subject, part, measured, n, group_count, p_value, measures FROM scores;
     CREATE TABLE more (a)`,
  )
  const copy = join(dirname(path), 'rescued.loam')
  const { lost } = await salvageProject(path, copy)
  expect(lost).toEqual(['2 rows of table scores whose runs were lost', 'dataset "amsr"'])
  const project = await openProject(copy, { mode: 'read' })
  expect(project.datasets()).toEqual([])
  expect(project.scores('r0001')).toHaveLength(2)
  await project.close()
})

test('a project of version 1 comes over', async () => {
  const path = join(temporaryFolder(), 'farm.loam')
  alter(path, readFileSync(fileURLToPath(new URL('version-1.sql', import.meta.url)), 'utf8'))
  const copy = join(dirname(path), 'rescued.loam')
  expect((await salvageProject(path, copy)).lost).toEqual([])
  const project = await openProject(copy, { mode: 'read' })
  expect(project.observations('hills').value).toEqual(Float64Array.of(0.25, NaN))
  await project.close()
})

test('nothing is made from nothing, nor over something, nor while somebody writes', async () => {
  const path = await fullProject()
  const folder = dirname(path)
  const text = join(folder, 'text.loam')
  writeFileSync(text, 'hello '.repeat(2000))
  await expect(salvageProject(text, join(folder, 'a.loam'))).rejects.toThrow(/Restore it from a backup/)
  await expect(salvageProject(path, text)).rejects.toMatchObject({ code: 'name_taken' })
  await expect(salvageProject(join(folder, 'no.loam'), join(folder, 'a.loam'))).rejects.toMatchObject({
    code: 'not_found',
  })
  const project = await openProject(path, { mode: 'write' })
  await expect(salvageProject(path, join(folder, 'a.loam'))).rejects.toMatchObject({ code: 'project_locked' })
  await project.close()
})
