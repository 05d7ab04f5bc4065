import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emptyWorkspace } from '../../../main/contract/index.ts'
import { createProject, openProject } from '../../../main/engine/project/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

async function project() {
  const made = await createProject(join(temporaryFolder(), 'farm.loam'), { name: 'Farm' })
  const put = (crs: string, mergeKey?: string) => {
    const { revision } = made.workspace()
    return made.putWorkspace({ label: `Set ${crs}`, document: { ...emptyWorkspace(), crs }, revision, mergeKey })
  }
  const step = (by: -1 | 1) => made.stepWorkspace(made.workspace().revision, by)
  return { project: made, put, step }
}

test('a new project has an empty workspace and nothing to undo', async () => {
  const { project: farm } = await project()
  expect(farm.workspace()).toEqual({ document: emptyWorkspace(), revision: 0, undo: null, redo: null })
  await farm.close()
})

test('a step after an undo takes the place of what could be redone', async () => {
  const { project: farm, put, step } = await project()
  for (const crs of ['1', '2', '3']) put(crs)
  step(-1)
  expect(step(-1)).toMatchObject({ document: { crs: '1' }, undo: 'Set 1', redo: 'Set 2' })
  expect(put('4')).toMatchObject({ document: { crs: '4' }, undo: 'Set 4', redo: null, revision: 6 })
  expect(step(-1).document.crs).toBe('1')
  expect(step(1).document.crs).toBe('4')
  await farm.close()
})

test('steps of one key are one step; after an undo the key begins anew', async () => {
  const { project: farm, put, step } = await project()
  for (const crs of ['1', '2', '3']) put(crs, 'slider')
  expect(step(-1).document.crs).toBeNull()
  expect(step(1).document.crs).toBe('3')
  put('4', 'slider')
  expect(step(-1).document.crs).toBe('3')
  await farm.close()
})

test('the last 300 steps are kept', async () => {
  const { project: farm, put, step } = await project()
  for (let i = 1; i <= 350; i++) put(String(i))
  let steps = 0
  while (farm.workspace().undo !== null) {
    step(-1)
    steps++
  }
  expect(steps).toBe(299)
  expect(farm.workspace().document.crs).toBe('51')
  await farm.close()
})

test('of very large documents fewer steps are kept, the present one always', async () => {
  const { project: farm, step } = await project()
  const bookmarks = [{ name: 'x'.repeat(25e6), x: 0, y: 0, zoom: 1, day: null }]
  for (let i = 0; i < 4; i++) {
    const document = { ...emptyWorkspace(), crs: String(i), bookmarks }
    farm.putWorkspace({ label: 'Big', document, revision: i })
  }
  expect(step(-1).document.crs).toBe('2')
  expect(farm.workspace().undo).toBeNull()
  await farm.close()
})

test('a change made from an older document is refused with the newer one', async () => {
  const { project: farm, put } = await project()
  put('1')
  const late = { label: 'Late', document: emptyWorkspace(), revision: 0 }
  const present = farm.workspace()
  expect(() => farm.putWorkspace(late)).toThrow(
    expect.objectContaining({ code: 'conflict', details: { workspace: present } }),
  )
  expect(() => farm.stepWorkspace(0, -1)).toThrow(expect.objectContaining({ code: 'conflict' }))
  expect(farm.workspace()).toEqual(present)
  await farm.close()
  const reader = await openProject(farm.path, { mode: 'read' })
  expect(reader.workspace()).toEqual(present)
  expect(() => reader.stepWorkspace(1, -1)).toThrow(expect.objectContaining({ code: 'project_locked' }))
  await reader.close()
})
