import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Task, WorkspaceState } from '../../main/contract/index.ts'
import { loam } from '../fronts/loam-process.ts'
import { endOf, ok } from './answers.ts'
import { farmServers } from './farm-server.ts'
import { testServer } from './server.ts'

const openFarm = farmServers()

describe('a project', () => {
  test('is made, opened, shared for reading, remembered and closed', async () => {
    const server = await testServer()
    expect(await ok(server.get('/hello'))).toMatchObject({ mode: 'browser', project: null })
    expect(await server.get('/project').then(async (answer) => [answer.status, await answer.json()])).toMatchObject([
      409,
      { code: 'no_project' },
    ])
    const folder = join(server.folder, 'new', 'place')
    const made = await ok<{ path: string }>(server.post('/projects', { name: 'Höfe: Nord/Süd', folder }))
    expect(made).toMatchObject({ path: join(folder, 'Höfe Nord Süd.loam'), mode: 'write', heldBy: null })
    expect((await server.post('/projects', { name: 'Höfe: Nord/Süd', folder })).status).toBe(409)
    // Opening what is open changes nothing; another process gets it for reading.
    expect(await ok(server.post('/projects/open', { path: made.path }))).toMatchObject({ mode: 'write' })
    const held = await loam(['new', made.path], server.folder)
    expect(held.code).toBe(65)
    const recent = await ok<{ name: string; missingFiles: number | null }[]>(server.get('/projects/recent'))
    expect(recent).toMatchObject([{ name: 'Höfe: Nord/Süd', missingFiles: 0 }])
    await ok(server.post('/projects/close'))
    rmSync(made.path)
    expect(await ok(server.get('/projects/recent'))).toMatchObject([{ missingFiles: null }])
    expect(await ok(server.post('/projects/forget', { path: made.path }))).toEqual([])
    expect((await server.post('/projects/open', { path: made.path })).status).toBe(404)
    expect((await server.post('/projects/open', { path: 'farm.loam' })).status).toBe(400)
  })

  test('that moved its sources says how many are missing', async () => {
    const server = await openFarm()
    await ok(server.post('/projects/open', { path: server.project }))
    rmSync(join(server.folder, 'sources/green.tif'))
    expect(await ok(server.get('/projects/recent'))).toMatchObject([{ datasets: 2, missingFiles: 1 }])
  })
})

test('folders are listed to choose inputs from', async () => {
  const server = await openFarm()
  writeFileSync(join(server.folder, 'sources/.hidden.tif'), '')
  mkdirSync(join(server.folder, 'sources/more'))
  const path = encodeURIComponent(join(server.folder, 'sources'))
  const all = await ok<{ entries: { name: string }[] }>(server.get(`/folder?path=${path}`))
  expect(all.entries.map(({ name }) => name)).toEqual(['more', 'dem.tif', 'green.tif', 'places.csv', 'probes.csv'])
  const tifs = await ok<{ entries: { name: string }[] }>(server.get(`/folder?path=${path}&glob=*.TIF,x?y`))
  expect(tifs.entries.map(({ name }) => name)).toEqual(['more', 'dem.tif', 'green.tif'])
  expect((await server.get(`/folder?path=${path}%2Fnone`)).status).toBe(404)
  expect(await ok<object[]>(server.get('/places'))).toContainEqual({
    name: 'Project',
    path: server.folder,
    kind: 'project',
  })
})

test('the sample is made as a task and opened', { timeout: 120_000 }, async () => {
  const server = await testServer()
  const folder = join(server.folder, 'sample')
  const task = await ok<Task>(server.post('/projects/sample', { folder, size: 200, days: 5, seed: 1 }))
  const { fault, result } = await endOf(server, task)
  expect(fault).toBeNull()
  expect(result).toMatchObject({ path: join(folder, 'virtual-catchment.loam'), stationSets: 2 })
  const { document } = await ok<WorkspaceState>(server.get('/workspace'))
  expect(document.recipe).toMatchObject({ loam: 'recipe/1' })
  expect(readFileSync(join(folder, 'virtual-catchment.loam')).length).toBeGreaterThan(0)
})
