import { mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProject, openProject } from '../../../main/engine/project/index.ts'
import { writeDataset } from './samples.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

async function projectWith(folder: string, contents: Record<string, string>, dataFolder = join(folder, 'data')) {
  mkdirSync(folder, { recursive: true })
  const project = await createProject(join(folder, 'farm.loam'), { name: 'Farm' })
  project.putDataset(writeDataset(dataFolder, 'amsr', contents))
  return project
}

test('a file written anew with the same contents is the same file', async () => {
  const folder = temporaryFolder()
  const project = await projectWith(folder, { 'a.tif': 'one', 'b.tif': 'two' })
  utimesSync(join(folder, 'data/a.tif'), 1e9, 1e9)
  expect((await project.dataset('amsr')).files[0].modifiedMs).toBe(1e12)
  expect(project.storedDataset('amsr').files[0].modifiedMs).toBe(1e12)
  await project.close()
})

test('a folder that is not there is refused', async () => {
  const folder = temporaryFolder()
  const project = await projectWith(folder, { 'a.tif': 'one' })
  await expect(project.relink(join(folder, 'gone'))).rejects.toMatchObject({ code: 'not_found' })
  await project.close()
})

test('a file with other contents is named, be its size equal or not', async () => {
  const folder = temporaryFolder()
  const project = await projectWith(folder, { 'a.tif': 'one', 'b.tif': 'two', 'c.tif': 'six' })
  writeFileSync(join(folder, 'data/b.tif'), 'owt')
  utimesSync(join(folder, 'data/b.tif'), 1e9, 1e9)
  const b = { code: 'input_changed', details: { files: [join(folder, 'data/b.tif')] } }
  await expect(project.dataset('amsr')).rejects.toMatchObject(b)
  await expect(project.dataset('amsr')).rejects.toThrow(/add the dataset again/)
  writeFileSync(join(folder, 'data/a.tif'), 'longer')
  await expect(project.dataset('amsr')).rejects.toMatchObject({
    details: { files: ['a', 'b'].map((name) => join(folder, `data/${name}.tif`)) },
  })
  await project.close()
})

test('files moved or renamed below the project are found by their contents', async () => {
  const folder = temporaryFolder()
  const project = await projectWith(folder, { 'a.tif': 'one', 'b.tif': 'two', 'c.tif': 'six' })
  mkdirSync(join(folder, 'deep/er'), { recursive: true })
  renameSync(join(folder, 'data/a.tif'), join(folder, 'deep/er/renamed.tif'))
  renameSync(join(folder, 'data/b.tif'), join(folder, 'deep/b.tif'))
  // Same name and size, other contents: not the file.
  writeFileSync(join(folder, 'deep/er/a.tif'), 'eno')
  const moved = ['deep/er/renamed.tif', 'deep/b.tif', 'data/c.tif'].map((file) => join(folder, file))
  const { files } = await project.dataset('amsr')
  expect(files.map((file) => file.path)).toEqual(moved)
  expect(files[0].modifiedMs).toBe(statSync(moved[0]).mtimeMs)
  expect(project.storedDataset('amsr').files).toEqual(files)
  expect(project.notes()).toMatchObject([{ subject: 'amsr', text: /2 files were found .*deep\/er\/renamed\.tif/s }])
  await project.close()
})

test('a renamed folder beside the old one is looked through', async () => {
  const folder = temporaryFolder()
  const data = join(folder, 'archive/amsr/2018')
  const project = await projectWith(join(folder, 'project'), { 'a.tif': 'one', 'b.tif': 'two' }, data)
  renameSync(data, join(folder, 'archive/amsr/year-2018'))
  const { files } = await project.dataset('amsr')
  expect(files[1].path).toBe(join(folder, 'archive/amsr/year-2018/b.tif'))
  await project.close()
})

test('a file found nowhere is named with where it was looked for, and relink finds it elsewhere', async () => {
  const folder = temporaryFolder()
  const elsewhere = temporaryFolder()
  const project = await projectWith(folder, { 'a.tif': 'one', 'b.tif': 'two' })
  renameSync(join(folder, 'data'), join(elsewhere, 'data'))
  rmSync(join(elsewhere, 'data/b.tif'))
  const paths = ['a', 'b'].map((name) => join(folder, `data/${name}.tif`))
  await expect(project.dataset('amsr')).rejects.toMatchObject({
    code: 'source_missing',
    details: { dataset: 'amsr', files: paths, where: [folder] },
  })
  await expect(project.dataset('amsr')).rejects.toThrow(`loam relink "${join(folder, 'farm.loam')}" FOLDER`)
  expect(await project.relink(elsewhere)).toEqual({
    found: [{ dataset: 'amsr', from: paths[0], to: join(elsewhere, 'data/a.tif') }],
    missing: [{ dataset: 'amsr', path: paths[1] }],
  })
  await expect(project.dataset('amsr')).rejects.toMatchObject({ details: { files: [paths[1]] } })
  await project.close()
})

test('opened for reading, moved files are found without a change to the project', async () => {
  const folder = temporaryFolder()
  await (await projectWith(folder, { 'a.tif': 'one' })).close()
  renameSync(join(folder, 'data'), join(folder, 'moved'))
  const project = await openProject(join(folder, 'farm.loam'), { mode: 'read' })
  expect((await project.dataset('amsr')).files[0].path).toBe(join(folder, 'moved/a.tif'))
  expect(project.storedDataset('amsr').files[0].path).toBe(join(folder, 'data/a.tif'))
  await project.close()
})
