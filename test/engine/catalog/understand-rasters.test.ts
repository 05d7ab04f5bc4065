import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RasterDataset } from '../../../main/contract/index.ts'
import { understandRasters } from '../../../main/engine/catalog/index.ts'
import { normaliseUnit } from '../../../main/engine/catalog/units.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'
import { tinyGrid, tinySeries } from './tiny-series.ts'

const days = (dataset: RasterDataset): (string | null)[] => dataset.scenes.map((scene) => scene.day)

describe('understandRasters', () => {
  it('makes one variable of a dated series, sorted by date', async () => {
    const folder = await tinySeries(['ndvi_20180203.tif', 'ndvi_20180101.tif'])
    const dataset = await understandRasters({ name: 'ndvi', paths: [folder] })
    expect(RasterDataset.parse(dataset)).toEqual(dataset)
    expect(dataset.variables.map((variable) => variable.name)).toEqual(['ndvi'])
    expect(dataset.grid).toEqual(tinyGrid)
    expect(days(dataset)).toEqual(['2018-01-01', '2018-02-03'])
    expect(dataset.dateRule).toBe('YYYYMMDD in the file name')
    expect(dataset.files[dataset.scenes[0].file].path).toBe(join(folder, 'ndvi_20180101.tif'))
  })

  it('names variables by bands, and keeps what the file says of each', async () => {
    const bands = () => [
      { name: 'red', values: Int16Array.of(1, 2, 3, -1), nodata: -1, scale: 1e-4, unit: '1' },
      { name: 'class', values: Int16Array.of(1, 2, 3, -1), nodata: -1 },
    ]
    const folder = await tinySeries(['s2_2018-06-01.tif', 's2_2018-06-11.tif'], { bands })
    const dataset = await understandRasters({ name: 's2', paths: [folder], dateRule: 'YYYY-MM-DD' })
    expect(dataset.variables).toMatchObject([
      { name: 'red', unit: '1', scale: 1e-4, nodata: [-1], kind: 'continuous' },
      { name: 'class', scale: 1, kind: 'categorical' },
    ])
    expect(dataset.notes).toContainEqual(expect.stringMatching(/class: taken as categorical/))
    expect(dataset.scenes.map(({ variable, band }) => [variable, band])).toEqual([
      [0, 1],
      [0, 1],
      [1, 2],
      [1, 2],
    ])
    const red = await understandRasters({ name: 's2', paths: [folder], variable: 'red' })
    expect(red.variables.map((variable) => variable.name)).toEqual(['red'])
    await expect(understandRasters({ name: 's2', paths: [folder], variable: 'nir' })).rejects.toMatchObject({
      code: 'unknown_name',
      message: expect.stringContaining('red, class'),
    })
  })

  it('takes undated files as static variables named after them', async () => {
    const folder = await tinySeries(['dem.tif', 'slope.tif'])
    const dataset = await understandRasters({ name: 'terrain', paths: [folder] })
    expect(dataset.variables.map((variable) => variable.name)).toEqual(['dem', 'slope'])
    expect(days(dataset)).toEqual([null, null])
    const one = await understandRasters({
      name: 'height',
      paths: [join(folder, 'dem.tif')],
      overrides: { name: 'h', unit: 'm' },
    })
    expect(one.variables).toMatchObject([{ name: 'h', unit: 'm' }])
  })

  it('keeps two products of one folder apart, and one when the pattern says so', async () => {
    const folder = await tinySeries(['day_2018001.tif', 'day_2018002.tif', 'night_2018001.tif', 'night_2018002.tif'])
    const both = await understandRasters({ name: 'lst', paths: [folder] })
    expect(both.variables.map((variable) => variable.name)).toEqual(['day', 'night'])
    const night = await understandRasters({ name: 'lst', paths: [folder], pattern: 'night_*.tif' })
    expect(days(night)).toEqual(['2018-01-01', '2018-01-02'])
  })

  it('gives bands the dates of their names, or of a table', async () => {
    const bands = (name: string) =>
      [1, 2, 3].map((i) => ({
        name: name.startsWith('named') ? `ndvi_2018010${i}` : '',
        values: new Float32Array(4).fill(i),
      }))
    const folder = await tinySeries(['named.tif', 'plain.tif'], { bands })
    const named = await understandRasters({ name: 'x', paths: [join(folder, 'named.tif')] })
    expect(named.variables.map((variable) => variable.name)).toEqual(['ndvi'])
    expect(days(named)).toEqual(['2018-01-01', '2018-01-02', '2018-01-03'])
    expect(named.dateRule).toBe('YYYYMMDD in the band name')

    const table = join(folder, 'dates.csv')
    await writeFile(table, 'band,date\n2,2019-01-02\n1,2019-01-01\n3,2019-01-05\n')
    const plain = { name: 'ndvi', paths: [join(folder, 'plain.tif')] }
    const dated = await understandRasters({ ...plain, datesFile: table })
    expect(dated.variables.map((variable) => variable.name)).toEqual(['ndvi'])
    expect(dated.scenes.map(({ day, band }) => [day, band])).toEqual([
      ['2019-01-01', 1],
      ['2019-01-02', 2],
      ['2019-01-05', 3],
    ])
    expect((await understandRasters(plain)).variables.map((variable) => variable.name)).toEqual([
      'band_1',
      'band_2',
      'band_3',
    ])
    await writeFile(table, 'band,date\n1,2019-01-01\n')
    await expect(understandRasters({ ...plain, datesFile: table })).rejects.toMatchObject({ code: 'no_dates' })
    await writeFile(table, 'band,date\n1,2019-02-30\n')
    await expect(understandRasters({ ...plain, datesFile: table })).rejects.toMatchObject({
      code: 'bad_table',
      details: { line: 2 },
    })
  })

  it('reports dates that come twice and dates that are missing', async () => {
    const names = [1, 2, 3, 5, 6].map((day) => `sm_2018010${day}.tif`)
    const folder = await tinySeries([...names, 'sm_20180101T1200.tif'])
    const { notes, scenes } = await understandRasters({ name: 'sm', paths: [folder] })
    expect(scenes).toHaveLength(5)
    expect(notes).toContainEqual(expect.stringMatching(/1 date comes twice: 2018-01-01 \(sm_20180101.tif stays/))
    expect(notes).toContainEqual(expect.stringMatching(/1 date is missing at a step of 1 day: 2018-01-04/))
  })

  it.each([
    [
      'a half-cell shift',
      { ...tinyGrid, transform: [500_005, 10, 0, 5_000_000, 0, -10] },
      /0\.5 columns .* \(half a cell/,
    ],
    ['another CRS', { ...tinyGrid, crs: 'EPSG:32632' }, /EPSG:32632 .* not EPSG:32631/],
    ['other cells', { ...tinyGrid, transform: [500_000, 20, 0, 5_000_000, 0, -20] }, /20 × 20, not 10 × 10/],
    ['another size', { ...tinyGrid, cols: 3 }, /2 × 3 cells, not 2 × 2/],
  ])('names the odd file with %s', async (_, odd, message) => {
    const folder = await tinySeries(['a_20180101.tif', 'a_20180102.tif', 'a_20180103.tif'], {
      grid: (name) => (name.includes('02') ? (odd as typeof tinyGrid) : tinyGrid),
      bands: (name) => [{ name: '', values: new Float32Array(name.includes('02') ? 2 * odd.cols : 4) }],
    })
    await expect(understandRasters({ name: 'a', paths: [folder] })).rejects.toMatchObject({
      code: 'unsupported_grid',
      message: expect.stringMatching(new RegExp(`^a_20180102.tif lies on another grid.*${message.source}`)),
    })
  })

  it('takes the word of the user against the file', async () => {
    const folder = await tinySeries(['a.tif'], {
      bands: () => [{ name: 'sm', values: Int16Array.of(10, 20, 30, 99), nodata: 0 }],
    })
    const dataset = await understandRasters({
      name: 'a',
      paths: [folder],
      overrides: { unit: 'm3 m-3', scale: 0.01, offset: 0.1, nodata: [99], validRange: [0, 1], kind: 'continuous' },
    })
    expect(dataset.variables[0]).toMatchObject({
      unit: 'm3 m-3',
      scale: 0.01,
      offset: 0.1,
      nodata: [99],
      validRange: [0, 1],
    })
  })

  it('refuses scales that change from file to file', async () => {
    const folder = await tinySeries(['a_20180101.tif', 'a_20180102.tif'], {
      bands: (name) => [{ name: 'a', values: Int16Array.of(1, 2, 3, 4), scale: name.includes('02') ? 0.1 : 0.01 }],
    })
    await expect(understandRasters({ name: 'a', paths: [folder] })).rejects.toMatchObject({
      code: 'unit_mismatch',
      message: expect.stringMatching(/a_20180102\.tif has scale 0\.1 .* has 0\.01/),
    })
  })

  it('says which folder, pattern or rule finds nothing', async () => {
    const folder = await tinySeries(['a_20180101.tif'])
    const at = (options: object) => understandRasters({ name: 'a', paths: [folder], ...options })
    await expect(at({ pattern: 'b_*.tif' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(at({ dateRule: 'MMDD' })).rejects.toMatchObject({ code: 'bad_input' })
    await expect(at({ dateRule: 'YYYYDDD' })).rejects.toMatchObject({ code: 'no_dates' })
    await expect(at({ dateRule: 'netcdf' })).rejects.toMatchObject({ code: 'no_dates' })
    await expect(at({ paths: ['/nowhere'] })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('units', () => {
  it.each([
    ['m3/m3', 'm3 m-3'],
    ['m³ m⁻³', 'm3 m-3'],
    ['cm3/cm3', 'm3 m-3'],
    ['m**3 m**-3', 'm3 m-3'],
    ['m^3 m-3', 'm3 m-3'],
    ['m3.m-3', 'm3 m-3'],
    ['cm3 cm-3', 'm3 m-3'],
    ['percent', '%'],
    ['Celsius', 'degC'],
    ['kelvin', 'K'],
    ['mm', 'mm'],
    ['kg m-2', 'kg m-2'],
    ['m', 'm'],
    ['furlong', 'furlong'],
  ])('%s is %s', (written, shown) => {
    expect(normaliseUnit(written)).toBe(shown)
  })
})

describeWithSharedData('understandRasters', () => {
  it('reads the SMAP series with its swath days missing', async () => {
    const dataset = await understandRasters({
      name: 'smap',
      paths: [sharedData('smap9km_era5land_west_australia/smap_9km_daily.nc')],
    })
    expect(dataset.variables).toMatchObject([{ name: 'soil_moisture', unit: 'm3 m-3', nodata: [-9999] }])
    expect(dataset.scenes).toHaveLength(40)
    expect(dataset.scenes[0].day).toBe('2020-01-01')
    expect(dataset.dateRule).toMatch(/^NetCDF time axis, days since/)
    expect(dataset.notes).toContainEqual(expect.stringMatching(/dates are missing at a step of 1 day/))
  })

  it('reads 96 half-months of NDVI with the dates of a table', async () => {
    const folder = sharedData('ndvi_gimms_modis_alb')
    const dataset = await understandRasters({
      name: 'ndvi',
      paths: [`${folder}/gimms_ndvi_coarse_2012_2015.tif`],
      datesFile: `${folder}/dates.csv`,
    })
    expect(dataset.scenes).toHaveLength(96)
    expect(dataset.scenes[1]).toMatchObject({ day: '2012-01-15', band: 2 })
    expect(dataset.variables).toHaveLength(1)
  })

  it('reads Sentinel-2 bands by date and doubts numbers without a scale', async () => {
    const dataset = await understandRasters({ name: 's2', paths: [sharedData('sentinel2_optram_lachish/boa')] })
    expect(dataset.variables).toHaveLength(12)
    expect(new Set(days(dataset)).size).toBe(10)
    expect(dataset.notes.join('\n')).toMatch(/× 10 000, give --scale 0\.0001/)
  })

  it('finds the grid of Cook Farm that is one column wider', async () => {
    await expect(understandRasters({ name: 'soil', paths: [sharedData('cookfarm/grids')] })).rejects.toMatchObject({
      code: 'unsupported_grid',
      message: expect.stringMatching(/bld_030cm\.tif.*58 × 101 cells, not 58 × 100/),
    })
    const dem = await understandRasters({ name: 'dem', paths: [sharedData('cookfarm/grids/dem.tif')] })
    expect(dem.grid.crs).toBe('EPSG:26911')
    const crop = await understandRasters({ name: 'crop', paths: [sharedData('cookfarm/grids/crop_2011.tif')] })
    expect(crop.variables[0].kind).toBe('categorical')
  })

  it('reads MODIS HDF4 by its day of the year, scaled to reflectance', async () => {
    const dataset = await understandRasters({
      name: 'mod09',
      paths: [sharedData('format_samples/modis_hdf4')],
      pattern: '*.hdf',
    })
    const red = dataset.variables.find((variable) => variable.name === 'sur_refl_b01')
    expect(red).toMatchObject({ scale: 0.0001, nodata: [-28672], unit: '1' })
    expect(red?.validRange?.[1]).toBeCloseTo(1.6)
    expect(dataset.dateRule).toBe('YYYYDDD in the file name')
    expect(new Set(days(dataset))).toEqual(new Set(['2017-07-12']))
    expect(dataset.notes).toContainEqual(expect.stringMatching(/^sur_refl_qc_500m: .*cannot serve as a mask/))
  })

  it('reads native Copernicus files: unsigned bytes, flags, time at noon', async () => {
    const dataset = await understandRasters({
      name: 'swi',
      paths: [sharedData('cgls_1km_pyrenees/native')],
      pattern: '*SWI1km*.nc',
      variable: 'SWI_005',
    })
    expect(dataset.variables[0]).toMatchObject({ scale: 0.5, unit: '%', validRange: [0, 100] })
    expect(dataset.variables[0].nodata).toEqual(expect.arrayContaining([255, 241, 242]))
    expect(days(dataset)).toEqual(['2017-06-01', '2017-06-02'])
  })
})
