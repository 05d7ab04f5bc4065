import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Grid } from '../../main/contract/index.ts'
import { describeRaster, writeGeoTiff } from '../../main/engine/raster/index.ts'
import { loam } from './loam-process.ts'

const patience = { timeout: 120_000 }
const fine: Grid = { crs: 'EPSG:32632', transform: [500_000, 10, 0, 5_800_000, 0, -10], rows: 40, cols: 50 }
const coarse: Grid = { crs: 'EPSG:32632', transform: [500_000, 100, 0, 5_800_000, 0, -100], rows: 4, cols: 5 }
const tight: Grid = { crs: 'EPSG:32632', transform: [499_994, 13, 0, 5_800_006, 0, -13], rows: 33, cols: 40 }

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loam-downscale-'))
  const save = (name: string, grid: Grid, valueAt: (i: number) => number): Promise<void> => {
    const values = Float32Array.from({ length: grid.rows * grid.cols }, (_, i) => valueAt(i))
    return writeGeoTiff(join(folder, name), { grid, bands: [{ name: 'SM', values, nodata: NaN }] })
  }
  await save('trend.tif', fine, (i) => (i % 17 === 0 ? NaN : 0.2 + 0.1 * Math.sin(i / 90)))
  await save('tight.tif', tight, (i) => 0.25 + 0.1 * Math.cos(i * i))
  await save('coarse.tif', coarse, (i) => (i === 6 ? NaN : 0.25 + 0.1 * Math.cos(i)))
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Told {
  readonly coarseCells: number
  readonly closure: { readonly largest: number }
  readonly isClosed: boolean
  readonly warnings: readonly string[]
}
const words = ['downscale', '--coarse', 'coarse.tif', '--trend', 'trend.tif', '--out', 'fine.tif']

describe('loam downscale', () => {
  test('writes a map that averages to the coarse one, and says so', patience, async () => {
    const end = await loam([...words, '--variance', '--closure', 'closure.tif', '--json'], folder)
    expect(end.code).toBe(0)
    const told = JSON.parse(end.stdout) as Told
    expect(told).toMatchObject({ coarseCells: 19, isClosed: true, warnings: [] })
    expect(told.closure.largest).toBeLessThan(1e-6)
    const bandsOf = async (name: string): Promise<string[]> =>
      (await describeRaster(join(folder, name))).layers[0].bands.map((band) => band.name || band.description)
    expect(await bandsOf('fine.tif')).toEqual(['downscaled', 'kriging variance of the residual'])
    expect((await describeRaster(join(folder, 'closure.tif'))).layers[0].grid).toMatchObject({ rows: 4, cols: 5 })
  })

  test('warns where cutting costs the coarse values', patience, async () => {
    const end = await loam([...words, '--clamp', '0.2,0.3'], folder)
    expect(end.code).toBe(0)
    expect(end.stderr).toMatch(
      /does not average to the coarse values to 1e-6: it is off by up to \d\.\de-\d, because \d+ cells were cut/,
    )
  })

  test('writes no map that does not close, but its closure map; with --gate warn it does', patience, async () => {
    // Coarse cells hardly longer than the fine ones they cut: there is no map that averages to them.
    const tight = ['downscale', '--coarse', 'tight.tif', '--trend', 'trend.tif', '--out', 'kept.tif']
    const end = await loam([...tight, '--closure', 'why.tif'], folder)
    expect(end.code).toBe(65)
    expect(end.stderr).toMatch(
      /does not average to the coarse values: over the coarse cell in row \d+, column \d+ .*; at most 1e-6 was needed\. .*--gate to "warn"/,
    )
    expect(existsSync(join(folder, 'kept.tif'))).toBe(false)
    expect(existsSync(join(folder, 'why.tif'))).toBe(true)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp') || name.includes('.cells'))).toEqual([])
    const warned = await loam([...tight, '--gate', 'warn'], folder)
    expect(warned.code).toBe(0)
    expect(warned.stderr).toMatch(/warning: the map does not average to the coarse values/)
    expect(existsSync(join(folder, 'kept.tif'))).toBe(true)
    const cut = await loam([...words, '--clamp', '0.2,0.3', '--gate', 'strict', '--out', 'cut.tif'], folder)
    expect(cut.code).toBe(65)
    expect(cut.stderr).toMatch(/\d+ fine cells in it were cut to the limits: widen or drop --clamp/)
    expect(existsSync(join(folder, 'cut.tif'))).toBe(false)
  })

  test.each([
    { change: ['--residual', 'nearest'], code: 64, words: 'Give one of atp, krige, bilinear, none' },
    { change: ['--gate', 'open'], code: 64, words: 'Give one of stop, strict, warn' },
    { change: ['--clamp', '0.3,0.2'], code: 64, words: 'the lower first' },
    { change: ['--variogram', 'round(1)'], code: 65, words: 'is no part of a variogram' },
    { change: ['--variogram', 'nug(1)'], code: 65, words: 'nothing but a nugget' },
    { change: ['--neighbours', '300'], code: 65, words: 'at most 200' },
    { change: ['--out', 'trend.tif'], code: 65, words: 'trend.tif' },
    { change: ['--trend', 'coarse.tif', '--coarse', 'trend.tif'], code: 65, words: 'exchange them' },
  ])('refuses $change', patience, async ({ change, code, words: expected }) => {
    const end = await loam([...words, ...change], folder)
    expect(end.code).toBe(code)
    expect(end.stderr).toContain(expected)
  })
})
