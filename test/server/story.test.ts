import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  RunComparison,
  RunDetails,
  RunFindings,
  RunLogLine,
  RunMap,
  RunProvenance,
  RunSummary,
  ServerEvent,
  Task,
  TestPartState,
  WorkspaceState,
} from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'
import { hashFile } from '../../main/engine/files/index.ts'
import { loam } from '../fronts/loam-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { tinyRecipe, writeTinyFarm } from '../fronts/tiny-farm.ts'
import { testServer } from './server.ts'
import type { TestServer } from './server.ts'

let farm: string
const recipe = { ...tinyRecipe, product: { period: { from: '2011-05-03', to: '2011-05-05' } } }

/** One farm, its data recorded by the command line, for all stories; each works on a copy. */
beforeAll(async () => {
  farm = mkdtempSync(join(tmpdir(), 'loam-story-'))
  await writeTinyFarm(farm)
  const lines = [
    ['new', 'farm.loam'],
    ['add', 'raster', 'farm.loam', 'sources/dem.tif', '--name', 'dem'],
    ['add', 'raster', 'farm.loam', 'sources/green.tif', '--name', 'green', '--date-rule', 'static'],
    ['add', 'stations', 'farm.loam', 'sources/probes.csv', '--name', 'probes', '--values', 'sm'].concat([
      '--stations',
      'sources/places.csv',
      '--crs',
      'EPSG:32632',
      '--unit',
      'm3 m-3',
    ]),
  ]
  for (const line of lines) await loam(line, farm)
})
afterAll(() => rmSync(farm, { recursive: true, force: true }))

async function openFarm(name = 'copy'): Promise<TestServer & { project: string; folder: string }> {
  const folder = join(temporaryFolder(), name)
  cpSync(farm, folder, { recursive: true, preserveTimestamps: true })
  const project = join(folder, 'farm.loam')
  return { ...(await testServer(project)), project, folder }
}

async function ok<T>(answer: Promise<Response>): Promise<T> {
  const response = await answer
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return JSON.parse(text) as T
}

/** Events of a page that listens from now on. */
async function listen({ origin, page }: TestServer) {
  const stop = new AbortController()
  const answer = await fetch(`${origin}/api/events`, { headers: page, signal: stop.signal })
  const told: ServerEvent[] = []
  const wake = new Set<() => void>()
  const read = async (): Promise<void> => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data) told.push(JSON.parse(data) as ServerEvent)
      }
      for (const look of wake) look()
    }
  }
  void read().catch(() => {})
  const until = <T>(find: (events: readonly ServerEvent[]) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          const found = find(told)
          if (found === undefined) return
          resolve(found)
        } catch (thrown) {
          reject(thrown as Error)
        }
        wake.delete(look)
      }
      wake.add(look)
      look()
    })
  return { told, until, stop: () => stop.abort() }
}

/** A run has begun a step. @throws when it ended before, as when the bundle is just being built anew */
function begun(told: readonly ServerEvent[]): true | undefined {
  for (const event of told) {
    if (event.type !== 'run') continue
    if (event.event.event === 'step') return true
    if (event.event.event === 'state' && event.event.state !== 'running') throw new Error(event.event.message)
  }
  return undefined
}

/** Waits for a run's end by asking, as a page that lost its events would. */
async function ended(server: TestServer, run: string): Promise<RunDetails> {
  for (;;) {
    const details = await ok<RunDetails>(server.get(`/runs/${run}`))
    if (!['waiting', 'running', 'pausing', 'cancelling'].includes(details.state)) return details
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const patience = { timeout: 120_000 }

describe('a run', patience, () => {
  test('is planned, estimated, run, looked at, exported, repeated and compared', async () => {
    const server = await openFarm()
    const events = await listen(server)
    const planned = await ok<RunDetails>(server.post('/runs', { recipe }))
    expect(planned).toMatchObject({ id: 'r0001', state: 'waiting', place: null, layers: ['mean'] })
    expect(planned.days.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting'])
    const estimate = await ok<{ secondsFrom: number; secondsTo: number }>(server.post('/runs/r0001/estimate', {}))
    expect(estimate.secondsTo).toBeGreaterThan(estimate.secondsFrom)
    expect((await server.get('/runs/r0001/findings')).status).toBe(409)

    expect(await ok(server.post('/runs/r0001/start', { workers: 2 }))).toMatchObject({ state: 'running', place: 0 })
    expect((await server.post('/runs/r0001/start', {})).status).toBe(409)
    // A second one waits for it.
    const changed = { ...recipe, learner: { ...recipe.learner, treeCount: 12 } }
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
    await ok(server.post('/runs', { recipe }))
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
    await ok(server.post('/runs', { recipe }))
    expect(await ok(server.get('/runs'))).toHaveLength(2)
    await ok(server.send('DELETE', '/runs/r0002'))
    expect(existsSync(join(server.folder, 'farm-runs/r0002'))).toBe(false)
    expect((await server.send('DELETE', '/runs/r0001')).status).toBe(409)
    expect(await ok<RunSummary[]>(server.get('/runs'))).toHaveLength(1)
  })

  test('is interrupted when the server closes, and goes on in the next', async () => {
    const server = await openFarm()
    const events = await listen(server)
    await ok(server.post('/runs', { recipe }))
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

  test('is paused with its parts under way done, lets the next one go on, and goes on in another session', async () => {
    const server = await openFarm()
    const events = await listen(server)
    const other = { ...recipe, name: 'other', learner: { type: 'forest', treeCount: 7 } }
    for (const each of [recipe, other, recipe]) await ok(server.post('/runs', { recipe: each }))
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
    for (let i = 0; i < 2; i++) await ok(server.post('/runs', { recipe }))
    for (const id of ['r0001', 'r0002']) await ok(server.post(`/runs/${id}/start`, { workers: 1 }))
    await events.until(begun)
    server.server.context.runs.pauseAtClose()
    await server.server.close()
    const next = await testServer(server.project)
    for (const id of ['r0001', 'r0002'])
      expect(await ok(next.get(`/runs/${id}`))).toMatchObject({ state: 'paused', place: null })
  })

  test('keeps its test part sealed until it is opened for a reason, which undo does not take back', async () => {
    const server = await openFarm()
    const sealed = {
      ...recipe,
      split: { by: 'place', folds: 3, test: { stations: ['P1', 'P2'] } },
      validation: [{ name: 'probes', stations: 'probes', variable: 'sm', depth: [0.05, 0.05] }],
    }
    const wrong = { ...sealed, split: { ...sealed.split, test: { stations: ['P99'] } } }
    expect(await (await server.post('/runs', { recipe: wrong })).json()).toMatchObject({ code: 'bad_recipe' })
    await ok(server.post('/runs', { recipe: sealed }))
    expect(await ok(server.get('/runs/r0001/test'))).toMatchObject({
      words: 'stations P1, P2',
      rows: null,
      opened: null,
    })
    expect((await server.post('/runs/r0001/test', { reason: 'I want to see it' })).status).toBe(409)
    await ok(server.post('/runs/r0001/start', { workers: 1 }))
    expect((await ended(server, 'r0001')).state).toMatch(/^done/)
    expect(await ok(server.get('/runs/r0001/test'))).toMatchObject({ rows: 40, opened: null, scores: [] })
    const pairs = await ok<{ points: { station: string }[] }>(server.post('/runs/r0001/validations/probes/pairs', {}))
    expect(new Set(pairs.points.map(({ station }) => station))).toEqual(
      new Set(Array.from({ length: 12 }, (_, i) => `P${i}`).filter((id) => id !== 'P1' && id !== 'P2')),
    )
    expect((await loam(['scores', server.project, 'r0001'], server.folder)).stdout).toContain('P1, P2): sealed')

    expect((await server.post('/runs/r0001/test', { reason: 'why not' })).status).toBe(400)
    const { document, revision } = await ok<WorkspaceState>(server.get('/workspace'))
    const changed = { label: 'One', document: { ...document, crs: 'EPSG:1' }, revision }
    const state = await ok<WorkspaceState>(server.put('/workspace', changed))
    const reason = 'the settings are final'
    const opened = await ok<TestPartState>(server.post('/runs/r0001/test', { reason }))
    expect(opened).toMatchObject({ opened: { run: 'r0001', reason }, others: [] })
    expect(opened.scores.map(({ validation, scores }) => [validation, scores.n])).toEqual([
      ['crossValidation', 40],
      ['crossValidation', 40],
      ['probes', 6],
    ])
    await ok(server.post('/workspace/undo', { revision: state.revision }))
    expect((await server.post('/runs/r0001/test', { reason })).status).toBe(409)
    await server.server.close()
    const next = await testServer(server.project)
    expect(await ok(next.get('/runs/r0001/test'))).toEqual(JSON.parse(JSON.stringify(opened)))
    await next.server.close()
    const told = await loam(['scores', server.project, 'r0001'], server.folder)
    expect(told.stdout).toMatch(/Test part \(stations P1, P2\), opened .* UTC by .*: the settings are final/)
    const again = ['scores', server.project, 'r0001', '--open-test']
    expect((await loam(again, server.folder)).code).toBe(64)
    expect((await loam([...again, '--reason', 'once more, please'], server.folder)).code).toBe(65)
  })

  test('that was killed with its engine is interrupted when the project is opened again', async () => {
    const server = await openFarm()
    await ok(server.post('/runs', { recipe }))
    await server.server.close()
    const engine = await Engine.open(server.project, 'write')
    engine.project.updateRun('r0001', { state: 'running', startedAtMs: 1 })
    await engine.close()
    const next = await testServer(server.project)
    expect(await ok(next.get('/runs/r0001'))).toMatchObject({ state: 'interrupted' })
  })
})

async function endOf(server: TestServer, { id }: Task): Promise<Task> {
  for (;;) {
    const task = (await ok<Task[]>(server.get('/tasks'))).find((each) => each.id === id)!
    if (task.endedAtMs !== null) return task
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('the workspace', () => {
  test('is undone and redone, also after a restart; a drag is one step', async () => {
    const server = await openFarm()
    let state = await ok<WorkspaceState>(server.get('/workspace'))
    expect(state).toMatchObject({ revision: 0, undo: null, redo: null })
    const put = async (label: string, crs: string, mergeKey?: string): Promise<void> => {
      const document = { ...state.document, crs }
      state = await ok(server.put('/workspace', { label, document, revision: state.revision, mergeKey }))
    }
    await put('Set CRS', 'EPSG:1')
    await put('Drag', 'EPSG:2', 'drag-1')
    await put('Drag', 'EPSG:3', 'drag-1')
    await put('Drag', 'EPSG:4', 'drag-1')
    await put('Drag', 'EPSG:5', 'drag-2')
    expect(state).toMatchObject({ undo: 'Drag', redo: null, revision: 5 })
    const step = async (from: TestServer, way: 'undo' | 'redo'): Promise<string | null> => {
      state = await ok(from.post(`/workspace/${way}`, { revision: state.revision }))
      return state.document.crs
    }
    expect(await step(server, 'undo')).toBe('EPSG:4')
    expect(await step(server, 'undo')).toBe('EPSG:1')
    expect(state).toMatchObject({ undo: 'Set CRS', redo: 'Drag' })

    await server.server.close()
    const next = await testServer(server.project)
    expect(await ok(next.get('/workspace'))).toEqual(state)
    expect(await step(next, 'redo')).toBe('EPSG:4')
    expect(await step(next, 'undo')).toBe('EPSG:1')
    expect(await step(next, 'undo')).toBe(null)
    expect(state).toMatchObject({ undo: null, redo: 'Set CRS' })
    const before = state.revision
    expect(await step(next, 'undo')).toBe(null)
    expect(state.revision).toBe(before)
  })

  test('that another window changed is a conflict that brings the newer document', async () => {
    const server = await openFarm()
    const { document } = await ok<WorkspaceState>(server.get('/workspace'))
    await ok(server.put('/workspace', { label: 'One', document: { ...document, crs: 'EPSG:1' }, revision: 0 }))
    const late = await server.put('/workspace', { label: 'Two', document: { ...document, crs: 'EPSG:2' }, revision: 0 })
    expect(late.status).toBe(409)
    expect(await late.json()).toMatchObject({
      code: 'conflict',
      details: { workspace: { revision: 1, document: { crs: 'EPSG:1' }, undo: 'One' } },
    })
    expect((await server.put('/workspace', { label: 'X', document: { crs: 5 }, revision: 1 })).status).toBe(400)
  })
})

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
})

test('events go on where a page left off, and say so when they cannot', async () => {
  const server = await testServer()
  const { events } = server.server.context
  const first = async (lastEventId?: string): Promise<string> => {
    const stop = new AbortController()
    const headers = lastEventId === undefined ? server.page : { ...server.page, 'last-event-id': lastEventId }
    const answer = await fetch(`${server.origin}/api/events`, { headers, signal: stop.signal })
    let text = ''
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString()
      if (/^data: .*\n\n/m.test(text)) break
    }
    stop.abort()
    return text.replace('retry: 1000\n\n', '')
  }
  events.tell({ type: 'catalog' })
  events.tell({ type: 'runs' })
  expect(await first()).toBe('id: 2\ndata: {"type":"refresh"}\n\n')
  expect(await first('1')).toBe('id: 2\ndata: {"type":"runs"}\n\n')
  expect(await first('7')).toBe('id: 2\ndata: {"type":"refresh"}\n\n')
  for (let i = 0; i < 3000; i++) events.tell({ type: 'runs' })
  expect(await first('1')).toBe('id: 3002\ndata: {"type":"refresh"}\n\n')
  expect(await first('3001')).toBe('id: 3002\ndata: {"type":"runs"}\n\n')
})

test('tasks tell how far they are and stop when asked', async () => {
  const server = await testServer()
  const { tasks } = server.server.context
  const waiting = tasks.begin('Wait', async ({ signal, report }) => {
    report({ doing: 'waiting', done: 1, total: 2 })
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  })
  const [seen] = await ok<Task[]>(server.get('/tasks'))
  expect(seen).toMatchObject({ id: waiting.id, doing: 'waiting', done: 1, total: 2, state: 'running' })
  expect(await ok(server.post(`/tasks/${waiting.id}/cancel`))).toMatchObject({ state: 'cancelling' })
  expect(await endOf(server, waiting)).toMatchObject({ state: 'cancelled' })
  expect((await server.post('/tasks/t99/cancel')).status).toBe(404)
})

test('the sample is made as a task and opened', patience, async () => {
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
