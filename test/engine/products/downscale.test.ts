import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Block, Day, Grid, GridWindow } from '../../../main/contract/index.ts'
import type { Field } from '../../../main/engine/fields/index.ts'
import { areaMeans, coarseCellsOf } from '../../../main/engine/geostatistics/index.ts'
import { downscaleFile, residualField } from '../../../main/engine/products/index.ts'
import { gridOfFile, RasterReader, writeValueFile } from '../../../main/engine/raster/index.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const day = (text: string): Day => text as Day
const fineGrid: Grid = { crs: 'EPSG:32633', transform: [400_000, 1000, 0, 5_100_000, 0, -1000], rows: 48, cols: 60 }
/** Reaches far beyond the fine grid on all sides, as a product of the globe does. */
const coarseGrid: Grid = {
  crs: 'EPSG:32633',
  transform: [400_000 - 12_000 * 20, 12_000, 0, 5_100_000 + 12_000 * 30, 0, -12_000],
  rows: 90,
  cols: 80,
}
const ofFine = (row: number, col: number): number =>
  row === 5 ? NaN : 0.2 + 0.1 * Math.sin(row / 9) * Math.cos(col / 7)
const ofCoarse = (row: number, col: number): number =>
  row === 31 && col === 22 ? NaN : 0.22 + 0.05 * Math.sin(row + 2 * col)

function field(
  name: string,
  grid: Grid,
  valueAt: (row: number, col: number) => number,
  days: readonly Day[] | 'any',
): Field {
  return {
    id: name,
    idOn: (day) => `${name} ${days === 'any' || days.includes(day) ? day : ''}`,
    name,
    unit: 'm3 m-3',
    kind: 'continuous',
    times: days,
    nativeGrid: grid,
    lineage: name,
    read: (window: GridWindow, day: Day): Promise<Block> => {
      const isThere = days === 'any' || days.includes(day)
      const values = Float32Array.from({ length: window.rows * window.cols }, (_, i) =>
        isThere ? valueAt(window.row + Math.floor(i / window.cols), window.col + (i % window.cols)) : NaN,
      )
      const reasons = Uint8Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0))
      return Promise.resolve({ rows: window.rows, cols: window.cols, values, reasons })
    },
  }
}

function tableOf(grid: Grid, valueAt: (row: number, col: number) => number): Float32Array {
  return Float32Array.from({ length: grid.rows * grid.cols }, (_, i) =>
    valueAt(Math.floor(i / grid.cols), i % grid.cols),
  )
}

/** Largest |area mean of the map − coarse value|. */
function openness(values: Float32Array): number {
  const means = areaMeans(coarseCellsOf(fineGrid, coarseGrid), values)
  return means.reduce((most, mean, i) => {
    const off = Math.abs(mean - ofCoarse(Math.floor(i / coarseGrid.cols), i % coarseGrid.cols))
    return Math.max(most, off || 0)
  }, 0)
}

describe('residual correction as a field', () => {
  const trend = field('trend', fineGrid, ofFine, 'any')
  const coarse = field('coarse', coarseGrid, ofCoarse, [day('2020-01-01'), day('2020-01-02')])
  const corrected = residualField({ trend, coarse, coarseGrid, fineGrid, settings: { method: 'atp' } })

  it('averages to the coarse field, in whatever windows it is read', async () => {
    const values = new Float32Array(48 * 60)
    for (const row of [0, 13, 40]) {
      const rows = row === 0 ? 13 : row === 13 ? 27 : 8
      values.set(
        (await corrected.read({ grid: fineGrid, row, col: 0, rows, cols: 60 }, day('2020-01-01'))).values,
        row * 60,
      )
    }
    expect(openness(values)).toBeLessThan(1e-6)
    const part = await corrected.read({ grid: fineGrid, row: 4, col: 50, rows: 3, cols: 20 }, day('2020-01-01'))
    expect(part.values[0]).toBe(values[4 * 60 + 50])
    expect([...part.reasons.subarray(20, 30)]).toEqual(Array(10).fill(1))
    const { correction } = await corrected.correct(day('2020-01-01'))
    expect(correction!.closure).toMatchObject({ cells: 19 })
  })

  it('is the trend on a day without coarse values', async () => {
    const whole = { grid: fineGrid, row: 0, col: 0, rows: 48, cols: 60 }
    expect((await corrected.read(whole, day('2020-03-01'))).values).toEqual(
      (await trend.read(whole, day('2020-03-01'))).values,
    )
    expect((await corrected.correct(day('2020-03-01'))).correction).toBeNull()
  })

  it('has another identity for other settings and other coarse values, and says how it was made', () => {
    const other = residualField({ trend, coarse, coarseGrid, fineGrid, settings: { method: 'atp', neighbours: 9 } })
    expect(other.idOn(day('2020-01-01'))).not.toBe(corrected.idOn(day('2020-01-01')))
    expect(corrected.idOn(day('2020-01-01'))).not.toBe(corrected.idOn(day('2020-01-02')))
    expect(other.lineage).toMatch(
      /coarse value − area mean of the fine map\), brought to the fine grid by area-to-point kriging \(9 neighbours/,
    )
  })
})

describe('files', () => {
  const inputs = async (): Promise<{ folder: string; coarsePath: string; trendPath: string }> => {
    const folder = temporaryFolder()
    const [coarsePath, trendPath] = ['coarse.tif', 'trend.tif'].map((name) => join(folder, name))
    await write(coarsePath, coarseGrid, tableOf(coarseGrid, ofCoarse))
    await write(trendPath, fineGrid, tableOf(fineGrid, ofFine))
    return { folder, coarsePath, trendPath }
  }
  const write = (path: string, grid: Grid, values: Float32Array): Promise<void> =>
    writeValueFile(path, { grid, bands: [{ name: 'value' }] }, (save) =>
      save({ row: 0, col: 0, rows: grid.rows, cols: grid.cols }, [values]),
    )
  const bandOf = async (path: string, band: number): Promise<Float32Array> => {
    const grid = await gridOfFile(path)
    const reader = new RasterReader({ cacheBytes: 0 })
    const source = { path, subdataset: '', band, grid, scale: 1, offset: 0, nodata: [], validRange: null }
    const { values } = await reader.read(source, { row: 0, col: 0, rows: grid.rows, cols: grid.cols })
    reader.close()
    return values
  }
  it('are corrected file to file, with variance and closure map', async () => {
    const { folder, coarsePath, trendPath } = await inputs()
    const [out, closurePath] = ['fine.tif', 'closure.tif'].map((name) => join(folder, name))
    const done = await downscaleFile({ coarsePath, trendPath, out, closurePath, method: 'atp', variance: true })
    expect(done).toMatchObject({ isClosed: true, coarseCells: 19, validCells: 47 * 60, cells: 48 * 60, uncorrected: 0 })
    expect(openness(await bandOf(out, 1))).toBeLessThan(1e-6)
    const variance = await bandOf(out, 2)
    expect(variance[0]).toBeGreaterThan(0)
    const closure = await bandOf(closurePath, 1)
    expect(closure.filter((value) => !Number.isNaN(value)).length).toBe(19)
  })

  it('are the same bytes on any number of threads, and leave nothing beside them', async () => {
    const { folder, coarsePath, trendPath } = await inputs()
    const made: Buffer[] = []
    for (const threads of [1, 2, 7]) {
      const out = join(folder, `by-${threads}.tif`)
      await downscaleFile({ coarsePath, trendPath, out, method: 'atp', variance: true, threads })
      made.push(await readFile(out))
    }
    expect(made.every((bytes) => bytes.equals(made[0]))).toBe(true)
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('are refused when the output is an input, or a band is not there', async () => {
    const { folder, coarsePath, trendPath } = await inputs()
    const options = { coarsePath, trendPath, method: 'none' } as const
    await expect(downscaleFile({ ...options, out: trendPath })).rejects.toMatchObject({ code: 'bad_input' })
    await expect(downscaleFile({ ...options, out: join(folder, 'x.tif'), coarseBand: 3 })).rejects.toThrow(/Band 3/)
  })
})
