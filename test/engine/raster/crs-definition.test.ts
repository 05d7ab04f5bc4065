import { expect, test } from 'vitest'
import proj4 from 'proj4'
import { crsDefinition } from '../../../main/engine/raster/index.ts'
import { transformPoints } from '../../../main/engine/raster/transform-points.ts'

test.each([
  ['EPSG:28992', 190_000, 405_000, 'Amersfoort / RD New', 'm'],
  ['EPSG:27700', 450_000, 300_000, 'OSGB36 / British National Grid', 'm'],
  ['EPSG:6933', 9_000_000, -3_500_000, 'WGS 84 / NSIDC EASE-Grid 2.0 Global', 'm'],
  ['EPSG:32755', 420_000, 6_120_000, 'WGS 84 / UTM zone 55S', 'm'],
  ['EPSG:4326', 5.7, 51.6, 'WGS 84', 'degree'],
])('%s in a window agrees with the engine to a metre', (code, x, y, name, unit) => {
  const definition = crsDefinition(code, { x, y })
  expect(definition).toMatchObject({ code, name, unit, isGeographic: unit === 'degree' })
  // 20 km (or 0.2°) away from where the datum was measured.
  const away = unit === 'degree' ? 0.2 : 20_000
  const lon = new Float64Array([x + away])
  const lat = new Float64Array([y - away])
  transformPoints(code, 'EPSG:4326', lon, lat)
  const [windowLon, windowLat] = proj4(definition.proj4, '+proj=longlat +datum=WGS84 +no_defs', [x + away, y - away])
  expect(Math.abs(windowLon - lon[0]) * 111_320 * Math.cos((lat[0] * Math.PI) / 180)).toBeLessThan(1)
  expect(Math.abs(windowLat - lat[0]) * 110_574).toBeLessThan(1)
})

test('the place near which a datum is measured may be given in another CRS', () => {
  const near = crsDefinition('EPSG:28992', { x: 190_000, y: 405_000 }).proj4
  const lon = new Float64Array([190_000])
  const lat = new Float64Array([405_000])
  transformPoints('EPSG:28992', 'EPSG:32631', lon, lat)
  const other = crsDefinition('EPSG:28992', { x: lon[0], y: lat[0], crs: 'EPSG:32631' }).proj4
  const shift = (proj: string) => /towgs84=(\S+)/.exec(proj)![1].split(',').map(Number)
  shift(other).forEach((metres, i) => expect(Math.abs(metres - shift(near)[i])).toBeLessThan(0.01))
})

test('a text that is no CRS is refused with what is needed', () => {
  expect(() => crsDefinition('EPSG:999999', null)).toThrow(/needs an EPSG code that exists/)
})
