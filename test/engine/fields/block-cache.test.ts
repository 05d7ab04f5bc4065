import { describe, expect, test } from 'vitest'
import { LoamError } from '../../../main/contract/index.ts'
import type { Block } from '../../../main/contract/index.ts'
import { BlockCache } from '../../../main/engine/fields/block-cache.ts'

const block = (cells: number): Block => ({
  rows: 1,
  cols: cells,
  values: new Float32Array(cells),
  reasons: new Uint8Array(cells),
})

describe('BlockCache', () => {
  test('makes a block once for all who ask at the same time', async () => {
    const cache = new BlockCache(1000)
    let made = 0
    const make = async (): Promise<Block> => {
      made++
      return block(10)
    }
    const [a, b] = await Promise.all([cache.get('k', make), cache.get('k', make)])
    expect(a).toBe(b)
    expect(await cache.get('k', make)).toBe(a)
    expect(made).toBe(1)
  })

  test('never holds more than its bytes, and drops the least recently used', async () => {
    const cache = new BlockCache(100)
    const asked: string[] = []
    const get = (key: string): Promise<Block> => cache.get(key, async () => (asked.push(key), block(10)))
    for (const key of ['a', 'b', 'a', 'c']) {
      await get(key)
      expect(cache.usedBytes).toBeLessThanOrEqual(100)
    }
    expect(cache.usedBytes).toBe(100)
    await get('a')
    await get('b')
    expect(asked).toEqual(['a', 'b', 'c', 'b'])
    await cache.get('large', async () => block(11))
    expect(cache.usedBytes).toBe(100)
    await get('b')
    expect(asked).toHaveLength(4)
  })

  test('does not remember failures', async () => {
    const cache = new BlockCache(100)
    await expect(cache.get('k', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect((await cache.get('k', async () => block(1))).cols).toBe(1)
  })

  test('one reader that stops does not stop another', async () => {
    const cache = new BlockCache(100)
    const stopped = cache.get('k', async () => {
      throw new LoamError('cancelled', 'Stopped on request.')
    })
    const going = cache.get('k', async () => block(3))
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    expect((await going).cols).toBe(3)
  })
})
