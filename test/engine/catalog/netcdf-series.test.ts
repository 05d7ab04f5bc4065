import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { understandRasters } from '../../../main/engine/catalog/index.ts'
import { RasterReader } from '../../../main/engine/raster/index.ts'
import { encodeNetcdf } from '../../../main/engine/raster/netcdf-classic.ts'
import { tinyFolder } from './tiny-series.ts'

const lat = [10, 11, 12]
const lon = [30, 31, 32, 33]
const levels = [5, 20]

/** The value of a cell, told by its place. */
const truth = (time: number, level: number, lat: number, lon: number): number =>
  time * 1000 + level * 10 + lat + lon / 100

interface Shape {
  dimensions: string[]
  calendar: string
  units: string
}

/** Three times, two levels, latitudes from the south, packed as integers: stored = (value − 5) / 0.01. */
async function writeSeries({ dimensions, calendar, units }: Shape): Promise<string> {
  const sizes: Record<string, number> = { time: 3, level: 2, lat: 3, lon: 4 }
  const used = dimensions.map((name) => sizes[name])
  const values: number[] = []
  for (let i = 0; i < used.reduce((a, b) => a * b); i++) {
    const at: Record<string, number> = { level: 0 }
    let rest = i
    for (const name of dimensions.toReversed()) {
      at[name] = rest % sizes[name]
      rest = Math.floor(rest / sizes[name])
    }
    const isMissing = at.time === 1 && at.lat === 0 && at.lon === 0
    values.push(isMissing ? -999 : Math.round((truth(at.time, levels[at.level], lat[at.lat], lon[at.lon]) - 5) / 0.01))
  }
  const axis = (name: string, numbers: number[], attributes: Record<string, string>) => ({
    name,
    dimensions: [name],
    type: 'double' as const,
    attributes,
    values: [numbers],
  })
  const bytes = encodeNetcdf({
    dimensions: sizes,
    attributes: { Conventions: 'CF-1.6' },
    variables: [
      axis('time', [0, 1, 2], { units, calendar }),
      axis('level', levels, { units: 'cm' }),
      axis('lat', lat, { units: 'degrees_north', standard_name: 'latitude' }),
      axis('lon', lon, { units: 'degrees_east', standard_name: 'longitude' }),
      {
        name: 'sm',
        dimensions,
        type: 'int',
        attributes: { units: 'm3/m3', scale_factor: 0.01, add_offset: 5, missing_value: -999 },
        values: [values],
      },
    ],
  })
  const path = join(tinyFolder(), 'series.nc')
  await writeFile(path, bytes)
  return path
}

it.each([
  [['time', 'level', 'lat', 'lon'], 'noleap', 'days since 2000-02-28', ['2000-02-28', '2000-03-01', '2000-03-02']],
  [['time', 'lat', 'lon'], '360_day', 'months since 2001-01-01', ['2001-01-01', '2001-02-01', '2001-03-01']],
  [['time', 'lon', 'lat'], 'standard', 'hours since 2001-02-28 12:00', ['2001-02-28']],
  [['level', 'time', 'lat', 'lon'], 'julian', 'days since 2001-02-28', ['2001-02-28', '2001-03-01', '2001-03-02']],
])('reads %j on a %s calendar (%s), each cell where it belongs', async (dimensions, calendar, units, days) => {
  const path = await writeSeries({ dimensions, calendar, units })
  const dataset = await understandRasters({ name: 'sm', paths: [path] })
  const hasLevels = dimensions.includes('level')
  expect(dataset.variables.map(({ name }) => name)).toEqual(hasLevels ? ['sm_level_5', 'sm_level_20'] : ['sm'])
  expect([...new Set(dataset.scenes.map(({ day }) => day))]).toEqual(days)
  expect(dataset.grid).toEqual({ crs: 'EPSG:4326', transform: [29.5, 1, 0, 12.5, 0, -1], rows: 3, cols: 4 })

  const reader = new RasterReader({ cacheBytes: 1e6 })
  for (const scene of dataset.scenes) {
    const { scale, offset, nodata, validRange, unit } = dataset.variables[scene.variable]
    expect({ scale, offset, nodata, unit }).toMatchObject({ scale: 0.01, offset: 5, unit: 'm3 m-3' })
    const { subdataset, band } = scene
    const block = await reader.read(
      { path, subdataset, band, grid: dataset.grid, scale, offset, nodata, validRange },
      { row: 0, col: 0, rows: 3, cols: 4 },
    )
    // Scenes that share a day stand for the first of them.
    const time = days.indexOf(scene.day as string)
    for (let row = 0; row < 3; row++)
      for (let col = 0; col < 4; col++) {
        const expected = truth(time, hasLevels ? levels[scene.variable] : levels[0], lat[2 - row], lon[col])
        if (time === 1 && row === 2 && col === 0) expect(block.values[row * 4 + col]).toBeNaN()
        else expect(block.values[row * 4 + col]).toBeCloseTo(expected, 2)
      }
  }
  reader.close()
})

it('keeps a time outside the Gregorian calendar out, and says so', async () => {
  const path = await writeSeries({
    dimensions: ['time', 'lat', 'lon'],
    calendar: '360_day',
    units: 'days since 2001-02-28',
  })
  const dataset = await understandRasters({ name: 'sm', paths: [path] })
  expect(dataset.scenes.map(({ day }) => day)).toEqual(['2001-02-28'])
  expect(dataset.notes.join('\n')).toMatch(/2 of 3 times are no date of the Gregorian calendar/)
})

it('asks when the file name and the time axis disagree', async () => {
  const { rename } = await import('node:fs/promises')
  const path = await writeSeries({
    dimensions: ['time', 'lat', 'lon'],
    calendar: 'standard',
    units: 'hours since 2001-03-01',
  })
  const named = path.replace('series.nc', 'sm_20190705.nc')
  await rename(path, named)
  await expect(understandRasters({ name: 'sm', paths: [named] })).rejects.toMatchObject({
    code: 'conflicting_dates',
    message: expect.stringMatching(
      /sm_20190705: 2001-03-01 by its time axis, 2019-07-05 by its name[^]*--date-rule netcdf/,
    ),
  })
  const chosen = await understandRasters({ name: 'sm', paths: [named], dateRule: 'netcdf' })
  expect(chosen.scenes[0].day).toBe('2001-03-01')
})
