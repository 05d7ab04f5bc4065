import { describe, expect, test } from 'vitest'
import type { WorkspaceState } from '../../main/contract/index.ts'
import { ok } from './answers.ts'
import { farmServers } from './farm-server.ts'
import { testServer } from './server.ts'
import type { TestServer } from './server.ts'

const openFarm = farmServers()

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
