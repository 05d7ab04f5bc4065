import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import gdal from 'gdal-async'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reasonCodes } from '../../../main/contract/index.ts'
import type { Block, Day } from '../../../main/contract/index.ts'
import { hashBytes } from '../../../main/engine/files/index.ts'
import { faultInMap, hashOfCells } from '../../../main/engine/raster/map-check.ts'
import { MapWriter, aggregateLevels, openOwnMap } from '../../../main/engine/raster/index.ts'
import type { MapOptions, MapWindow } from '../../../main/engine/raster/index.ts'
import { grid, noise } from './made-source.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-map-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const [rows, cols] = [1300, 1100]
const options: MapOptions = {
  grid: grid('EPSG:32631', 500_000, 4_800_000, 10, rows, cols),
  encoding: 'float32',
  quantity: 'soil moisture',
  unit: 'm3 m-3',
  day: '2018-07-04' as Day,
  tags: { LOAM_PLAN: 'p1', LOAM_LINEAGE: 'NDVI < 0.2 & "rain" of 5 days, m³' },
}

/** A map with values 0–0.5 and missing cells for three reasons. */
function wholeMap(): Block {
  const value = noise(21)
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols)
  for (let i = 0; i < values.length; i++) {
    values[i] = value(0, 0) / 2
    const patch = (Math.floor(i / cols) >> 6) * 3 + (i % cols >> 7)
    if (patch % 5 !== 0) continue
    values[i] = NaN
    reasons[i] = [reasonCodes.masked, reasonCodes.no_scene, reasonCodes.too_old][patch % 3]
  }
  return { rows, cols, values, reasons }
}

function cut(map: Block, window: MapWindow): Block {
  const block = {
    rows: window.rows,
    cols: window.cols,
    values: new Float32Array(window.rows * window.cols),
    reasons: new Uint8Array(window.rows * window.cols),
  }
  for (let r = 0; r < window.rows; r++) {
    const from = (window.row + r) * map.cols + window.col
    block.values.set(map.values.subarray(from, from + window.cols), r * window.cols)
    block.reasons.set(map.reasons.subarray(from, from + window.cols), r * window.cols)
  }
  return block
}

function windowsOf(side: number): MapWindow[] {
  const windows: MapWindow[] = []
  for (let row = 0; row < rows; row += side)
    for (let col = 0; col < cols; col += side)
      windows.push({ row, col, rows: Math.min(side, rows - row), cols: Math.min(side, cols - col) })
  return windows
}

async function writeMap(path: string, map: Block, asked: MapOptions, windows = windowsOf(512)): Promise<void> {
  const writer = await MapWriter.create(path, asked)
  for (const window of windows) await writer.writeBlock(window, cut(map, window))
  await writer.finish()
}

/** Stored cells and facts, read by GDAL without any code of Loam. */
function readMap(path: string): { values: number[]; reasons: number[]; dataset: gdal.Dataset } {
  const dataset = gdal.open(path)
  const read = (band: number): number[] => [
    ...dataset.bands.get(band).pixels.read(0, 0, cols, rows, new Float64Array(rows * cols)),
  ]
  return { values: read(1), reasons: read(2), dataset }
}

describe('a map', () => {
  it('holds the cells that were written, in any order and any tiling, and says what they are', async () => {
    const map = wholeMap()
    const path = join(folder, 'map.tif')
    await writeMap(path, map, options, windowsOf(300).reverse())
    expect(await readdir(folder)).toEqual(['map.tif'])
    const { values, reasons, dataset } = readMap(path)
    expect(values.every((value, i) => Object.is(value, map.values[i]))).toBe(true)
    expect(reasons.every((reason, i) => reason === map.reasons[i])).toBe(true)
    const [value, reason] = [dataset.bands.get(1), dataset.bands.get(2)]
    expect(dataset.geoTransform).toEqual([...options.grid.transform])
    expect(dataset.srs?.getAuthorityCode('PROJCS')).toBe('32631')
    expect(dataset.getMetadata()).toMatchObject({
      ...options.tags,
      LOAM_QUANTITY: 'soil moisture',
      LOAM_UNIT: 'm3 m-3',
      LOAM_DAY: '2018-07-04',
      TIFFTAG_DATETIME: '2018:07:04 00:00:00',
    })
    expect(dataset.getMetadata('IMAGE_STRUCTURE')).toMatchObject({
      LAYOUT: 'COG',
      COMPRESSION: 'DEFLATE',
      PREDICTOR: '3',
    })
    expect([value.description, value.unitType, value.noDataValue]).toEqual(['soil moisture', 'm3 m-3', NaN])
    expect(reason.description).toBe('reason')
    expect(reason.getMetadata()).toMatchObject({ REASON_00: 'none', REASON_02: 'masked', REASON_11: 'no_observation' })
    expect(value.blockSize).toMatchObject({ x: 512, y: 512 })
    expect(value.overviews.count()).toBe(3)
    const small = value.overviews.get(0)
    const [ox, oy] = [small.size.x, small.size.y]
    const overview = small.pixels.read(0, 0, ox, oy, new Float32Array(ox * oy))
    const codes = reason.overviews.get(0).pixels.read(0, 0, ox, oy, new Float32Array(ox * oy))
    expect(overview.every((v, i) => Number.isNaN(v) === (codes[i] !== 0))).toBe(true)
    const valid = overview.filter((v) => !Number.isNaN(v))
    expect(valid.reduce((a, b) => a + b, 0) / valid.length).toBeCloseTo(0.25, 2)
    dataset.close()
  })

  it.each(['float32', 'int16'] as const)(
    'overviews of %s hold means of the cells below, and why there are none',
    async (encoding) => {
      const map = wholeMap()
      const path = join(folder, 'map.tif')
      await writeMap(path, map, { ...options, encoding })
      const own = await openOwnMap(path, options.grid)
      expect(own.levels).toBe(3)
      for (const [level, expected] of aggregateLevels(map, 'continuous', 3).entries()) {
        const { rows: r, cols: c } = expected
        const read = await own.read(level + 1, { row: 0, col: 0, rows: r, cols: c }, 'values')
        expect(read.reasons).toEqual(expected.reasons)
        expect(expected.reasons.some((reason) => reason !== 0)).toBe(true)
        const worst = read.values.reduce((most, v, i) => Math.max(most, Math.abs(v - expected.values[i]) || 0), 0)
        expect(worst).toBeLessThan(encoding === 'int16' ? 1.01e-4 : 1e-9)
        const codes = await own.read(level + 1, { row: 0, col: 0, rows: r, cols: c }, 'reasons')
        expect([...codes.values]).toEqual([...expected.reasons])
      }
      own.close()
      expect(await readdir(folder)).toEqual(['map.tif'])
    },
  )

  it('int16 keeps steps of 0.0001 and refuses what it cannot hold', async () => {
    const map = wholeMap()
    const path = join(folder, 'map.tif')
    await writeMap(path, map, { ...options, encoding: 'int16' })
    const { values, reasons, dataset } = readMap(path)
    const band = dataset.bands.get(1)
    expect([band.dataType, band.noDataValue, band.scale, band.offset]).toEqual(['Int16', -32768, 0.0001, 0])
    const wrong = values.findIndex((value, i) =>
      map.reasons[i] === 0
        ? Math.abs(value * 0.0001 - map.values[i]) > 0.00005001
        : value !== -32768 || reasons[i] !== map.reasons[i],
    )
    expect(wrong).toBe(-1)
    dataset.close()
    const writer = await MapWriter.create(join(folder, 'other.tif'), { ...options, encoding: 'int16' })
    const window = { row: 0, col: 0, rows: 1, cols: 1 }
    const block = { rows: 1, cols: 1, values: new Float32Array([32.5]), reasons: new Uint8Array(1) }
    await expect(writer.writeBlock(window, block)).rejects.toMatchObject({ code: 'value_range' })
    await writer.abort()
    expect(await readdir(folder)).toEqual(['map.tif'])
  })

  it('is the same bytes on any number of threads, in any order of blocks, at any time', async () => {
    const map = wholeMap()
    const variants: [string, number, MapWindow[]][] = [
      ['a.tif', 1, windowsOf(512)],
      ['b.tif', 4, windowsOf(512).reverse()],
      ['c.tif', 2, windowsOf(700)],
    ]
    const hashes: string[] = []
    for (const [name, threads, windows] of variants) {
      await writeMap(join(folder, name), map, { ...options, threads }, windows)
      hashes.push(hashBytes(await readFile(join(folder, name))))
      // A time stamp in the file would have seconds.
      if (hashes.length === 1) await new Promise((later) => setTimeout(later, 1100))
    }
    expect(new Set(hashes).size).toBe(1)
  })

  it('is smaller than a tile', async () => {
    const small = { ...options, grid: grid('EPSG:4326', 5, 50, 0.01, 3, 2) }
    const writer = await MapWriter.create(join(folder, 'small.tif'), small)
    const block = {
      rows: 3,
      cols: 2,
      values: Float32Array.of(1, 2, 3, NaN, 5, 6),
      reasons: Uint8Array.of(0, 0, 0, 2, 0, 0),
    }
    await writer.writeBlock({ row: 0, col: 0, rows: 3, cols: 2 }, block)
    await writer.finish()
    const dataset = gdal.open(join(folder, 'small.tif'))
    expect([...dataset.bands.get(1).pixels.read(0, 0, 2, 3)]).toEqual([...block.values])
    dataset.close()
  })
})

describe('no map', () => {
  it('stays when a block is missing, and an old map stays as it was', async () => {
    const path = join(folder, 'map.tif')
    await writeFile(path, 'old')
    const writer = await MapWriter.create(path, options)
    const [first] = windowsOf(512)
    await writer.writeBlock(first, cut(wholeMap(), first))
    await expect(writer.finish()).rejects.toMatchObject({ code: 'incomplete' })
    expect(await readdir(folder)).toEqual(['map.tif'])
    expect(await readFile(path, 'utf8')).toBe('old')
  })

  it('stays after abort or cancel', async () => {
    const map = wholeMap()
    const path = join(folder, 'map.tif')
    const aborted = await MapWriter.create(path, options)
    const [first] = windowsOf(512)
    await aborted.writeBlock(first, cut(map, first))
    await aborted.abort()
    await aborted.abort()
    expect(await readdir(folder)).toEqual([])
    await expect(aborted.writeBlock(first, cut(map, first))).rejects.toMatchObject({ code: 'internal' })
    const cancelled = await MapWriter.create(path, options)
    for (const window of windowsOf(700)) await cancelled.writeBlock(window, cut(map, window))
    await expect(cancelled.finish(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses blocks that overlap or do not fit, and a folder that is not there', async () => {
    const writer = await MapWriter.create(join(folder, 'map.tif'), options)
    const block = { rows: 2, cols: 2, values: new Float32Array(4), reasons: new Uint8Array(4) }
    await writer.writeBlock({ row: 0, col: 0, rows: 2, cols: 2 }, block)
    for (const [row, col] of [
      [1, 1],
      [-1, 5],
      [rows - 1, 0],
    ])
      await expect(writer.writeBlock({ row, col, rows: 2, cols: 2 }, block)).rejects.toMatchObject({ code: 'internal' })
    await writer.abort()
    expect(existsSync(join(folder, 'map.tif'))).toBe(false)
    await expect(MapWriter.create(join(folder, 'none', 'map.tif'), options)).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('reading a map back', () => {
  it('finds cells that changed, a file that was cut, and lost overviews', async () => {
    const map = wholeMap()
    const path = join(folder, 'map.tif')
    await writeMap(path, map, options)
    const windows = windowsOf(512).map((window) => {
      const block = cut(map, window)
      return { ...window, sha256: hashOfCells(block.values, block.reasons) }
    })
    const check = { path, rows, cols, dataType: 'Float32' as const, nodata: null, windows }
    expect(await faultInMap(check)).toBeNull()
    const changed = [...windows]
    changed[4] = { ...changed[4], sha256: windows[3].sha256 }
    expect(await faultInMap({ ...check, windows: changed })).toMatch(/row 512, column 512/)
    expect(await faultInMap({ ...check, rows: rows + 1 })).toMatch(/1300 × 1100 cells/)

    const bytes = await readFile(path)
    const damaged = join(folder, 'damaged.tif')
    // A COG begins with the overviews' tiles and ends with those of the full map.
    const faults: unknown[] = []
    for (const spoil of [
      (copy: Buffer) => copy.subarray(0, copy.length - 4096),
      (copy: Buffer) => copy.fill(0, copy.length - 60_000, copy.length - 56_000),
      (copy: Buffer) => copy.fill(0, 20_000, 24_000),
    ]) {
      await writeFile(damaged, spoil(Buffer.from(bytes)))
      faults.push(await faultInMap({ ...check, path: damaged }).catch((thrown: Error) => thrown.message))
    }
    for (const fault of faults) expect(fault).toBeTruthy()
  })
})
