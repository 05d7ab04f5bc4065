import { expect, test } from 'vitest'
import type { TestPartState, WorkspaceState } from '../../main/contract/index.ts'
import { loam } from '../fronts/loam-process.ts'
import { tinyRecipe } from '../fronts/tiny-farm.ts'
import { ok } from './answers.ts'
import { farmServers } from './farm-server.ts'
import { testServer } from './server.ts'
import { ended } from './watch-run.ts'

const openFarm = farmServers()

test(
  'a run keeps its test part sealed until it is opened for a reason, which undo does not take back',
  { timeout: 120_000 },
  async () => {
    const server = await openFarm()
    const sealed = {
      ...tinyRecipe,
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
  },
)
