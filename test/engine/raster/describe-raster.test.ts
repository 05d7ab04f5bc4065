import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeRaster, RasterReader, transformPoints } from '../../../main/engine/raster/index.ts'
import { packingOf } from '../../../main/engine/raster/packing.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'
import { tinyFolder, writeTinyRaster } from './tiny-raster.ts'

const facts = {
  driver: 'netCDF',
  type: 'Int16',
  noDataValue: null,
  scale: null,
  offset: null,
  unitType: null,
  attributes: {},
}

describe('packing', () => {
  it('reads fill, missing value, range and flags on the stored number', () => {
    const packing = packingOf({
      ...facts,
      type: 'Byte',
      attributes: {
        _FillValue: '255',
        missing_value: '254',
        scale_factor: '0.5',
        add_offset: '10',
        valid_range: '{0,200}',
        flag_values: '{241, 242, 100}',
        units: '%',
      },
    })
    expect(packing).toMatchObject({
      scale: 0.5,
      offset: 10,
      nodata: [255, 254, 241, 242],
      validRange: [10, 110],
      unit: '%',
    })
  })

  it('takes negative numbers of an unsigned byte as the upper half', () => {
    const packing = packingOf({ ...facts, type: 'Byte', attributes: { _Unsigned: 'true', valid_range: '0, -56' } })
    expect(packing.validRange).toEqual([0, 200])
  })

  it('turns a range round when the scale is negative', () => {
    const packing = packingOf({ ...facts, scale: -0.1, attributes: { valid_min: '0', valid_max: '100' } })
    expect(packing.validRange?.[0]).toBeCloseTo(-10)
    expect(packing.validRange?.[1]).toBeCloseTo(0)
  })

  it('knows the divisor that MODIS writes as scale_factor', () => {
    const packing = packingOf({
      ...facts,
      driver: 'HDF4Image',
      scale: 10000,
      attributes: { valid_range: '-2000, 10000' },
    })
    expect(packing.scale).toBe(0.0001)
    expect(packing.validRange).toEqual([-0.2, 1])
    expect(packing.notes[0]).toMatch(/stored \/ 10000/)
    expect(packingOf({ ...facts, driver: 'HDF4Image', scale: 0.0001 }).notes).toEqual([])
  })
})

describe('describeRaster', () => {
  it('tells bands, scale, nodata, blocks, compression and numbers', async () => {
    const path = writeTinyRaster(join(tinyFolder(), 'two.tif'), {
      rows: 64,
      cols: 64,
      type: 'Int16',
      creation: ['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=32', 'COMPRESS=DEFLATE', 'BIGTIFF=YES'],
      bands: [
        {
          values: Array.from({ length: 4096 }, (_, i) => (i === 0 ? -1 : i % 3)),
          name: 'red',
          nodata: -1,
          scale: 0.5,
          offset: 2,
        },
        { values: new Float64Array(4096).fill(7), name: 'nir', unit: 'K', nodata: -1 },
      ],
    })
    const { format, isBigTiff, layers } = await describeRaster(path)
    expect({ format, isBigTiff }).toEqual({ format: 'GeoTIFF', isBigTiff: true })
    expect(layers).toHaveLength(1)
    expect(layers[0]).toMatchObject({
      grid: { crs: 'EPSG:32631', transform: [500_000, 10, 0, 5_000_000, 0, -10], rows: 64, cols: 64 },
      crsName: 'WGS 84 / UTM zone 31N',
      isGeographic: false,
      cellSize: { width: 10, height: 10, unit: 'm' },
      isTiled: true,
      blockRows: 32,
      blockCols: 16,
      compression: 'DEFLATE',
    })
    expect(layers[0].bands[0]).toMatchObject({
      name: 'red',
      type: 'Int16',
      scale: 0.5,
      offset: 2,
      nodata: [-1],
      sample: { minimum: 2, maximum: 3, seen: 4096, valid: 4095, distinct: [2, 2.5, 3] },
    })
    expect(layers[0].bands[1]).toMatchObject({ name: 'nir', unit: 'K', scale: 1 })
  })

  it('refuses a rotated raster with the command that mends it', async () => {
    const path = writeTinyRaster(join(tinyFolder(), 'turned.tif'), {
      rows: 2,
      cols: 2,
      transform: [0, 8, 6, 0, 6, -8],
      bands: [{ values: [1, 2, 3, 4] }],
    })
    await expect(describeRaster(path)).rejects.toMatchObject({
      code: 'unsupported_grid',
      message: expect.stringMatching(/turned\.tif is rotated by .*gdalwarp/),
    })
  })

  it('refuses names GDAL would read as commands, folders and files that are not there', async () => {
    for (const path of [
      '/vsicurl/http://localhost/a.tif',
      'http://localhost/a.tif',
      'MEM:::DATAPOINTER=1',
      '/tmp/a"b.tif',
    ])
      await expect(describeRaster(path)).rejects.toMatchObject({ code: 'unsafe_input' })
    await expect(describeRaster(tinyFolder())).rejects.toMatchObject({ code: 'bad_input' })
    await expect(describeRaster('/nowhere/a.tif')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('does not follow a VRT that calls itself a TIFF', async () => {
    const folder = tinyFolder()
    const inner = writeTinyRaster(join(folder, 'inner.tif'), { rows: 1, cols: 1, bands: [{ values: [1] }] })
    const path = join(folder, 'outer.tif')
    await writeFile(
      path,
      `<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>` +
        `<SourceFilename>${inner}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>`,
    )
    await expect(describeRaster(path)).rejects.toMatchObject({ code: 'unsupported_format' })
  })

  it('names a damaged file by its own name, also in a folder whose name has spaces', async () => {
    const folder = join(tinyFolder(), 'Upper Raam, 2018')
    await mkdir(folder)
    const path = join(folder, 'ndvi_2018155.tif')
    await writeFile(path, 'II*\0 this is no raster')
    const fault = (await describeRaster(path).catch((thrown: unknown) => thrown)) as Error
    expect(fault.message).toMatch(/^ndvi_2018155\.tif starts like a TIFF file but cannot be opened/)
    expect(fault.message).not.toMatch(/Raam|\//)
  })

  it('refuses a TIFF of 138 bytes that claims 2³¹ − 1 cells a side', async () => {
    const path = join(tinyFolder(), 'bomb.tif')
    await writeFile(path, tiffBomb(2 ** 31 - 1))
    await expect(describeRaster(path)).rejects.toMatchObject({ code: expect.stringMatching(/too_large|bad_raster/) })
  })

  it('refuses a TIFF whose single block would take gigabytes', async () => {
    const path = join(tinyFolder(), 'bomb.tif')
    await writeFile(path, tiffBomb(2 ** 20))
    await expect(describeRaster(path)).rejects.toMatchObject({ code: expect.stringMatching(/too_large|bad_raster/) })
  })

  it('finds out that a file is cut short, wherever the cut is', async () => {
    const values = Float64Array.from({ length: 40_000 }, (_, i) => (i * 7919) % 10_007)
    const path = writeTinyRaster(join(tinyFolder(), 'whole.tif'), {
      rows: 200,
      cols: 200,
      bands: [{ values }, { values }],
    })
    const whole = await readFile(path)
    for (const share of [0.05, 0.3, 0.6, 0.95]) {
      const cut = join(tinyFolder(), 'cut.tif')
      const file = await open(cut, 'w')
      await file.write(whole.subarray(0, Math.floor(whole.length * share)))
      await file.close()
      await expect(describeRaster(cut)).rejects.toMatchObject({ code: 'bad_raster' })
    }
    await expect(describeRaster(path)).resolves.toMatchObject({ format: 'GeoTIFF' })
  })
})

/** A little-endian TIFF with one strip of `side` × `side` bytes that is not there. */
function tiffBomb(side: number): Buffer {
  const entries = [
    [256, 4, 1, side],
    [257, 4, 1, side],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    [273, 4, 1, 130],
    [277, 3, 1, 1],
    [278, 4, 1, side],
    [279, 4, 1, 8],
  ]
  const file = Buffer.alloc(138)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(8, 4)
  file.writeUInt16LE(entries.length, 8)
  entries.forEach(([tag, type, count, value], i) => {
    file.writeUInt16LE(tag, 10 + 12 * i)
    file.writeUInt16LE(type, 12 + 12 * i)
    file.writeUInt32LE(count, 14 + 12 * i)
    file.writeUInt32LE(value, 18 + 12 * i)
  })
  return file
}

describeWithSharedData('describeRaster', () => {
  // GDAL turns the rows of NetCDF by a guess of its own; its multidimensional view does not, and gives the coordinates too.
  it.each([
    ['longitude down the rows', 'netcdf_misc/3B42_Daily.19991231.7.test.nc', '', 'precipitation'],
    [
      'coordinates for every cell, from the south, some missing',
      'satellite/LIS_HIST_201704010000.d01.nc',
      'SoilMoist_inst',
      '',
    ],
    ['coordinates for every cell, from the north', 'improper/teststack_c3s_2dcoords_min_attrs.nc', 'soil_moisture', ''],
    [
      'latitudes of an EASE grid, from the south',
      'satellite/SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_002_7.DBL.nc',
      'Soil_Moisture',
      '',
    ],
    ['latitudes from the south', 'netcdf_misc/bcsd_obs_1999.nc', 'pr', ''],
    ['longitudes from 0 to 360', 'netcdf_misc/reduced.nc', 'sst', ''],
    ['kilometres', 'netcdf_misc/lcc_km.nc', '', 'prcp'],
    ['a Gaussian grid', 'satellite/mrsos_day_EC-Earth3-Veg_land-hist_r1i1p1f1_gr_19700101-19700131.nc', 'mrsos', ''],
  ])('puts every cell where its coordinates say: %s', async (_, file, subdataset, variable) => {
    const path = sharedData(`format_samples/${file}`)
    const layer = (await describeRaster(path)).layers.find((each) => each.subdataset === subdataset)!
    const { grid } = layer
    const reader = new RasterReader({ cacheBytes: 1e6 })
    const { nodata, scale, offset } = layer.bands[0]
    const block = await reader.read(
      { path, subdataset, band: 1, grid, scale, offset, nodata, validRange: null },
      { row: 0, col: 0, rows: grid.rows, cols: grid.cols },
    )
    reader.close()
    const { values, lon, lat, isKilometres } = await cellsByCoordinates(path, subdataset || variable)
    const [x, y] = [lon.slice(), lat.slice()]
    if (isKilometres) for (let i = 0; i < x.length; i++) [x[i], y[i]] = [x[i] * 1000, y[i] * 1000]
    else transformPoints('EPSG:4326', grid.crs, x, y)
    let seen = 0
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(x[i])) continue
      const [west, width, , north, , height] = grid.transform
      const beyond = grid.crs === 'EPSG:4326' && x[i] > west + grid.cols * width ? 360 : 0
      const col = Math.floor((x[i] - beyond - west) / width)
      const row = Math.floor((y[i] - north) / height)
      const isMissing =
        Number.isNaN(values[i]) || nodata.some((number) => Math.fround(number) === Math.fround(values[i]))
      expect(block.values[row * grid.cols + col]).toBe(isMissing ? NaN : Math.fround(values[i] * scale + offset))
      seen++
    }
    expect(seen).toBeGreaterThan(10)
  })

  it('moves a world from 0…360° to 180° W … 180° E without losing a cell', async () => {
    const path = sharedData('format_samples/netcdf_misc/reduced.nc')
    const layer = (await describeRaster(path)).layers[0]
    expect(layer.grid.transform[0]).toBe(-179)
    const gdal = (await import('gdal-async')).default
    const stored = gdal
      .open(`NETCDF:"${path}":sst`)
      .bands.get(1)
      .pixels.read(0, 0, 180, 90, new Float32Array(90 * 180))
    const reader = new RasterReader({ cacheBytes: 1e6 })
    const { nodata, scale } = layer.bands[0]
    const source = { path, subdataset: 'sst', band: 1, grid: layer.grid, scale, offset: 0, nodata, validRange: null }
    for (const window of [
      { row: 0, col: 0, rows: 90, cols: 180 },
      { row: 40, col: 80, rows: 3, cols: 20 },
      { row: -2, col: 170, rows: 10, cols: 20 },
    ]) {
      const block = await reader.read(source, window)
      const wrong = block.values.findIndex((value, i) => {
        const row = window.row + Math.floor(i / window.cols)
        const col = window.col + (i % window.cols)
        const isInside = row >= 0 && row < 90 && col < 180
        // Longitude of the centre, then its column in the file, whose first centre is at 0°.
        const lon = -178 + 2 * col
        const number = isInside ? stored[row * 180 + ((lon + 360) % 360) / 2] : NaN
        return !Object.is(value, number === -999 ? NaN : Math.fround(number * scale))
      })
      expect(wrong).toBe(-1)
    }
    reader.close()
  })

  it('sees that SMOS degrees are EASE-Grid 2.0', async () => {
    const file = 'SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_002_7.DBL.nc'
    const { layers } = await describeRaster(sharedData(`format_samples/satellite/${file}`))
    expect(layers[2].grid.crs).toBe('EPSG:6933')
    expect(layers[2].cellSize.width).toBeCloseTo(25_025.26, 1)
  })
})

/** The first map of a NetCDF variable with the coordinates of each cell, as stored, by GDAL's multidimensional view. */
async function cellsByCoordinates(path: string, variable: string) {
  const gdal = (await import('gdal-async')).default
  const { root } = gdal.open(path, 'mr')
  const read = (name: string, first = false): { sizes: number[]; names: string[]; data: Float64Array } => {
    const array = root.arrays.get(name)
    const sizes = array.dimensions.map((dimension) => dimension.size)
    const names = array.dimensions.map((dimension) => dimension.description)
    const span = first ? sizes.map((size, i) => (i < sizes.length - 2 ? 1 : size)) : sizes
    const count = span.reduce((product, size) => product * size, 1)
    return { sizes, names, data: array.read({ origin: span.map(() => 0), span, data: new Float64Array(count) }) }
  }
  const { sizes, names, data: values } = read(variable, true)
  const [rows, cols] = sizes.slice(-2)
  const [rowName, colName] = names.slice(-2)
  const found = (wanted: string[]): string => wanted.find((name) => root.arrays.names.includes(name)) ?? ''
  const isKilometres = !root.arrays.names.some((name) => name.startsWith('lat'))
  const spread = (name: string): Float64Array => {
    const { data, names: own } = read(name)
    const at = (i: number): number => {
      if (own.length === 2) return i
      return own[0] === rowName ? Math.floor(i / cols) : own[0] === colName ? i % cols : NaN
    }
    return Float64Array.from({ length: rows * cols }, (_, i) => (data[at(i)] === -9999 ? NaN : data[at(i)]))
  }
  const lon = spread(isKilometres ? 'x' : found(['lon', 'longitude']))
  const lat = spread(isKilometres ? 'y' : found(['lat', 'latitude']))
  return { values, lon, lat, isKilometres }
}
