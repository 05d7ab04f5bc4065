import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { reasonCodes } from '../../../main/contract/index.ts'
import type { Grid } from '../../../main/contract/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { RasterReader, gridOfFile } from '../../../main/engine/raster/index.ts'
import type { BandSource } from '../../../main/engine/raster/index.ts'
import { tinyFolder, writeTinyRaster } from './tiny-raster.ts'
import type { TinyRaster } from './tiny-raster.ts'

const readers: RasterReader[] = []
function reader(cacheBytes = 1e6): RasterReader {
  const made = new RasterReader({ cacheBytes })
  readers.push(made)
  return made
}
afterEach(() => {
  for (const used of readers.splice(0)) used.close()
})

function sourceOf(path: string, grid: Grid, changes: Partial<BandSource> = {}): BandSource {
  return { path, subdataset: '', band: 1, grid, scale: 1, offset: 0, nodata: [], validRange: null, ...changes }
}

async function tiny(
  raster: Partial<TinyRaster> & { rows: number; cols: number; values: number[] },
): Promise<BandSource> {
  const path = writeTinyRaster(join(tinyFolder(), 'a.tif'), { ...raster, bands: [{ values: raster.values }] })
  return sourceOf(path, await gridOfFile(path))
}

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe('RasterReader', () => {
  it('reads a window inside the grid', async () => {
    const source = await tiny({ rows: 4, cols: 5, values: count(20) })
    const block = await reader().read(source, { row: 1, col: 2, rows: 2, cols: 3 })
    expect([...block.values]).toEqual([7, 8, 9, 12, 13, 14])
    expect([...block.reasons]).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('marks cells beyond the grid', async () => {
    const source = await tiny({ rows: 2, cols: 2, values: [1, 2, 3, 4] })
    const block = await reader().read(source, { row: -1, col: 1, rows: 3, cols: 2 })
    const out = reasonCodes.outside_source
    expect([...block.values]).toEqual([NaN, NaN, 2, NaN, 4, NaN])
    expect([...block.reasons]).toEqual([out, out, 0, out, 0, out])
    const away = await reader().read(source, { row: 50, col: 50, rows: 1, cols: 2 })
    expect([...away.reasons]).toEqual([out, out])
  })

  it('compares nodata on the stored number, then scales, then checks the range', async () => {
    const source = await tiny({ rows: 1, cols: 5, type: 'Int16', values: [-9999, 0, 100, 4000, 255] })
    const block = await reader().read(
      { ...source, scale: 0.0001, offset: 0.5, nodata: [-9999, 255], validRange: [0.5, 0.6] },
      { row: 0, col: 0, rows: 1, cols: 5 },
    )
    expect([...block.values]).toEqual([NaN, 0.5, 100 * 0.0001 + 0.5, NaN, NaN].map(Math.fround))
    const { no_data, out_of_range } = reasonCodes
    expect([...block.reasons]).toEqual([no_data, 0, 0, out_of_range, no_data])
  })

  it('knows a nodata of 1e20 and −3.4e38 in float32, and keeps NaN and infinity apart', async () => {
    const source = await tiny({ rows: 1, cols: 5, values: [1e20, -3.4e38, NaN, Infinity, 1] })
    const block = await reader().read({ ...source, nodata: [1e20, -3.4e38] }, { row: 0, col: 0, rows: 1, cols: 5 })
    const { no_data, not_finite } = reasonCodes
    expect([...block.reasons]).toEqual([no_data, no_data, no_data, not_finite, 0])
    expect([...block.values]).toEqual([NaN, NaN, NaN, NaN, 1])
  })

  it('compares large integers unrounded', async () => {
    const source = await tiny({ rows: 1, cols: 3, type: 'Int32', values: [16777217, 16777216, -2147483647] })
    const block = await reader().read({ ...source, nodata: [16777217] }, { row: 0, col: 0, rows: 1, cols: 3 })
    expect([...block.reasons]).toEqual([reasonCodes.no_data, 0, 0])
  })

  it('turns south-up and east-first rasters to north-up', async () => {
    const upright = await tiny({ rows: 3, cols: 4, values: count(12) })
    const turned = count(12).map((i) => (2 - Math.floor(i / 4)) * 4 + (3 - (i % 4)))
    const source = await tiny({
      rows: 3,
      cols: 4,
      values: turned,
      transform: [500_040, -10, 0, 4_999_970, 0, 10],
    })
    expect(source.grid).toEqual(upright.grid)
    for (const window of [
      { row: 0, col: 0, rows: 3, cols: 4 },
      { row: 1, col: 1, rows: 1, cols: 2 },
      { row: -1, col: 2, rows: 3, cols: 4 },
    ]) {
      const expected = await reader().read(upright, window)
      expect(await reader().read(source, window)).toEqual(expected)
    }
  })

  it('gives the same numbers for any block shape, window and cache size', async () => {
    const random = new Random(7)
    const rows = 700
    const cols = 900
    const values = Array.from({ length: rows * cols }, (_, i) => (i % 97 === 0 ? -9999 : i))
    const shapes = [
      ['TILED=YES', 'BLOCKXSIZE=128', 'BLOCKYSIZE=256', 'COMPRESS=DEFLATE'],
      ['BLOCKYSIZE=3'],
      ['BLOCKYSIZE=700'],
      ['BIGTIFF=YES', 'TILED=YES', 'COMPRESS=DEFLATE', 'PREDICTOR=3'],
    ]
    for (const creation of shapes) {
      const source = { ...(await tiny({ rows, cols, values, creation })), nodata: [-9999] }
      for (const cacheBytes of [0, 3e6, 1e8]) {
        const used = reader(cacheBytes)
        for (let k = 0; k < 4; k++) {
          const window = {
            row: random.below(800) - 50,
            col: random.below(1000) - 50,
            rows: 1 + random.below(400),
            cols: 1 + random.below(400),
          }
          const block = await used.read(source, window)
          const wrong = block.values.findIndex((value, i) => {
            const row = window.row + Math.floor(i / window.cols)
            const col = window.col + (i % window.cols)
            const isInside = row >= 0 && col >= 0 && row < rows && col < cols
            const stored = isInside ? values[row * cols + col] : NaN
            return !Object.is(value, stored === -9999 ? NaN : stored)
          })
          expect(wrong).toBe(-1)
        }
      }
    }
  })

  it('serves many reads at once and can be closed while they go on', async () => {
    const source = await tiny({ rows: 600, cols: 600, values: count(360_000) })
    const used = new RasterReader({ cacheBytes: 1e7 })
    const reads = Array.from({ length: 20 }, (_, i) => used.read(source, { row: i * 10, col: i, rows: 100, cols: 100 }))
    used.close()
    const blocks = await Promise.allSettled(reads)
    for (const [i, outcome] of blocks.entries())
      if (outcome.status === 'fulfilled') expect(outcome.value.values[0]).toBe(i * 10 * 600 + i)
    expect(blocks.some((outcome) => outcome.status === 'fulfilled')).toBe(true)
  })

  it('takes masked cells as without a value', async () => {
    const gdal = (await import('gdal-async')).default
    gdal.config.set('GDAL_TIFF_INTERNAL_MASK', 'YES')
    const path = join(tinyFolder(), 'masked.tif')
    const dataset = gdal.drivers.get('GTiff').create(path, 2, 2, 1, 'Byte')
    dataset.geoTransform = [0, 1, 0, 2, 0, -1]
    const band = dataset.bands.get(1)
    band.pixels.write(0, 0, 2, 2, Uint8Array.of(7, 8, 9, 10))
    band.createMaskBand(2)
    band.getMaskBand()?.pixels.write(0, 0, 2, 2, Uint8Array.of(255, 0, 255, 255))
    dataset.close()
    gdal.config.set('GDAL_TIFF_INTERNAL_MASK', null)
    const source = sourceOf(path, await gridOfFile(path))
    const block = await reader().read(source, { row: 0, col: 0, rows: 2, cols: 2 })
    expect([...block.values]).toEqual([7, NaN, 9, 10])
    expect([...block.reasons]).toEqual([0, reasonCodes.no_data, 0, 0])
    await writeFile(`${path}.msk`, '<VRTDataset/>')
    await expect(reader().read(source, { row: 0, col: 0, rows: 2, cols: 2 })).rejects.toMatchObject({
      code: 'unsupported_format',
    })
  })

  it('reads signed bytes', async () => {
    const source = await tiny({
      rows: 1,
      cols: 3,
      type: 'Byte',
      creation: ['PIXELTYPE=SIGNEDBYTE'],
      values: [200, 127, 0],
    })
    const block = await reader().read(source, { row: 0, col: 0, rows: 1, cols: 3 })
    expect([...block.values]).toEqual([-56, 127, 0])
  })

  it('stops when asked', async () => {
    const source = await tiny({ rows: 2, cols: 2, values: [1, 2, 3, 4] })
    await expect(
      reader().read(source, { row: 0, col: 0, rows: 2, cols: 2 }, AbortSignal.abort()),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('refuses a file whose grid is no longer the one it was added with', async () => {
    const source = await tiny({ rows: 2, cols: 2, values: [1, 2, 3, 4] })
    const grid: Grid = { ...source.grid, transform: [500_005, 10, 0, 5_000_000, 0, -10] }
    await expect(reader().read({ ...source, grid }, { row: 0, col: 0, rows: 2, cols: 2 })).rejects.toMatchObject({
      code: 'input_changed',
    })
  })
})
