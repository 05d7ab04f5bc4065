import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import gdal from 'gdal-async'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Day } from '../../../main/contract/index.ts'
import { RasterReader, describeRaster, writeGeoTiff, writeNetcdfSeries } from '../../../main/engine/raster/index.ts'
import { grid } from './made-source.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-write-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const utm = grid('EPSG:32631', 500_000, 4_800_000, 30, 3, 4)

describe('writeGeoTiff', () => {
  it('writes bands with names, units, scale and nodata as GDAL reads them', async () => {
    const path = join(folder, 'bands.tif')
    await writeGeoTiff(path, {
      grid: utm,
      bands: [
        { name: 'clay', values: Int16Array.from({ length: 12 }, (_, i) => i * 10), nodata: -1, unit: '%', scale: 0.1 },
        { name: 'class', values: Uint8Array.from({ length: 12 }, (_, i) => i) },
      ],
      tags: { SOURCE: 'made <here> & now' },
    })
    expect(await readdir(folder)).toEqual(['bands.tif'])
    const dataset = gdal.open(path)
    const [clay, classes] = [dataset.bands.get(1), dataset.bands.get(2)]
    expect([clay.description, clay.unitType, clay.scale, clay.noDataValue]).toEqual(['clay', '%', 0.1, -1])
    expect([classes.description, classes.scale, classes.dataType]).toEqual(['class', null, 'Int16'])
    expect([...clay.pixels.read(0, 0, 4, 3)]).toEqual(Array.from({ length: 12 }, (_, i) => i * 10))
    expect([...classes.pixels.read(0, 0, 4, 3)]).toEqual(Array.from({ length: 12 }, (_, i) => i))
    expect(dataset.geoTransform).toEqual([...utm.transform])
    expect(dataset.srs?.getAuthorityCode('PROJCS')).toBe('32631')
    expect(dataset.getMetadata()).toMatchObject({ SOURCE: 'made <here> & now' })
    dataset.close()
  })

  it.each([
    [new Uint8Array(12), new Uint8Array(12), 'Byte'],
    [new Uint8Array(12), new Uint16Array(12), 'UInt16'],
    [new Int16Array(12), new Uint16Array(12), 'Int32'],
    [new Int16Array(12), new Float32Array(12), 'Float32'],
    [new Int32Array(12), new Float32Array(12), 'Float64'],
    [new Uint32Array(12), new Int32Array(12), 'Float64'],
  ])('takes the narrowest type that holds all bands (%#)', async (a, b, type) => {
    const path = join(folder, 'types.tif')
    await writeGeoTiff(path, {
      grid: utm,
      bands: [
        { name: 'a', values: a },
        { name: 'b', values: b },
      ],
    })
    const dataset = gdal.open(path)
    expect(dataset.bands.get(1).dataType).toBe(type)
    expect(dataset.bands.get(1).noDataValue).toBeNull()
    dataset.close()
  })

  it('tiles, leaves uncompressed and makes a BigTIFF when asked; equal input, equal bytes', async () => {
    const large = grid('EPSG:6933', 0, 0, 1000, 300, 400)
    const values = Float32Array.from({ length: 120_000 }, (_, i) => (i % 7 === 0 ? NaN : Math.sin(i)))
    const write = async (name: string, options = {}): Promise<Buffer> => {
      await writeGeoTiff(join(folder, name), { grid: large, bands: [{ name: 'v', values, nodata: NaN }], ...options })
      return readFile(join(folder, name))
    }
    const [a, b] = [await write('a.tif'), await write('b.tif')]
    expect(a.equals(b)).toBe(true)
    const plain = await write('c.tif', { tiled: true, compress: false, bigTiff: true })
    expect(plain.readUInt16LE(2)).toBe(43)
    expect(plain.length).toBeGreaterThan(480_000)
    const dataset = gdal.open(join(folder, 'c.tif'))
    expect(dataset.bands.get(1).blockSize).toMatchObject({ x: 256, y: 256 })
    expect(dataset.bands.get(1).pixels.read(0, 0, 400, 300, new Float32Array(120_000))).toEqual(values)
    dataset.close()
  })

  it('refuses two nodata values and a wrong number of cells', async () => {
    const path = join(folder, 'wrong.tif')
    const band = { name: 'a', values: new Int16Array(12) }
    const two = [
      { ...band, nodata: 0 },
      { ...band, nodata: 1 },
    ]
    await expect(writeGeoTiff(path, { grid: utm, bands: two })).rejects.toMatchObject({ code: 'bad_input' })
    const short = [{ name: 'a', values: new Int16Array(11) }]
    await expect(writeGeoTiff(path, { grid: utm, bands: short })).rejects.toMatchObject({ code: 'bad_input' })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('writeNetcdfSeries', () => {
  const days = ['2017-12-30', '2017-12-31', '2018-01-02'] as Day[]

  it.each([
    ['projected', utm],
    ['longitude and latitude', grid('EPSG:4326', 5.25, 44, 0.1, 3, 4)],
  ])('is read back with its dates, grid, units and numbers: %s', async (_, place) => {
    const path = join(folder, 'rain.nc')
    const scenes = days.map((_, t) => Float32Array.from({ length: 12 }, (_, i) => (i === 5 ? NaN : 100 * t + i + 0.5)))
    const variables = [
      { name: 'precipitation', unit: 'mm', nodata: -9999, scenes },
      { name: 'temperature', unit: 'K', nodata: -1, scenes: scenes.map((scene) => scene.map((v) => v + 273)) },
    ]
    await writeNetcdfSeries(path, { grid: place, days, variables })
    const { layers } = await describeRaster(path)
    expect(layers.map((layer) => layer.bands[0].name).sort()).toEqual(['precipitation', 'temperature'])
    const reader = new RasterReader({ cacheBytes: 1 << 20 })
    for (const layer of layers) {
      expect(layer.bands.map((band) => band.day)).toEqual(days)
      expect(layer.grid.crs).toBe(place.crs)
      expect([layer.grid.rows, layer.grid.cols]).toEqual([3, 4])
      layer.grid.transform.forEach((number, i) => expect(number).toBeCloseTo(place.transform[i], 9))
      const written = variables.find((variable) => variable.name === layer.bands[0].name)!
      expect(layer.bands[0].unit).toBe(written.unit)
      for (const [t, band] of layer.bands.entries()) {
        const block = await reader.read(
          {
            path,
            subdataset: layer.subdataset,
            band: band.band,
            grid: layer.grid,
            scale: 1,
            offset: 0,
            nodata: band.nodata,
            validRange: null,
          },
          { row: 0, col: 0, rows: 3, cols: 4 },
        )
        expect([...block.values]).toEqual([...written.scenes[t]])
      }
    }
    reader.close()
  })

  it('gives equal bytes for equal input and refuses scenes that do not match', async () => {
    const scene = new Float32Array(12)
    const write = async (name: string): Promise<Buffer> => {
      await writeNetcdfSeries(join(folder, name), {
        grid: utm,
        days,
        variables: [{ name: 'a', unit: '1', nodata: -1, scenes: [scene, scene, scene] }],
      })
      return readFile(join(folder, name))
    }
    const bytes = await write('a.nc')
    expect(bytes.equals(await write('b.nc'))).toBe(true)
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from('CDF\x02'))
    const few = { name: 'a', unit: '1', nodata: -1, scenes: [scene] }
    await expect(writeNetcdfSeries(join(folder, 'c.nc'), { grid: utm, days, variables: [few] })).rejects.toMatchObject({
      code: 'bad_input',
    })
  })
})
