import Database from 'better-sqlite3'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createProject, openProject } from '../../../main/engine/project/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { bundleScript } from '../../bundle.ts'
import { recipeSample } from './samples.ts'

const version1 = readFileSync(fileURLToPath(new URL('version-1.sql', import.meta.url)), 'utf8')

/** A project file made by hand with SQL. */
function writeDatabase(sql: string): string {
  const path = join(temporaryFolder(), 'farm.loam')
  const db = new Database(path)
  db.exec(sql)
  db.close()
  return path
}

async function emptyProject(): Promise<string> {
  const path = join(temporaryFolder(), 'farm.loam')
  await (await createProject(path, { name: 'Farm' })).close()
  return path
}

/** Changes a closed project behind Loam's back. */
function alter(path: string, sql: string): void {
  const db = new Database(path)
  db.unsafeMode(true)
  db.exec(sql)
  db.close()
}

test('a new project needs a name ending in .loam, a folder, and a free place', async () => {
  const folder = temporaryFolder()
  const create = (file: string) => createProject(join(folder, file), { name: 'x' })
  await expect(create('farm')).rejects.toMatchObject({ code: 'bad_input' })
  await expect(create('.loam')).rejects.toMatchObject({ code: 'bad_input' })
  await expect(create('no/farm.loam')).rejects.toMatchObject({ code: 'not_found' })
  writeFileSync(join(folder, 'a.loam'), 'something')
  await expect(create('a.loam')).rejects.toMatchObject({ code: 'name_taken' })
  expect(readFileSync(join(folder, 'a.loam'), 'utf8')).toBe('something')
  const both = await Promise.allSettled([create('b.loam'), create('b.loam')])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const each of both) if (each.status === 'fulfilled') await each.value.close()
})

test('what is not a project is refused', async () => {
  const folder = temporaryFolder()
  const open = (path: string) => openProject(path, { mode: 'read' })
  await expect(open(join(folder, 'no.loam'))).rejects.toMatchObject({ code: 'not_found' })
  await expect(open(folder)).rejects.toMatchObject({ code: 'not_found' })
  writeFileSync(join(folder, 'text.loam'), 'hello '.repeat(1000))
  await expect(open(join(folder, 'text.loam'))).rejects.toMatchObject({ code: 'bad_project' })
  writeFileSync(join(folder, 'empty.loam'), '')
  await expect(open(join(folder, 'empty.loam'))).rejects.toThrow(/is an empty file, not a project/)
  await expect(open(writeDatabase('CREATE TABLE info (id INTEGER)'))).rejects.toThrow(/another program/)
})

test('a project with anything Loam did not make is refused, for reading and writing, and salvage is offered', async () => {
  const changes = {
    'the trigger t that Loam did not make': 'CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM datasets; END',
    'the view v that Loam did not make': "CREATE VIEW v AS SELECT load_extension('x')",
    'the table more that Loam did not make': 'CREATE TABLE more (a)',
    'the index more': 'CREATE INDEX more ON runs (name)',
    'has no table scores': 'DROP TABLE scores',
    'its table notes is not': 'DROP TABLE notes; CREATE TABLE notes (id INTEGER PRIMARY KEY, noted_at, subject, text)',
    'project version 0': 'PRAGMA user_version = 0',
  }
  for (const [found, sql] of Object.entries(changes)) {
    const path = await emptyProject()
    alter(path, sql)
    for (const mode of ['read', 'write'] as const) {
      const refused = openProject(path, { mode })
      await expect(refused).rejects.toMatchObject({ code: 'bad_project' })
      const message = await refused.catch((fault: Error) => fault.message)
      expect(message).toContain(found)
      expect(message).toContain('loam salvage')
    }
  }
})

test('a project of a newer Loam is refused untouched', async () => {
  const path = await emptyProject()
  alter(path, 'PRAGMA user_version = 999; CREATE TABLE unheard_of (a)')
  const before = readFileSync(path)
  await expect(openProject(path, { mode: 'write' })).rejects.toMatchObject({ code: 'newer_version' })
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('a record that was altered is refused where it is used', async () => {
  const path = writeDatabase(version1)
  const changes = [
    "UPDATE dataset_variables SET kind = 'mystery'",
    "UPDATE datasets SET notes = 'not JSON'",
    'UPDATE scenes SET file = 7',
    "UPDATE dataset_files SET sha256 = 'short'",
    "UPDATE scenes SET day = '2019-02-29'",
  ]
  for (const sql of changes) {
    const copy = join(temporaryFolder(), 'farm.loam')
    copyFileSync(path, copy)
    alter(copy, sql)
    const project = await openProject(copy, { mode: 'read' })
    expect(() => project.storedDataset('dem')).toThrow(expect.objectContaining({ code: 'bad_project' }))
    await project.close()
  }
  for (const sql of ['UPDATE series SET station = 4', 'UPDATE observations SET flag = 1']) {
    const copy = join(temporaryFolder(), 'farm.loam')
    copyFileSync(path, copy)
    alter(copy, sql)
    const project = await openProject(copy, { mode: 'read' })
    expect(() => project.observations('hills')).toThrow(expect.objectContaining({ code: 'bad_project' }))
    await project.close()
  }
})

test('names are data: nothing in them is run', async () => {
  const path = await emptyProject()
  const project = await openProject(path, { mode: 'write' })
  const name = `x'; DROP TABLE recipes; --`
  const hash = project.putRecipe({ ...recipeSample, name })
  expect(project.recipe(hash).name).toBe(name)
  expect(() => project.storedDataset(name)).toThrow(expect.objectContaining({ code: 'unknown_name' }))
  await project.close()
})

function expectOldFarm(project: Awaited<ReturnType<typeof openProject>>): void {
  expect(project.info).toEqual({ name: 'Old farm', createdAtMs: 1543000000000, loamVersion: '0.1.0' })
  expect(project.storedDataset('dem')).toMatchObject({ notes: ['a note'], scenes: [{ day: null }] })
  expect(project.storedDataset('dem').files[0].path).toBe(join(project.folder, 'data/dem.tif'))
  expect(project.observations('hills').value).toEqual(Float64Array.of(0.25, NaN))
  expect(project.notes()).toMatchObject([{ subject: 'project', text: /^Brought from project version 1 to 3/ }])
}

test('a project of version 1 is brought to this version', async () => {
  const path = writeDatabase(version1)
  const project = await openProject(path, { mode: 'write' })
  expectOldFarm(project)
  await project.close()
  const again = await openProject(path, { mode: 'write' })
  expect(again.notes()).toHaveLength(1)
  await again.close()
  expect(readdirSync(dirname(path)).sort()).toEqual(['farm.loam', 'farm.loam.lock'])
})

test('a log that a killed writer of version 1 left is not lost', async () => {
  const path = join(temporaryFolder(), 'farm.loam')
  const killed = `
    const db = new (require('better-sqlite3'))(process.argv[1])
    db.pragma('journal_mode = WAL')
    db.exec(process.argv[2])
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['-e', killed, path, version1])
  expect(existsSync(`${path}-wal`)).toBe(true)
  const project = await openProject(path, { mode: 'write' })
  expectOldFarm(project)
  await project.close()
  expect(readdirSync(dirname(path)).sort()).toEqual(['farm.loam', 'farm.loam.lock'])
})

test('opened for reading, a project of version 1 is not touched', async () => {
  const path = writeDatabase(version1)
  const before = readFileSync(path)
  const project = await openProject(path, { mode: 'read' })
  expectOldFarm(project)
  await project.close()
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(readdirSync(dirname(path))).toEqual(['farm.loam'])
})

test('a version 1 that cannot be brought over stays as it is', async () => {
  const path = writeDatabase(version1)
  alter(path, 'PRAGMA foreign_keys = OFF; DELETE FROM grids')
  const before = readFileSync(path)
  await expect(openProject(path, { mode: 'write' })).rejects.toMatchObject({ code: 'bad_project' })
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(readdirSync(dirname(path)).sort()).toEqual(['farm.loam', 'farm.loam.lock'])
})

test('an old project that somebody reads is not replaced under them', async () => {
  const path = writeDatabase(version1)
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.prepare('SELECT * FROM info').all()
  await expect(openProject(path, { mode: 'write' })).rejects.toMatchObject({ code: 'project_locked' })
  db.close()
  const project = await openProject(path, { mode: 'write' })
  expectOldFarm(project)
  await project.close()
})

const canMount = spawnSync('unshare', ['-Urm', 'true']).status === 0

test.skipIf(!canMount)('a project on a write-protected medium opens for reading, tidily closed or not', async () => {
  const script = await bundleScript(fileURLToPath(new URL('reader-child.ts', import.meta.url)))
  const readThere = (path: string) => {
    const folder = dirname(path)
    const command = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" "$3" "$4"'
    const argv = ['-Urm', 'sh', '-c', command, 'sh', folder, process.execPath, script.path, path]
    return JSON.parse(execFileSync('unshare', argv, { encoding: 'utf8' })) as unknown
  }
  const tidy = await emptyProject()
  const project = await openProject(tidy, { mode: 'write' })
  const hash = project.putRecipe(recipeSample)
  // As a killed writer leaves it: with a log, copied while it is open.
  const untidy = join(temporaryFolder(), 'farm.loam')
  for (const ending of ['', '-wal']) copyFileSync(tidy + ending, untidy + ending)
  await project.close()
  const old = writeDatabase(version1)
  const written = { code: 'io_failed' }
  expect(readThere(tidy)).toEqual({ name: 'Farm', recipes: 1, written, left: 0 })
  expect(readThere(untidy)).toEqual({ name: 'Farm', recipes: 1, written, left: 0 })
  expect(readThere(old)).toEqual({ name: 'Old farm', recipes: 0, written, left: 0 })
  expect(hash).toHaveLength(64)
  await script.remove()
})

test.skipIf(process.getuid?.() === 0)('a file that may not be read is named (root reads everything)', async () => {
  const path = await emptyProject()
  chmodSync(path, 0o000)
  await expect(openProject(path, { mode: 'read' })).rejects.toMatchObject({ code: 'io_failed' })
})
