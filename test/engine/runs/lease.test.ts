import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withLease } from '../../../main/engine/runs/lease.ts'
import { bundleScript } from '../../bundle.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

let child: Awaited<ReturnType<typeof bundleScript>>
beforeAll(async () => {
  child = await bundleScript(fileURLToPath(new URL('lease-child.ts', import.meta.url)))
})
afterAll(() => child.remove())

test('of several processes one does the work', async () => {
  const folder = temporaryFolder()
  const ended = Array.from({ length: 6 }, () => once(fork(child.path, [folder, 'once']), 'exit'))
  expect((await Promise.all(ended)).map(([code]) => code)).toEqual([0, 0, 0, 0, 0, 0])
  expect(readFileSync(join(folder, 'trained'), 'utf8').trim().split('\n')).toHaveLength(1)
  expect(readdirSync(folder).sort()).toEqual(['model', 'trained'])
})

test('the lease of a killed process is free at once, long before it is stale', async () => {
  const folder = temporaryFolder()
  for (let round = 0; round < 5; round++) {
    const holder = fork(child.path, [folder, 'hold'])
    await once(holder, 'message')
    let isOurs = false
    const work = withLease(folder, 'model', async () => (isOurs = true), { staleMs: 3_600_000 })
    await sleep(50)
    expect(isOurs).toBe(false)
    holder.kill('SIGKILL')
    await work
    expect(isOurs).toBe(true)
  }
  expect(readdirSync(folder)).toEqual([])
})

const elsewhere = JSON.stringify({ token: 'abc', pid: 1, host: `${hostname()}-other` })

test('the lease of another machine is taken over when it shows no sign of life, whatever its clock says', async () => {
  const folder = temporaryFolder()
  for (const text of [elsewhere, '', '{"tok']) {
    writeFileSync(join(folder, 'model.lease'), text)
    utimesSync(join(folder, 'model.lease'), 4e9, 4e9)
    expect(await withLease(folder, 'model', async () => 'done', { staleMs: 200 })).toBe('done')
  }
  expect(readdirSync(folder)).toEqual([])
})

test('a beating lease of another machine is waited for', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'model.lease')
  writeFileSync(path, elsewhere)
  let beats = 0
  const beat = setInterval(() => utimesSync(path, ++beats, beats), 20)
  let isOurs = false
  const stop = new AbortController()
  const work = withLease(folder, 'model', async () => (isOurs = true), { staleMs: 400, signal: stop.signal })
  await sleep(1500)
  clearInterval(beat)
  expect(isOurs).toBe(false)
  stop.abort()
  await expect(work).rejects.toMatchObject({ code: 'cancelled' })
  expect(readFileSync(path, 'utf8')).toBe(elsewhere)
})

test('the lease is given back when the work fails', async () => {
  const folder = temporaryFolder()
  const failing = withLease(folder, 'model', async () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(await withLease(folder, 'model', async () => 1)).toBe(1)
  await expect(withLease(folder, '../model', async () => 1)).rejects.toMatchObject({ code: 'internal' })
})
