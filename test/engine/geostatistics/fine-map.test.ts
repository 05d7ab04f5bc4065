import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Grid } from '../../../main/contract/index.ts'
import { ScratchFile, temporaryPathFor } from '../../../main/engine/files/index.ts'
import {
  coarseCellsOf,
  correctFineMap,
  correctResidual,
  mapInMemory,
  mapOnDisk,
} from '../../../main/engine/geostatistics/index.ts'
import { transformPoints } from '../../../main/engine/raster/index.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'loam-scratch-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const scratch = (): ScratchFile => new ScratchFile(temporaryPathFor(join(folder, 'map.tif')))

describe('a map on disk', () => {
  it('gives back windows as memory does, zero where nothing was written', () => {
    const file = scratch()
    const [disk, memory] = [mapOnDisk(file, 7), mapInMemory(new Float32Array(5 * 7), 7)]
    const windows = [
      { row: 1, col: 0, rows: 2, cols: 7 },
      { row: 0, col: 3, rows: 4, cols: 2 },
      { row: 4, col: 6, rows: 1, cols: 1 },
    ]
    windows.forEach((window, w) => {
      const values = Float32Array.from({ length: window.rows * window.cols }, (_, i) => (i === 3 ? NaN : w * 10 + i))
      disk.write(window, values)
      memory.write(window, values)
    })
    for (const window of [...windows, { row: 0, col: 0, rows: 5, cols: 7 }, { row: 2, col: 1, rows: 2, cols: 4 }])
      expect(disk.read(window)).toEqual(memory.read(window))
    expect(disk.read({ row: 4, col: 0, rows: 1, cols: 3 })).toEqual(new Float32Array(3))
    file.close()
    expect(readdirSync(folder)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('has no name that a killed process could leave behind', () => {
    const file = scratch()
    expect(readdirSync(folder)).toEqual([])
    file.close()
  })
})

const grid = (crs: string, west: number, north: number, side: number, rows: number, cols: number): Grid => ({
  crs,
  transform: [west, side, 0, north, 0, -side],
  rows,
  cols,
})
/** More cells than a strip holds. */
const fine = grid('EPSG:32633', 400_000, 5_100_000, 10, 620, 1000)
const coarse: Record<string, Grid> = {
  'cells that fit': grid('EPSG:32633', 399_000, 5_101_000, 1000, 8, 12),
  'cells that cut others': grid('EPSG:32633', 399_105, 5_100_955, 1003, 8, 12),
  'another CRS, and a rim beyond': grid('EPSG:4326', 13.69, 46.04, 0.011, 5, 12),
}

describe.each(Object.keys(coarse))('a map of several strips: %s', (name) => {
  const own = coarse[name]
  const cells = coarseCellsOf(fine, own)

  it('has its fine cells where plain lines find them, in any window', () => {
    const [x0, width, , y0, , height] = own.transform
    for (const window of [
      { row: 0, col: 0, rows: 3, cols: 1000 },
      { row: 255, col: 490, rows: 4, cols: 60 },
      { row: 619, col: 999, rows: 1, cols: 1 },
    ]) {
      const places = cells.placesOf(window)
      for (let i = 0; i < places.length; i += 7) {
        const x = Float64Array.of(400_005 + 10 * (window.col + (i % window.cols)))
        const y = Float64Array.of(5_099_995 - 10 * (window.row + Math.floor(i / window.cols)))
        transformPoints(fine.crs, own.crs, x, y)
        const [down, across] = [(y[0] - y0) / height, (x[0] - x0) / width]
        const isInside = down >= 0 && across >= 0 && down < own.rows && across < own.cols
        const [row, col] = [Math.floor(down), Math.floor(across)]
        if (isInside)
          expect(places[i]).toBe(
            (row * own.cols + col) * 36 + Math.floor((down - row) * 6) * 6 + Math.floor((across - col) * 6),
          )
        else {
          const [nearRow, nearCol] = [
            Math.min(own.rows - 1, Math.max(0, row)),
            Math.min(own.cols - 1, Math.max(0, col)),
          ]
          expect(places[i]).toBe(-1 - (nearRow * own.cols + nearCol))
        }
      }
    }
  })

  it('is corrected on disk to the bytes it has in memory, on any number of threads, and averages to the coarse values', async () => {
    const trend = Float32Array.from({ length: 620_000 }, (_, i) =>
      i % 13 === 0 ? NaN : 0.25 + 0.08 * Math.sin(i / 71_000) * Math.cos((i % 1000) / 90),
    )
    const values = Float32Array.from({ length: own.rows * own.cols }, (_, i) =>
      i === 30 ? NaN : 0.25 + 0.05 * Math.sin(i * 1.7),
    )
    const whole = { row: 0, col: 0, rows: 620, cols: 1000 }
    const hasVariance = name === 'cells that fit'
    const options = { method: 'atp', neighbours: 8 } as const
    const memory = await correctResidual(trend.slice(), values, cells, {
      ...options,
      variance: hasVariance,
      threads: 1,
    })
    const [file, spread] = [scratch(), scratch()]
    const [disk, variance] = [mapOnDisk(file, 1000), mapOnDisk(spread, 1000)]
    disk.write(whole, trend)
    variance.write(whole, new Float32Array(trend.length).fill(NaN))
    const found = await correctFineMap(disk, values, cells, { ...options, threads: 3 }, hasVariance ? variance : null)
    expect(Buffer.compare(Buffer.from(disk.read(whole).buffer), Buffer.from(memory.values.buffer))).toBe(0)
    if (memory.variance)
      expect(Buffer.compare(Buffer.from(variance.read(whole).buffer), Buffer.from(memory.variance.buffer))).toBe(0)
    expect(memory.variance !== null).toBe(hasVariance)
    expect(found.closureMap).toEqual(memory.closureMap)
    file.close()
    spread.close()

    // Plain means of what lies whole in a coarse cell, and of the rest by overlap where the CRS is one.
    const sums = new Float64Array(values.length)
    const shares = new Float64Array(values.length)
    const places = cells.placesOf(whole)
    const [x0, side, , y0] = own.transform
    const parts = (from: number): [number, number][] => {
      const [first, end] = [from / side, (from + 10) / side]
      const border = Math.floor(end - 1e-9)
      return border > Math.floor(first + 1e-9) && name !== 'cells that fit'
        ? [
            [border - 1, (border - first) / (end - first)],
            [border, (end - border) / (end - first)],
          ]
        : [[Math.floor(first + 1e-9), 1]]
    }
    for (let i = 0; i < places.length; i++) {
      const value = memory.values[i]
      if (Number.isNaN(value)) continue
      const overlaps =
        own.crs === fine.crs
          ? parts(y0 - 5_100_000 + 10 * Math.floor(i / 1000)).flatMap(([row, down]) =>
              parts(400_000 - x0 + 10 * (i % 1000)).map(([col, across]) => [row * own.cols + col, down * across]),
            )
          : places[i] < 0
            ? []
            : [[Math.floor(places[i] / 36), 1]]
      for (const [cell, share] of overlaps) {
        sums[cell] += share * value
        shares[cell] += share
      }
    }
    let compared = 0
    for (let i = 0; i < values.length; i++) {
      if (shares[i] === 0 || Number.isNaN(values[i])) continue
      compared++
      expect(Math.abs(sums[i] / shares[i] - values[i])).toBeLessThan(1e-6)
    }
    expect(compared).toBe(found.closure.cells)
    expect(compared).toBeGreaterThan(30)
  }, 60_000)
})
