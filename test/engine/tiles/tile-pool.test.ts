import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { MapService } from '../../../main/engine/tiles/index.ts'
import { nextJob } from '../../../main/engine/tiles/next-job.ts'
import { TileProject, first, hill, second, utm } from './tile-project.ts'

const grid = utm(10, 1100, 1100)
const folder = mkdtempSync(join(tmpdir(), 'loam-pool-'))
let project: TileProject
let map: MapService

beforeAll(async () => {
  project = await TileProject.create(folder)
  await project.add('wet', grid, { [first]: hill(grid, 1), [second]: hill(grid, 2) })
})
afterEach(() => {
  map.close()
  delete process.env.LOAM_FAULT
})
afterAll(async () => {
  await project.close()
  rmSync(folder, { recursive: true, force: true })
})

const source = { of: 'dataset' as const, dataset: 'wet', variable: 'wet' }
const places = Array.from({ length: 9 }, (_, i) => ({ level: 0, row: Math.floor(i / 3), col: i % 3 }))

describe('the process that computes tiles', () => {
  test('one that dies is started again, and what was under way is still answered', async () => {
    map = new MapService(project.engine.project)
    const layer = await map.openLayer(source)
    const before = await Promise.all(places.map((place) => map.tile(layer.id, first, place)))
    const [pid] = map.pids
    const again = places.map((place) => map.tile(layer.id, second, place))
    process.kill(pid, 'SIGKILL')
    const after = await Promise.all(again)
    expect(map.pids[0]).not.toBe(pid)
    expect(after).toHaveLength(before.length)
    expect(await map.tile(layer.id, first, places[4])).toEqual(before[4])
  })

  test('work that kills it every time answers native_crash, and says what it was', async () => {
    process.env.LOAM_FAULT = 'crash'
    map = new MapService(project.engine.project, { folder: null })
    const layer = await map.openLayer(source)
    expect(layer.sampled).toBeNull()
    const fault = await map.tile(layer.id, first, places[1]).catch((thrown: Error) => thrown)
    expect(fault).toMatchObject({ code: 'native_crash' })
    expect((fault as Error).message).toMatch(/tile 0\/0\/1 of "wet wet" on 2019-06-01/)
    delete process.env.LOAM_FAULT
    // The process is not spoilt by it.
    expect((await map.tile(layer.id, first, places[1])).length).toBe(8 + 5 * 256 * 256)
    expect((await map.openLayer(source)).sampled).not.toBeNull()
  })

  test('a stopped request answers at once and leaves the others alone; of one picture the first goes first', async () => {
    map = new MapService(project.engine.project, { folder: null })
    const layer = await map.openLayer(source)
    const stop = new AbortController()
    const done: number[] = []
    const stopped = places
      .slice(0, 5)
      .map((place) => map.tile(layer.id, first, place, stop.signal).catch((thrown: Error) => thrown))
    const kept = places.slice(5).map((place, i) => map.tile(layer.id, first, place).then(() => done.push(i)))
    stop.abort()
    for (const each of await Promise.all(stopped)) expect(each).toMatchObject({ code: 'cancelled' })
    await Promise.all(kept)
    // Three at a time: the last of the four that wait can only begin when one of those before is done.
    expect(done.indexOf(3)).toBeGreaterThan(0)
    await expect(map.tile(layer.id, first, places[0], AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    expect((await map.tile(layer.id, first, places[0])).length).toBe(8 + 5 * 256 * 256)
  })

  test('of pictures the newest is begun', () => {
    const asked = (...ms: number[]) => ms.map((askedAtMs) => ({ askedAtMs }))
    expect(nextJob(asked(7))).toBe(0)
    expect(nextJob(asked(0, 2, 5, 20))).toBe(0)
    expect(nextJob(asked(0, 2, 500, 502, 510))).toBe(2)
    // What is left of a picture after one newer is done.
    expect(nextJob(asked(2))).toBe(0)
  })

  test('a file that is cut short costs its tiles only', async () => {
    const rotten = await project.add('rotten', grid, { [first]: hill(grid, 3), [second]: hill(grid, 4) })
    map = new MapService(project.engine.project, { folder: null })
    const layer = await map.openLayer({ of: 'dataset', dataset: 'rotten', variable: 'rotten' })
    truncateSync(rotten.files[1].path, rotten.files[1].bytes >> 1)
    const faults = await Promise.all(
      places.map((place) =>
        map.tile(layer.id, second, { ...place, row: place.row + 2 }).catch((thrown: Error) => thrown),
      ),
    )
    expect(
      faults.filter((fault) => fault instanceof Error).map((fault) => (fault as { code?: string }).code),
    ).toContain('bad_raster')
    expect((await map.tile(layer.id, first, places[8])).length).toBeGreaterThan(8)
  })

  test('closing ends it', async () => {
    map = new MapService(project.engine.project)
    const layer = await map.openLayer(source)
    await map.tile(layer.id, first, places[0])
    const [pid] = map.pids
    const waiting = map.tile(layer.id, second, places[1]).catch((thrown: Error) => thrown)
    map.close()
    expect(await waiting).toMatchObject({ code: 'cancelled' })
    await expect.poll(() => isAlive(pid)).toBe(false)
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
