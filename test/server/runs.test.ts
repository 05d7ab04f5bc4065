import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type {
  RunComparison,
  RunDetails,
  RunFindings,
  RunLogLine,
  RunMap,
  RunProvenance,
  RunSummary,
  Task,
} from '../../main/contract/index.ts'
import { hashFile } from '../../main/engine/files/index.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { endOf, ok } from './answers.ts'
import { farmServers } from './farm-server.ts'
import { begun, ended, listen } from './watch-run.ts'

const openFarm = farmServers()

describe('a run', { timeout: 120_000 }, () => {
  test('is planned, estimated, run, looked at, exported, repeated and compared', async () => {
    const server = await openFarm()
    const events = await listen(server)
    const planned = await ok<RunDetails>(server.post('/runs', { recipe: tinyRecipe }))
    expect(planned).toMatchObject({ id: 'r0001', state: 'waiting', place: null, layers: ['mean'] })
    expect(planned.days.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting'])
    const estimate = await ok<{ secondsFrom: number; secondsTo: number }>(server.post('/runs/r0001/estimate', {}))
    expect(estimate.secondsTo).toBeGreaterThan(estimate.secondsFrom)
    expect((await server.get('/runs/r0001/findings')).status).toBe(409)

    expect(await ok(server.post('/runs/r0001/start', { workers: 2 }))).toMatchObject({ state: 'running', place: 0 })
    expect((await server.post('/runs/r0001/start', {})).status).toBe(409)
    // A second one waits for it.
    const changed = { ...tinyRecipe, learner: { ...tinyRecipe.learner, treeCount: 12 } }
    await ok(server.post('/runs', { recipe: changed }))
    expect(await ok(server.post('/runs/r0002/start', { workers: 2 }))).toMatchObject({ state: 'waiting', place: 1 })

    const done = await ended(server, 'r0001')
    expect(done.message).toBe('')
    expect(done.state).toMatch(/^done/)
    expect(done.days.every(({ state }) => state === 'done')).toBe(true)
    expect(done.steps.map(({ step }) => step)).toContain('predict')
    expect(await ended(server, 'r0002')).toMatchObject({ place: null, progress: null })
    const steps = events.told.flatMap((event) =>
      event.type === 'run' && event.run === 'r0001' && event.event.event === 'step' ? [event.event.step] : [],
    )
    expect(steps).toContain('publish')
    events.stop()

    const log = await ok<RunLogLine[]>(server.get('/runs/r0001/log'))
    expect(log.map(({ n }) => n)).toEqual(log.map((_, i) => i))
    expect(await ok<RunLogLine[]>(server.get(`/runs/r0001/log?after=${log.length - 2}`))).toEqual(log.slice(-1))
    const findings = await ok<RunFindings>(server.get('/runs/r0001/findings'))
    expect(findings.scores.length).toBeGreaterThan(2)
    expect(await ok(server.get('/runs/r0001/scores'))).toEqual(findings.scores)
    const maps = await ok<RunMap[]>(server.get('/runs/r0001/maps'))
    expect(maps.map(({ day }) => day)).toEqual(['2011-05-03', '2011-05-04', '2011-05-05'])
    const [map] = maps[0].layers
    expect(map.sha256).toBe(await hashFile(map.path))
    const file = await server.get(`/files?path=${encodeURIComponent(map.relativePath)}`)
    expect((await file.arrayBuffer()).byteLength).toBe(map.bytes)
    const provenance = await ok<RunProvenance>(server.get('/runs/r0001/provenance'))
    expect(provenance.datasets.map(({ name }) => name).sort()).toEqual(['dem', 'green'])
    expect(provenance.lineage).toContain('forest')

    const comparison = await ok<RunComparison>(server.get('/runs/r0001/compare/r0002'))
    expect(comparison.settings).toEqual([{ path: 'learner.treeCount', a: 10, b: 12 }])
    expect(comparison.commonDays).toHaveLength(3)
    const same = comparison.scores.find(({ subject }) => subject === 'mean of the other places that day')!
    expect(same.a).toEqual(same.b)

    const target = join(server.folder, 'out')
    mkdirSync(target)
    const days = ['2011-05-04']
    const exporting = await ok<Task>(server.post('/runs/r0001/export', { folder: target, name: 'may', days }))
    const exported = await endOf(server, exporting)
    expect(exported).toMatchObject({ state: 'done', result: { folder: join(target, 'may'), files: 7 } })
    expect(readdirSync(join(target, 'may')).sort()).toEqual([
      'model.loammodel',
      'plan.json',
      'results.json',
      'soil_moisture_2011-05-04.json',
      'soil_moisture_2011-05-04.qml',
      'soil_moisture_2011-05-04.sld',
      'soil_moisture_2011-05-04.tif',
    ])
    const again = await endOf(
      server,
      await ok<Task>(server.post('/runs/r0001/export', { folder: target, name: 'may' })),
    )
    expect(again).toMatchObject({ state: 'failed', fault: { code: 'name_taken' } })

    const repeated = await endOf(server, await ok<Task>(server.post('/runs/r0001/reproduce', { workers: 1 })))
    expect(repeated).toMatchObject({ state: 'done', result: { isIdentical: true, files: 5, changedVersions: [] } })
    expect(readdirSync(join(server.folder, 'farm-runs')).sort()).toEqual(['r0001', 'r0002'])
  })

  test('is cancelled at once and resumed to the same bytes', async () => {
    const server = await openFarm()
    const events = await listen(server)
    await ok(server.post('/runs', { recipe: tinyRecipe }))
    await ok(server.post('/runs/r0001/start', { workers: 1 }))
    await events.until(begun)
    // What goes on is not ended by the way.
    for (const path of ['/projects/close', '/projects/open'])
      expect((await server.post(path, path.endsWith('n') ? { path: '/x.loam' } : undefined)).status).toBe(409)
    expect(await ok(server.post('/runs/r0001/cancel'))).toMatchObject({ state: 'cancelling' })
    expect(await ended(server, 'r0001')).toMatchObject({ state: 'cancelled', place: null })
    expect((await server.post('/runs/r0001/cancel')).status).toBe(409)
    await ok(server.post('/runs/r0001/start', { workers: 1 }))
    expect((await ended(server, 'r0001')).state).toMatch(/^done/)
    events.stop()

    // Cancelled before it began, a planned run leaves nothing but its record; a planned one can be taken out.
    await ok(server.post('/runs', { recipe: tinyRecipe }))
    expect(await ok(server.get('/runs'))).toHaveLength(2)
    await ok(server.send('DELETE', '/runs/r0002'))
    expect(existsSync(join(server.folder, 'farm-runs/r0002'))).toBe(false)
    expect((await server.send('DELETE', '/runs/r0001')).status).toBe(409)
    expect(await ok<RunSummary[]>(server.get('/runs'))).toHaveLength(1)
  })
})
