import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeFile } from '../../../main/engine/catalog/index.ts'
import { tinyFolder } from './tiny-series.ts'

async function script(text: string): Promise<string> {
  const path = join(tinyFolder(), 'child.mjs')
  await writeFile(path, text)
  return path
}

it('outlives a child that crashes as native code does, and names the file', async () => {
  const child = await script(`process.on('message', () => process.kill(process.pid, 'SIGSEGV'))`)
  for (const file of ['/tmp/first.tif', '/tmp/second.tif'])
    await expect(describeFile(file, { child })).rejects.toMatchObject({
      code: 'native_crash',
      message: expect.stringMatching(/(first|second)\.tif .*signal SIGSEGV.*Get it again/),
      details: { file },
    })
})

it('ends a child that hangs', async () => {
  const child = await script(`process.on('message', () => { for (;;); })`)
  await expect(describeFile('/tmp/slow.nc', { child, patienceSeconds: 0.2 })).rejects.toMatchObject({
    code: 'native_crash',
    message: expect.stringMatching(/slow\.nc .*no answer/),
  })
})

it('hands on what the child refuses, several files at once', async () => {
  const child = await script(
    `process.on('message', ({ id, path }) =>
       setTimeout(() => process.send({ id, fault: { code: 'bad_raster', message: path, details: {} } }), path.includes('a') ? 50 : 1))`,
  )
  const outcomes = await Promise.allSettled(['/a', '/b'].map((path) => describeFile(path, { child })))
  expect(outcomes).toMatchObject([
    { reason: { code: 'bad_raster', message: '/a' } },
    { reason: { code: 'bad_raster', message: '/b' } },
  ])
})
