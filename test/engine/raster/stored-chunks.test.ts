import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Grid } from '../../../main/contract/index.ts'
import { haveSameCells, openStoredChunks, writeGeoTiff } from '../../../main/engine/raster/index.ts'

const grid: Grid = { crs: 'EPSG:32631', transform: [500_000, 10, 0, 4_800_000, 0, -10], rows: 700, cols: 300 }
const cells = grid.rows * grid.cols
const ramp = Float32Array.from({ length: cells }, (_, i) => i % 997)

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'loam-chunks-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

async function chunksOf(name: string, values: readonly Float32Array[], tiled: boolean, byBand = true) {
  const path = join(folder, name)
  await writeGeoTiff(path, { grid, bands: values.map((band, i) => ({ name: `b${i}`, values: band })), tiled, byBand })
  return (await openStoredChunks(path))!
}

describe('haveSameCells', () => {
  it('tells equal windows of bands from different ones, in tiles and strips, whatever the place of the band', async () => {
    const changed = ramp.slice()
    changed[cells - 1] += 1
    for (const tiled of [true, false]) {
      const a = await chunksOf('a.tif', [ramp, changed], tiled)
      const b = await chunksOf('b.tif', [changed, changed], tiled)
      const whole = { row: 0, col: 0, rows: grid.rows, cols: grid.cols }
      expect(await haveSameCells({ chunks: a, band: 1, window: whole }, { chunks: b, band: 1, window: whole })).toBe(
        false,
      )
      expect(
        await haveSameCells(
          { chunks: a, band: 1, window: { ...whole, rows: 100 } },
          { chunks: b, band: 1, window: { ...whole, rows: 100 } },
        ),
      ).toBe(true)
      expect(await haveSameCells({ chunks: a, band: 2, window: whole }, { chunks: b, band: 2, window: whole })).toBe(
        true,
      )
      expect(await haveSameCells({ chunks: a, band: 2, window: whole }, { chunks: b, band: 1, window: whole })).toBe(
        true,
      )
      for (const { file } of [a, b]) await file.close()
    }
  })

  it('compares bands that lie cell by cell all together', async () => {
    const other = ramp.map((value) => value + 1)
    const a = await chunksOf('a.tif', [ramp, other], true, false)
    const b = await chunksOf('b.tif', [ramp, ramp], true, false)
    const c = await chunksOf('c.tif', [ramp, other], true, false)
    const window = { row: 256, col: 0, rows: 100, cols: 100 }
    expect(await haveSameCells({ chunks: a, band: 1, window }, { chunks: b, band: 1, window })).toBe(false)
    expect(await haveSameCells({ chunks: a, band: 1, window }, { chunks: c, band: 1, window })).toBe(true)
    expect(await haveSameCells({ chunks: a, band: 1, window }, { chunks: c, band: 2, window })).toBe(false)
    for (const { file } of [a, b, c]) await file.close()
  })

  it('is false for files that are laid out differently', async () => {
    const [a, b] = [await chunksOf('a.tif', [ramp], true), await chunksOf('b.tif', [ramp], false)]
    const window = { row: 0, col: 0, rows: 9, cols: 9 }
    expect(await haveSameCells({ chunks: a, band: 1, window }, { chunks: b, band: 1, window })).toBe(false)
    for (const { file } of [a, b]) await file.close()
  })
})

describe('openStoredChunks', () => {
  it('leaves other files alone, and TIFFs whose directory is damaged', async () => {
    const path = join(folder, 'other')
    await writeFile(path, 'no TIFF at all, but long enough')
    expect(await openStoredChunks(path)).toBeNull()
    await writeFile(path, Buffer.from('49492a0008000000ffff0000', 'hex'))
    expect(await openStoredChunks(path)).toBeNull()
    await writeFile(path, Buffer.from('49492a00080000000000080000000000000000', 'hex'))
    expect(await openStoredChunks(path)).toBeNull()
  })
})
