import { describe, expect, it } from 'vitest'
import type { Day, Grid } from '../../../main/contract/index.ts'
import { footprint } from '../../../main/engine/products/footprint.ts'
import { stacItem } from '../../../main/engine/products/stac-item.ts'
import { transformPoints } from '../../../main/engine/raster/index.ts'

const utm: Grid = { crs: 'EPSG:32631', transform: [500_000, 30, 0, 4_800_000, 0, -30], rows: 4000, cols: 3000 }

function item(grid: Grid, encoding: 'float32' | 'int16'): Record<string, never> {
  return stacItem({
    id: 'soil_moisture_2018-07-04',
    grid,
    day: '2018-07-04' as Day,
    href: './soil_moisture_2018-07-04.tif',
    sha256: 'ab'.repeat(32),
    quantity: 'soil moisture',
    unit: 'm3 m-3',
    encoding,
    properties: { 'loam:plan': 'p1', 'loam:model': 'm1' },
  }) as Record<string, never>
}

describe('a STAC item', () => {
  it('lists the maps of quantiles beside the map', () => {
    const sha256 = 'cd'.repeat(32)
    const layers = [
      {
        name: 'q05',
        title: 'soil moisture, 5 % quantile',
        unit: 'm3 m-3',
        encoding: 'int16' as const,
        href: './m_q05.tif',
        sha256,
      },
      { name: 'di', title: 'dissimilarity index', unit: '1', encoding: 'float32' as const, href: './m_di.tif', sha256 },
    ]
    const options = { id: 'm', grid: utm, day: '2018-07-04' as Day, href: './m.tif', sha256: 'ab'.repeat(32), layers }
    const { assets } = stacItem({
      ...options,
      quantity: 'soil moisture',
      unit: 'm3 m-3',
      encoding: 'int16',
      properties: {},
    }) as { assets: Record<string, { href: string; title: string; 'raster:bands': { name: string }[] }> }
    expect(Object.keys(assets)).toEqual(['map', 'q05', 'di'])
    expect(assets.di['raster:bands'][0]).toMatchObject({ name: 'dissimilarity index', unit: '1', data_type: 'float32' })
    expect(assets.q05['raster:bands'][0]).toMatchObject({ unit: 'm3 m-3', data_type: 'int16', scale: 0.0001 })
    expect(assets.q05).toMatchObject({
      href: './m_q05.tif',
      title: 'soil moisture, 5 % quantile',
      'file:checksum': `1220${'cd'.repeat(32)}`,
    })
    expect(assets.q05['raster:bands'].map(({ name }) => name)).toEqual(['soil moisture, 5 % quantile', 'reason'])
  })

  it('has every field the standard asks for, and ours', () => {
    const made = JSON.parse(JSON.stringify(item(utm, 'int16')))
    expect(Object.keys(made).sort()).toEqual(
      ['assets', 'bbox', 'geometry', 'id', 'links', 'properties', 'stac_extensions', 'stac_version', 'type'].sort(),
    )
    expect(made).toMatchObject({ type: 'Feature', stac_version: '1.0.0', id: 'soil_moisture_2018-07-04', links: [] })
    expect(made.properties).toMatchObject({
      datetime: '2018-07-04T00:00:00Z',
      start_datetime: '2018-07-04T00:00:00Z',
      end_datetime: '2018-07-04T23:59:59Z',
      'proj:epsg': 32631,
      'proj:shape': [4000, 3000],
      'loam:plan': 'p1',
      'loam:model': 'm1',
    })
    // Affine order: (col, row) → x, y.
    const [a, b, c, d, e, f] = made.properties['proj:transform']
    expect([a * 10 + b * 20 + c, d * 10 + e * 20 + f]).toEqual([500_300, 4_799_400])
    const { map } = made.assets
    expect(map).toMatchObject({
      href: './soil_moisture_2018-07-04.tif',
      type: 'image/tiff; application=geotiff; profile=cloud-optimized',
      roles: ['data'],
    })
    expect(map['file:checksum']).toMatch(/^1220[0-9a-f]{64}$/)
    expect(map['raster:bands'][0]).toEqual({
      name: 'soil moisture',
      unit: 'm3 m-3',
      data_type: 'int16',
      nodata: -32768,
      scale: 0.0001,
      offset: 0,
    })
    expect(map['raster:bands'][1]['classification:classes']).toContainEqual({
      value: 6,
      name: 'too_few_valid',
      description: 'too few valid',
    })
    expect(JSON.parse(JSON.stringify(item(utm, 'float32'))).assets.map['raster:bands'][0].nodata).toBe('nan')
  })

  it('spells out a CRS without a code', () => {
    const crs = '+proj=sinu +R=6371007.181 +units=m'
    const made = item({ ...utm, crs, transform: [0, 500, 0, 5_000_000, 0, -500] }, 'float32')
    expect(made.properties).toMatchObject({ 'proj:epsg': null, 'proj:wkt2': crs })
  })
})

describe('a footprint', () => {
  it('follows the edges of the grid, counter-clockwise and closed', () => {
    const { bbox, geometry } = footprint(utm)
    expect(geometry.type).toBe('Polygon')
    const [ring] = geometry.coordinates as [number, number][][]
    expect(ring).toHaveLength(65)
    expect(ring[64]).toEqual(ring[0])
    const twiceArea = ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i][0] * y - x * ring[i][1], 0)
    expect(twiceArea).toBeGreaterThan(0)
    const x = Float64Array.from(ring, ([lon]) => lon)
    const y = Float64Array.from(ring, ([, lat]) => lat)
    expect(bbox).toEqual([Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)])
    transformPoints('EPSG:4326', utm.crs, x, y)
    x.forEach((east, i) => {
      const toEdge = Math.min(
        Math.abs(east - 500_000),
        Math.abs(east - 590_000),
        Math.abs(y[i] - 4_800_000),
        Math.abs(y[i] - 4_680_000),
      )
      expect(toEdge).toBeLessThan(0.05)
    })
  })

  it('is cut at the date line', () => {
    const { bbox, geometry } = footprint({
      crs: 'EPSG:32660',
      transform: [700_000, 1000, 0, 100_000, 0, -1000],
      rows: 50,
      cols: 200,
    })
    expect(bbox[0]).toBeGreaterThan(178)
    expect(bbox[2]).toBeLessThan(-178)
    expect(geometry.type).toBe('MultiPolygon')
    const [east, west] = (geometry.coordinates as [number, number][][][]).map(([ring]) => ring.map(([lon]) => lon))
    expect(Math.max(...east)).toBe(180)
    expect(Math.min(...east)).toBe(bbox[0])
    expect(Math.min(...west)).toBe(-180)
    expect(Math.max(...west)).toBe(bbox[2])
  })

  it('of the whole EASE grid is the world, around a pole the cap', () => {
    const ease: Grid = {
      crs: 'EPSG:6933',
      transform: [-17_367_530.45, 36_032.22, 0, 7_314_540.83, 0, -36_032.22],
      rows: 406,
      cols: 964,
    }
    const world = footprint(ease).bbox
    expect(world[2] - world[0]).toBeGreaterThan(359)
    const polar: Grid = {
      crs: 'EPSG:6931',
      transform: [-3_000_000, 25_000, 0, 3_000_000, 0, -25_000],
      rows: 240,
      cols: 240,
    }
    const [west, south, east, north] = footprint(polar).bbox
    expect([west, east, north]).toEqual([-180, 180, 90])
    expect(south).toBeGreaterThan(40)
    expect(south).toBeLessThan(63)
  })
})
