import { describe, expect, test } from 'vitest'
import type { RunLogLine, RunSummary, Task } from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { loam } from '../fronts/loam-process.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { endOf, ok } from './answers.ts'
import { farmServers } from './farm-server.ts'
import { testServer } from './server.ts'
import { begun, ended, listen } from './watch-run.ts'

const openFarm = farmServers()

describe('a run', { timeout: 120_000 }, () => {
  test('is interrupted when the server closes, and goes on in the next', async () => {
    const server = await openFarm()
    const events = await listen(server)
    await ok(server.post('/runs', { recipe: tinyRecipe }))
    await ok(server.post('/runs/r0001/start', { workers: 1 }))
    await events.until(begun)
    await server.server.close()
    const next = { ...(await testServer(server.project)), project: server.project }
    expect(await ok(next.get('/runs/r0001'))).toMatchObject({
      state: 'interrupted',
      message: expect.stringContaining('closed'),
    })
    await ok(next.post('/runs/r0001/start', { workers: 2 }))
    const { state, message } = await ended(next, 'r0001')
    expect([state, message]).toEqual(['done', ''])

    // The command line finds the same run in the same project.
    const scores = await ok(next.get('/runs/r0001/scores'))
    await next.server.close()
    const told = await loam(['scores', next.project, 'r0001', '--all', '--json'], next.folder)
    expect(JSON.parse(told.stdout)).toMatchObject({ scores })
  })

  test('that was killed with its engine is interrupted when the project is opened again', async () => {
    const server = await openFarm()
    await ok(server.post('/runs', { recipe: tinyRecipe }))
    await server.server.close()
    const engine = await Engine.open(server.project, 'write')
    engine.project.updateRun('r0001', { state: 'running', startedAtMs: 1 })
    await engine.close()
    const next = await testServer(server.project)
    expect(await ok(next.get('/runs/r0001'))).toMatchObject({ state: 'interrupted' })
  })

  test('is paused with its parts under way done, lets the next one go on, and goes on in another session', async () => {
    const server = await openFarm()
    const events = await listen(server)
    const other = { ...tinyRecipe, name: 'other', learner: { type: 'forest', treeCount: 7 } }
    for (const each of [tinyRecipe, other, tinyRecipe]) await ok(server.post('/runs', { recipe: each }))
    expect((await server.post('/runs/r0001/pause')).status).toBe(409)
    for (const id of ['r0001', 'r0002', 'r0003']) await ok(server.post(`/runs/${id}/start`, { workers: 1 }))
    // One that waits leaves the queue at once.
    expect(await ok(server.post('/runs/r0003/pause'))).toMatchObject({ state: 'paused', place: null })
    await events.until(begun)
    expect(await ok(server.post('/runs/r0001/pause'))).toMatchObject({ state: 'pausing' })
    const paused = await ended(server, 'r0001')
    expect(paused).toMatchObject({ state: 'paused', place: null })
    expect((await server.post('/runs/r0001/pause')).status).toBe(409)
    // Its processes are gone: the next run is done meanwhile.
    expect((await ended(server, 'r0002')).state).toMatch(/^done/)
    const states = (await ok<RunLogLine[]>(server.get('/runs/r0001/log'))).flatMap((line) =>
      line.event === 'state' ? [line.state] : [],
    )
    expect(states).toEqual(['running', 'pausing', 'paused'])
    events.stop()
    await server.server.close()

    const next = { ...(await testServer(server.project)), project: server.project }
    expect((await ok<RunSummary[]>(next.get('/runs'))).map(({ id, state }) => [id, state.slice(0, 6)])).toEqual([
      ['r0003', 'paused'],
      ['r0002', 'done'],
      ['r0001', 'paused'],
    ])
    await ok(next.post('/runs/r0001/start', { workers: 2 }))
    expect(await ended(next, 'r0001')).toMatchObject({ state: 'done' })
    // The same bytes as without a pause.
    const begunAgain = await ok<Task>(next.post('/runs/r0001/reproduce', { workers: 1 }))
    expect(await endOf(next, begunAgain)).toMatchObject({ state: 'done', result: { isIdentical: true } })
  })

  test('is paused where somebody chose so before the server closed', async () => {
    const server = await openFarm()
    const events = await listen(server)
    for (let i = 0; i < 2; i++) await ok(server.post('/runs', { recipe: tinyRecipe }))
    for (const id of ['r0001', 'r0002']) await ok(server.post(`/runs/${id}/start`, { workers: 1 }))
    await events.until(begun)
    server.server.context.runs.pauseAtClose()
    await server.server.close()
    const next = await testServer(server.project)
    for (const id of ['r0001', 'r0002'])
      expect(await ok(next.get(`/runs/${id}`))).toMatchObject({ state: 'paused', place: null })
  })
})
