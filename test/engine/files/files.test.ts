import { mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  canonicalJson,
  hashBytes,
  hashFile,
  hashJson,
  publish,
  publishBytes,
  removeStaleTemporaries,
  requireOutputPlace,
} from '../../../main/engine/files/index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('publish', () => {
  it('replaces a file whole and leaves nothing else in the folder', async () => {
    const path = join(folder, 'map.txt')
    await publishBytes(path, 'old')
    await publish(path, async (temporary) => {
      expect(dirname(temporary)).toBe(folder)
      expect(basename(temporary)).toMatch(/^\.map\.txt\.[0-9a-f]{16}\.tmp$/)
      await writeFile(temporary, 'new')
      expect(await readFile(path, 'utf8')).toBe('old')
    })
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await readdir(folder)).toEqual(['map.txt'])
  })

  it('keeps the old file and drops the temporary when writing fails', async () => {
    const path = join(folder, 'map.txt')
    await publishBytes(path, new Uint8Array([1, 2, 3]))
    const fault = new Error('half way')
    await expect(
      publish(path, async (temporary) => {
        await writeFile(temporary, 'half')
        throw fault
      }),
    ).rejects.toBe(fault)
    expect([...(await readFile(path))]).toEqual([1, 2, 3])
    expect(await readdir(folder)).toEqual(['map.txt'])
  })

  it('says disk_full for a full disk and not_found for a missing folder', async () => {
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    await expect(publish(join(folder, 'a'), () => Promise.reject(full))).rejects.toMatchObject({ code: 'disk_full' })
    await expect(publishBytes(join(folder, 'none', 'a'), 'x')).rejects.toMatchObject({ code: 'not_found' })
    expect(await readdir(folder)).toEqual([])
  })

  it('lets two writers of one path both finish, the file being one of the two', async () => {
    const path = join(folder, 'a')
    const texts = ['first'.repeat(10_000), 'second'.repeat(10_000)]
    await Promise.all(texts.map((text) => publishBytes(path, text)))
    expect(texts).toContain(await readFile(path, 'utf8'))
    expect(await readdir(folder)).toEqual(['a'])
  })

  it('sweeps old temporaries only', async () => {
    const old = '.a.tif.0123456789abcdef.tmp.cells'
    const young = '.b.tif.0123456789abcdef.tmp'
    for (const name of [old, young, 'a.tmp', '.hidden']) await writeFile(join(folder, name), '')
    const lastWeek = new Date(Date.now() - 7 * 86_400_000)
    for (const name of [old, 'a.tmp', '.hidden']) await utimes(join(folder, name), lastWeek, lastWeek)
    expect(await removeStaleTemporaries(folder)).toEqual([old])
    expect(await removeStaleTemporaries(folder, 0)).toEqual([young])
    expect((await readdir(folder)).sort()).toEqual(['.hidden', 'a.tmp'])
    expect(await removeStaleTemporaries(join(folder, 'none'))).toEqual([])
  })
})

describe('hashes', () => {
  it('gives the published SHA-256 of "abc" for bytes and for a file', async () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(hashBytes('abc')).toBe(abc)
    expect(hashBytes(new TextEncoder().encode('abc'))).toBe(abc)
    await writeFile(join(folder, 'abc'), 'abc')
    expect(await hashFile(join(folder, 'abc'))).toBe(abc)
  })

  it('hashes a file longer than one piece like its bytes', async () => {
    const bytes = Buffer.alloc(3_000_001, 7)
    await writeFile(join(folder, 'long'), bytes)
    expect(await hashFile(join(folder, 'long'))).toBe(createHash('sha256').update(bytes).digest('hex'))
  })

  it('says what is wrong with a path and stops on request', async () => {
    await expect(hashFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'not_found' })
    await expect(hashFile(folder)).rejects.toMatchObject({ code: 'bad_input' })
    await writeFile(join(folder, 'a'), 'abc')
    await expect(hashFile(join(folder, 'a'), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('canonical JSON', () => {
  it('does not depend on the order of keys, nested ones too', () => {
    const text = '{"a":[1,{"x":null,"y":"é"}],"b":0.1,"c":true}'
    expect(canonicalJson({ c: true, b: 0.1, a: [1, { y: 'é', x: null }], gone: undefined })).toBe(text)
    expect(JSON.parse(text)).toEqual({ a: [1, { x: null, y: 'é' }], b: 0.1, c: true })
    expect(hashJson({ a: 1, b: 2 })).toBe(hashJson({ b: 2, a: 1 }))
    expect(hashJson({ a: 1 })).not.toBe(hashJson({ a: '1' }))
    expect(canonicalJson(-0)).toBe('0')
    expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}')
  })

  it('refuses what JSON would change in silence', () => {
    for (const bad of [NaN, Infinity, undefined, () => 1, 1n, [undefined], new Float32Array(1), new Map()])
      expect(() => canonicalJson({ bad: [bad] })).toThrow(TypeError)
  })
})

it('a result may not be written over what it is made from, nor where there is no file to be', async () => {
  const input = join(folder, 'in.csv')
  await writeFile(input, 'a')
  await symlink(input, join(folder, 'link.csv'))
  await requireOutputPlace(join(folder, 'out.csv'), [input])
  for (const out of [input, join(folder, 'link.csv')])
    await expect(requireOutputPlace(out, [join(folder, 'other.csv'), input])).rejects.toThrow(/is an input/)
  await expect(requireOutputPlace(folder, [input])).rejects.toThrow(/is a folder/)
  await expect(requireOutputPlace(join(folder, 'none', 'out.csv'), [input])).rejects.toThrow(/is not there/)
})
