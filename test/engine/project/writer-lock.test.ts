import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject, openProject } from '../../../main/engine/project/index.ts'
import { bundleScript } from '../../bundle.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { recipeSample } from './samples.ts'

let script: Awaited<ReturnType<typeof bundleScript>>
beforeAll(async () => {
  script = await bundleScript(fileURLToPath(new URL('holder-child.ts', import.meta.url)))
})
afterAll(() => script.remove())

interface Told {
  event: 'open' | 'saved' | 'refused'
  hash?: string
  code?: string
  details?: { holder?: { pid: number } }
}

/** A process that writes; its messages are collected. */
function startWriter(path: string, what: string) {
  const child = fork(script.path, [path, what])
  const told: Told[] = []
  child.on('message', (message) => told.push(message as Told))
  return { child, told }
}

async function emptyProject(): Promise<string> {
  const path = join(temporaryFolder(), 'farm.loam')
  await (await createProject(path, { name: 'Farm' })).close()
  return path
}

test('killed 20 times, the lock is free at once and everything acknowledged is there', async () => {
  const path = await emptyProject()
  for (let round = 0; round < 20; round++) {
    const { child, told } = startWriter(path, `run r${round}`)
    while (!told.some((message) => message.event === 'saved')) await once(child, 'message')
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    const project = await openProject(path, { mode: 'write' })
    expect(project.heldBy).toBeNull()
    for (const { hash } of told.filter((message) => message.event === 'saved'))
      expect(project.recipe(hash!).name).toMatch(`run r${round} `)
    await project.close()
  }
})

test('a second writer is told who holds the project; a reader reads and is told too', async () => {
  const path = await emptyProject()
  const { child, told } = startWriter(path, 'run r0001')
  while (!told.some((message) => message.event === 'saved')) await once(child, 'message')
  const holder = { pid: child.pid, host: hostname(), what: 'run r0001' }
  const refused = openProject(path, { mode: 'write' })
  await expect(refused).rejects.toMatchObject({ code: 'project_locked', details: { holder } })
  await expect(openProject(path, { mode: 'write' })).rejects.toThrow(/for writing by run r0001 \(process \d+ on /)

  const reader = await openProject(path, { mode: 'read' })
  expect(reader.heldBy).toMatchObject(holder)
  expect(reader.recipe(told.find((message) => message.event === 'saved')!.hash!).name).toBe('run r0001 0')
  expect(() => reader.putRecipe(recipeSample)).toThrow(/open for writing by run r0001/)
  // The reader sees what is saved after it came.
  const before = told.length
  while (told.length < before + 3) await once(child, 'message')
  expect(reader.recipe(told.at(-1)!.hash!)).toBeTruthy()
  await reader.close()

  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
})

test('of many that want to write at once one gets it', async () => {
  const path = await emptyProject()
  const writers = Array.from({ length: 4 }, (_, i) => startWriter(path, `writer ${i}`))
  await Promise.all(writers.map(({ child }) => once(child, 'message')))
  const first = writers.map(({ told }) => told[0])
  expect(first.map(({ event }) => event).sort()).toEqual(['open', 'refused', 'refused', 'refused'])
  const winner = writers.find(({ told }) => told[0].event === 'open')!
  for (const { code, details } of first.filter(({ event }) => event === 'refused'))
    expect([code, details!.holder!.pid]).toEqual(['project_locked', winner.child.pid])
  const exit = once(winner.child, 'exit')
  winner.child.kill('SIGKILL')
  await exit
})

test('in one process too there is one writer', async () => {
  const path = await emptyProject()
  const project = await openProject(path, { mode: 'write', what: 'window' })
  await expect(openProject(path, { mode: 'write' })).rejects.toMatchObject({ code: 'project_locked' })
  // Neither the refusal nor a reader's look drops the lock.
  await (await openProject(path, { mode: 'read' })).close()
  await expect(openProject(path, { mode: 'write' })).rejects.toThrow(/by window/)
  const { child, told } = startWriter(path, 'other')
  await once(child, 'message')
  expect(told[0]).toMatchObject({ event: 'refused', details: { holder: { what: 'window' } } })
  project.putRecipe(recipeSample)
  await project.close()
  expect(existsSync(`${path}.holder.json`)).toBe(false)
  await (await openProject(path, { mode: 'write' })).close()
})

test('a note that a dead writer left, or a stranger wrote, holds nobody up', async () => {
  const path = await emptyProject()
  for (const text of [JSON.stringify({ pid: 1, host: 'x', since: '', what: 'ghost' }), '{"pid":', '[]', 'null']) {
    writeFileSync(`${path}.holder.json`, text)
    const reader = await openProject(path, { mode: 'read' })
    expect(reader.heldBy).toBeNull()
    await reader.close()
    await (await openProject(path, { mode: 'write' })).close()
  }
})
