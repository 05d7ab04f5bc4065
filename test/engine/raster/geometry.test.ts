import { describe, expect, it } from 'vitest'
import { wholeGrid } from '../../../main/contract/index.ts'
import type { Grid } from '../../../main/contract/index.ts'
import {
  axisCentres,
  cellCentres,
  coarsenGrid,
  crsName,
  gridExtent,
  gridFromExtent,
  gridOfFile,
  isGeographic,
  metresPerUnit,
  normaliseCrs,
  transformPoints,
} from '../../../main/engine/raster/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'

const grid: Grid = { crs: 'EPSG:32631', transform: [500_000, 10, 0, 5_000_000, 0, -20], rows: 5, cols: 7 }

describe('grid geometry', () => {
  it('coarsens by whole factors and covers the fine grid', () => {
    expect(coarsenGrid(grid, 3)).toEqual({ ...grid, transform: [500_000, 30, 0, 5_000_000, 0, -60], rows: 2, cols: 3 })
    expect(() => coarsenGrid(grid, 1.5)).toThrow(/whole number/)
  })

  it('makes a grid from an extent, enlarged to whole cells and no further', () => {
    expect(gridFromExtent('EPSG:32631', 10, [0, 0, 95, 100])).toEqual({
      crs: 'EPSG:32631',
      transform: [0, 10, 0, 100, 0, -10],
      rows: 10,
      cols: 10,
    })
    expect(gridFromExtent('EPSG:4326', 0.1, [0, 0, 0.7, 0.3])).toMatchObject({ rows: 3, cols: 7 })
    expect(() => gridFromExtent('EPSG:4326', 0.1, [10, 0, 0, 5])).toThrow(/west < east/)
  })

  it('gives cell centres and edges', () => {
    expect(gridExtent(grid)).toEqual([500_000, 4_999_900, 500_070, 5_000_000])
    const window = { grid, row: 1, col: 2, rows: 2, cols: 2 }
    expect([...axisCentres(window).x]).toEqual([500_025, 500_035])
    expect([...cellCentres(window).x]).toEqual([500_025, 500_035, 500_025, 500_035])
    expect([...cellCentres(window).y]).toEqual([4_999_970, 4_999_970, 4_999_950, 4_999_950])
    expect(cellCentres(wholeGrid(grid)).x.length).toBe(35)
  })
})

describe('coordinate reference systems', () => {
  it('takes codes, WKT and PROJ text to one name', () => {
    expect(normaliseCrs('EPSG:26911')).toBe('EPSG:26911')
    expect(normaliseCrs('+proj=cea +lat_ts=30 +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m')).toBe('EPSG:6933')
    expect(normaliseCrs('+proj=utm +zone=31 +datum=WGS84 +units=m')).toBe('EPSG:32631')
    expect(normaliseCrs('+proj=longlat +datum=WGS84')).toBe('EPSG:4326')
    expect(() => normaliseCrs('EPSG:99999999')).toThrow(/EPSG code that exists/)
    expect(() => normaliseCrs('/etc/passwd')).toThrow(/coordinate reference system/)
  })

  it('keeps as text what has no code', () => {
    const wkt = normaliseCrs('+proj=lcc +lat_0=42.5 +lon_0=-100 +lat_1=25 +lat_2=60 +ellps=WGS84 +units=km')
    expect(wkt).toMatch(/^PROJCS\[/)
    expect(normaliseCrs(wkt)).toBe(wkt)
    expect(metresPerUnit(wkt)).toBe(1000)
  })

  it('knows names, units and degrees', () => {
    expect(crsName('EPSG:26911')).toBe('NAD83 / UTM zone 11N')
    expect(isGeographic('EPSG:4326')).toBe(true)
    expect(isGeographic('EPSG:32631')).toBe(false)
    expect(metresPerUnit('EPSG:32631')).toBe(1)
  })

  // Corners of zones and tangent points: places whose coordinates follow from the definition of the projection.
  it.each([
    ['EPSG:32631', 3, 0, 500_000, 0],
    ['EPSG:32731', 3, 0, 500_000, 10_000_000],
    ['EPSG:3035', 10, 52, 4_321_000, 3_210_000],
    ['EPSG:2193', 173, 0, 1_600_000, 10_000_000],
    ['EPSG:31467', 9, 0, 3_500_000, 0],
    ['EPSG:6933', 0, 0, 0, 0],
  ])('keeps x east and y north in %s', (crs, lon, lat, east, north) => {
    const x = Float64Array.of(lon)
    const y = Float64Array.of(lat)
    transformPoints('EPSG:4326', crs, x, y)
    // A datum shift of up to some hundred metres is part of some of these; axis order would be wrong by 10⁶.
    expect(Math.abs(x[0] - east)).toBeLessThan(1000)
    expect(Math.abs(y[0] - north)).toBeLessThan(1000)
    transformPoints(crs, 'EPSG:4326', x, y)
    expect(x[0]).toBeCloseTo(lon, 6)
    expect(y[0]).toBeCloseTo(lat, 6)
  })

  it('marks points without a place by NaN and carries their neighbours', () => {
    const x = Float64Array.of(9, 9, 9, 9, 9)
    const y = Float64Array.of(50, 1e9, 51, NaN, 52)
    transformPoints('EPSG:4326', 'EPSG:32632', x, y)
    expect([...x].map((value) => Number.isNaN(value))).toEqual([false, true, false, true, false])
    expect(x[0]).toBeCloseTo(500_000, 3)
    expect(y[4]).toBeGreaterThan(y[0])
  })
})

describeWithSharedData('grids of real files', () => {
  it('names NAD83 / UTM 11N', async () => {
    expect(await gridOfFile(sharedData('cookfarm/grids/dem.tif'))).toMatchObject({
      crs: 'EPSG:26911',
      rows: 58,
      cols: 100,
    })
  })
  it('names EASE-Grid 2.0', async () => {
    const found = await gridOfFile(sharedData('smap9km_era5land_west_australia/smap_9km_daily.nc'))
    expect(found).toMatchObject({ crs: 'EPSG:6933', rows: 62, cols: 65 })
    expect(found.transform[1]).toBeCloseTo(9008.055, 3)
  })
  it('keeps the text of a CRS whose datum the file leaves unknown', async () => {
    const found = await gridOfFile(sharedData('format_samples/geotiff_misc/olinda_dem_utm25s.tif'))
    expect(crsName(found.crs)).toBe('UTM Zone 25, Southern Hemisphere')
  })
})
