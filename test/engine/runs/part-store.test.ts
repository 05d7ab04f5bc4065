import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PartStore } from '../../../main/engine/runs/part-store.ts'
import type { CorruptPart } from '../../../main/engine/runs/part-store.ts'
import { freeReserve, keepReserve } from '../../../main/engine/runs/reserve.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const keyOf = (text: string) => createHash('sha256').update(text).digest('hex')
const pathOf = (folder: string, key: string) => join(folder, 'parts', key.slice(0, 2), key)
const bytes = (...values: number[]) => Uint8Array.from(values)

test('a part comes back as it was put, in pieces or none', async () => {
  const store = new PartStore(temporaryFolder())
  const meta = { rows: 3, mean: 0.1 + 0.2, name: 'é—ß', nested: { none: null, list: [1, 'two'] } }
  await store.put(keyOf('a'), 'tile', meta, [bytes(1, 2), bytes(), bytes(3)])
  await store.put(keyOf('b'), 'fold', {}, [])
  expect(await store.get(keyOf('a'))).toEqual({ kind: 'tile', meta, payload: bytes(1, 2, 3) })
  expect(await store.get(keyOf('b'))).toEqual({ kind: 'fold', meta: {}, payload: bytes() })
  expect(await store.get(keyOf('c'))).toBeNull()
  expect(await store.list()).toEqual([keyOf('a'), keyOf('b')].sort())
})

test('typed arrays can lie on a payload', async () => {
  const store = new PartStore(temporaryFolder())
  const values = Float64Array.of(Math.PI, -0, NaN, 1e-300)
  for (const name of ['', 'a', 'ab', 'abcdefg']) {
    await store.put(keyOf(name), 'k', { name }, [new Uint8Array(values.buffer)])
    const { payload } = (await store.get(keyOf(name)))!
    expect(new Float64Array(payload.buffer, payload.byteOffset, 4)).toEqual(values)
  }
})

test('the file is laid out as the format says', async () => {
  const folder = temporaryFolder()
  const key = keyOf('a')
  await new PartStore(folder).put(key, 'tile', { b: 1, a: 2 }, [bytes(7, 8, 9)])
  const file = readFileSync(pathOf(folder, key))
  // 56 header + 4 kind + 13 meta = 73, padded to 80.
  const meta = '{"a":2,"b":1}'.padEnd(20)
  const header = Buffer.alloc(56)
  header.write('LOAMPART', 0, 'latin1')
  header.set([1, 0, 4, 0, 20, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0], 8)
  header.write(key, 24, 'hex')
  const body = Buffer.concat([header, Buffer.from('tile'), Buffer.from(meta), bytes(7, 8, 9)])
  expect(file.equals(Buffer.concat([body, createHash('sha256').update(body).digest()]))).toBe(true)
})

test('every flipped bit and every shortened file is noticed, set aside, and healed by putting again', async () => {
  const folder = temporaryFolder()
  const corrupt: CorruptPart[] = []
  const store = new PartStore(folder, { onCorrupt: (part) => corrupt.push(part) })
  const key = keyOf('a')
  const put = () => store.put(key, 'tile', { a: 1 }, [bytes(1, 2, 3)])
  await put()
  const path = pathOf(folder, key)
  const whole = readFileSync(path)
  const damaged: Buffer[] = []
  for (let bit = 0; bit < whole.length * 8; bit += 5) {
    const copy = Buffer.from(whole)
    copy[bit >> 3] ^= 1 << (bit & 7)
    damaged.push(copy)
  }
  for (const length of [0, 1, 55, 56, 60, whole.length - 1]) damaged.push(whole.subarray(0, length))
  damaged.push(Buffer.concat([whole, bytes(0)]))
  for (const file of damaged) {
    writeFileSync(path, file)
    expect(await store.get(key)).toBeNull()
    expect(existsSync(path)).toBe(false)
    expect(readFileSync(`${path}.corrupt`).equals(file)).toBe(true)
    await put()
    expect(readFileSync(path).equals(whole)).toBe(true)
  }
  expect(corrupt).toHaveLength(damaged.length)
  expect(corrupt[0]).toMatchObject({ key, path: `${path}.corrupt` })
})

test('a cut or foreign file does not count as there', async () => {
  const folder = temporaryFolder()
  const store = new PartStore(folder)
  const [a, b] = [keyOf('a'), keyOf('b')]
  await store.put(a, 'tile', {}, [bytes(1)])
  expect([await store.has(a), await store.has(b)]).toEqual([true, false])
  mkdirSync(join(folder, 'parts', b.slice(0, 2)), { recursive: true })
  writeFileSync(pathOf(folder, b), readFileSync(pathOf(folder, a)))
  expect(await store.has(b)).toBe(false)
  writeFileSync(pathOf(folder, a), readFileSync(pathOf(folder, a)).subarray(0, -1))
  expect(await store.has(a)).toBe(false)
})

test('a valid part is never replaced', async () => {
  const folder = temporaryFolder()
  const store = new PartStore(folder)
  const key = keyOf('a')
  await store.put(key, 'tile', {}, [bytes(1)])
  const { ino } = statSync(pathOf(folder, key))
  await store.put(key, 'tile', {}, [bytes(2)])
  expect((await store.get(key))!.payload).toEqual(bytes(1))
  expect(statSync(pathOf(folder, key)).ino).toBe(ino)
})

test('thousands of parts are asked for at once', async () => {
  const store = new PartStore(temporaryFolder())
  const keys = Array.from({ length: 5000 }, (_, i) => keyOf(String(i)))
  await Promise.all(keys.slice(0, 50).map((key, i) => store.put(key, 'tile', { i }, [bytes(i)])))
  expect((await Promise.all(keys.map((key) => store.has(key)))).filter(Boolean)).toHaveLength(50)
  expect(await store.bytes()).toBe(50 * (await sizeOfOne(store, keys[0])))
})

async function sizeOfOne(store: PartStore, key: string): Promise<number> {
  return statSync(join(store.folder, key.slice(0, 2), key)).size
}

test('sweeping keeps what is named, and a young temporary that may be in use', async () => {
  const folder = temporaryFolder()
  const store = new PartStore(folder)
  const keys = ['a', 'b', 'c'].map(keyOf)
  for (const key of keys) await store.put(key, 'tile', {}, [bytes(1)])
  writeFileSync(pathOf(folder, keys[1]), 'damaged')
  await store.get(keys[1])
  const shard = join(folder, 'parts', keys[0].slice(0, 2))
  const [old, young] = ['0', '1'].map((digit) => join(shard, `.${keys[0]}.${digit.repeat(16)}.tmp`))
  writeFileSync(old, 'x')
  writeFileSync(young, 'x')
  utimesSync(old, 0, 0)
  const size = await sizeOfOne(store, keys[2])
  expect(await store.sweep(new Set([keys[0]]))).toBe('damaged'.length + size)
  expect(await store.list()).toEqual([keys[0]])
  expect(readdirSync(shard).sort()).toEqual([`.${keys[0]}.${'1'.repeat(16)}.tmp`, keys[0]].sort())
  await store.remove(keys[0])
  await store.remove(keys[0])
  expect(await store.list()).toEqual([])
})

test('a check names the damaged parts', async () => {
  const folder = temporaryFolder()
  const store = new PartStore(folder)
  const keys = ['a', 'b', 'c'].map(keyOf)
  for (const key of keys) await store.put(key, 'tile', {}, [bytes(1)])
  const path = pathOf(folder, keys[1])
  const file = readFileSync(path)
  file[file.length - 40] ^= 4
  writeFileSync(path, file)
  const { checked, corrupt } = await store.check()
  expect(checked).toBe(3)
  expect(corrupt.map(({ key }) => key)).toEqual([keys[1]])
  expect(await store.check()).toEqual({ checked: 2, corrupt: [] })
  await expect(store.check(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
})

test('only keys are paths', async () => {
  const store = new PartStore(temporaryFolder())
  for (const key of ['', '../../etc/passwd', 'A'.repeat(64), `${keyOf('a')}/x`])
    await expect(store.get(key)).rejects.toMatchObject({ code: 'internal' })
})

test('the reserve takes its place on the disk and gives it back', async () => {
  const folder = temporaryFolder()
  expect(await keepReserve(folder)).toBe(true)
  const { blocks, ino } = statSync(join(folder, 'reserve'))
  expect(blocks * 512).toBeGreaterThanOrEqual(64 * 2 ** 20)
  expect(await keepReserve(folder)).toBe(true)
  expect(statSync(join(folder, 'reserve')).ino).toBe(ino)
  await freeReserve(folder)
  await freeReserve(folder)
  expect(readdirSync(folder)).toEqual([])
})
