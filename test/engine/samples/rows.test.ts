import { describe, expect, it } from 'vitest'
import { dayNumber, daysOf } from '../../../main/contract/index.ts'
import type { Day, Grid, Station } from '../../../main/contract/index.ts'
import { encodeSamples, joinSamples, rowsFromRaster, rowsFromStations } from '../../../main/engine/samples/index.ts'
import type { SampleTable } from '../../../main/engine/samples/index.ts'
import type { DailyTable } from '../../../main/engine/stations/index.ts'
import { transformPoints } from '../../../main/engine/raster/index.ts'
import { fieldOf } from './made-field.ts'

const coarse: Grid = { crs: 'EPSG:32631', transform: [600_000, 1000, 0, 5_700_000, 0, -1000], rows: 20, cols: 30 }
const day = '2018-07-02' as Day

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0)

describe('rowsFromRaster', () => {
  const target = fieldOf('sm', [day], (row, col) => (col === 3 ? 'no_data' : row === 0 ? 'masked' : row + col / 100))
  const ndvi = fieldOf('NDVI', 'any', (row, col) => (row === 1 ? 'masked' : row * 1000 + col))
  const slope = fieldOf('slope', 'static', (row, col) => (row === 1 || col === 7 ? 'outside_source' : -col))
  const window = { grid: coarse, row: 0, col: 2, rows: 5, cols: 10 }

  it('keeps cells where all have a value and counts every other under its first lack', async () => {
    const table = await rowsFromRaster({ target, predictors: [ndvi, slope], grid: coarse, window, day })
    expect(table.excluded).toEqual({
      'target:no_data': 5,
      'target:masked': 9,
      'NDVI:masked': 9,
      'slope:outside_source': 3,
    })
    expect(table.target.length + sum(table.excluded)).toBe(50)
    table.places.forEach((name, i) => {
      const [, row, col] = /^r(\d+)c(\d+)$/.exec(name)!.map(Number)
      expect(table.place[i]).toBe(i)
      expect(table.target[i]).toBe(Math.fround(row + col / 100))
      expect([table.columns[0][i], table.columns[1][i]]).toEqual([row * 1000 + col, -col])
      expect([table.x[i], table.y[i]]).toEqual([600_500 + col * 1000, 5_699_500 - row * 1000])
      expect(table.day[i]).toBe(dayNumber(day))
    })
    expect(table.placeKind).toBe('cell')
  })

  it('gives positions in the CRS asked for', async () => {
    const table = await rowsFromRaster({ target, predictors: [ndvi], grid: coarse, window, day, crs: 'EPSG:4326' })
    const plain = await rowsFromRaster({ target, predictors: [ndvi], grid: coarse, window, day })
    const [x, y] = [plain.x.slice(), plain.y.slice()]
    transformPoints('EPSG:32631', 'EPSG:4326', x, y)
    expect([table.x, table.y, table.crs]).toEqual([x, y, 'EPSG:4326'])
  })

  it('does not read predictors on a day without target', async () => {
    const cloudy = fieldOf('sm', [day], () => 'no_scene')
    const costly = fieldOf('NDVI', 'any', () => 1)
    const table = await rowsFromRaster({ target: cloudy, predictors: [costly], grid: coarse, window, day })
    expect(table.excluded).toEqual({ 'target:no_scene': 50 })
    expect([table.target.length, costly.reads.length, table.predictors]).toEqual([0, 0, ['NDVI']])
  })

  it('cut into windows and joined, gives the same table as in one piece', async () => {
    const cut = (rows: number[], height: number) =>
      Promise.all(
        rows.map((row) =>
          rowsFromRaster({
            target,
            predictors: [ndvi, slope],
            grid: coarse,
            window: { ...window, row, rows: height },
            day,
          }),
        ),
      )
    const whole = joinSamples(await cut([0], 20), { maxRows: 1e6, seed: 1 })
    const pieces = joinSamples(await cut([15, 5, 0, 10], 5), { maxRows: 1e6, seed: 1 })
    expect(encodeSamples(pieces)).toEqual(encodeSamples(whole))
  })
})

describe('rowsFromStations', () => {
  const fine: Grid = { crs: 'EPSG:32631', transform: [600_000, 10, 0, 5_700_000, 0, -10], rows: 300, cols: 400 }
  const days = daysOf({ from: '2018-07-01' as Day, to: '2018-07-10' as Day })
  const station = (id: string, x: number | null, y: number | null): Station => ({ id, name: id, x, y, elevation: null })
  const stations = [
    station('a', 600_005, 5_699_995), // cell 0, 0
    station('b', 600_010, 5_699_990), // on the corner: cell 1, 1
    station('twin', 600_012, 5_699_981), // in the cell of b
    station('far', 603_991, 5_697_009), // cell 299, 399
    station('west', 599_999, 5_699_995),
    station('homeless', null, null),
  ]
  const values = Float64Array.from({ length: stations.length * days.length }, (_, i) => i / 1000)
  values[0 * 10 + 4] = NaN
  values[3 * 10 + 9] = NaN
  const table: DailyTable = {
    set: 'test',
    variable: 'sm',
    unit: 'm3 m-3',
    depth: [0, 0.05],
    crs: 'EPSG:32631',
    stations,
    days,
    values,
    notes: [],
  }
  const twi = fieldOf('twi', 'static', (row, col) => (row === 299 ? col : row * 10 + col))
  const rain = fieldOf('rain', 'any', (_row, _col, on) => (on === days[2] ? 'no_observation' : dayNumber(on)))
  const ndvi = fieldOf('ndvi', days, (row, col, on) =>
    on === days[3] && row === 1 ? 'masked' : row + col / 1000 + dayNumber(on),
  )
  const predictors = [ndvi, twi, rain]

  it('takes the fine cell that contains the station, day by day', async () => {
    const rows = await rowsFromStations({ table, predictors, fineGrid: fine, days })
    const cellOf: Record<string, [number, number]> = { a: [0, 0], b: [1, 1], twin: [1, 1], far: [299, 399] }
    for (let i = 0; i < rows.target.length; i++) {
      const name = rows.places[rows.place[i]]
      const [row, col] = cellOf[name]
      const number = stations.findIndex((one) => one.id === name)
      expect(rows.target[i]).toBe(values[number * 10 + (rows.day[i] - dayNumber(days[0]))])
      expect(rows.columns.map((column) => column[i])).toEqual([
        Math.fround(row + col / 1000 + rows.day[i]),
        row === 299 ? col : row * 10 + col,
        rows.day[i],
      ])
      expect([rows.x[i], rows.y[i]]).toEqual([stations[number].x, stations[number].y])
      expect(rows.cells![rows.place[i]]).toBe(row * 400 + col)
    }
    expect(rows.excluded).toEqual({
      'place:outside_grid': 10,
      'place:unknown': 10,
      'target:no_observation': 2,
      'ndvi:masked': 2,
      'rain:no_observation': 4,
    })
    expect(rows.target.length + sum(rows.excluded)).toBe(60)
  })

  it('reads static predictors once, and close stations together', async () => {
    const [fixed, moving] = [fieldOf('twi', 'static', () => 1), fieldOf('ndvi', 'any', () => 1)]
    await rowsFromStations({ table, predictors: [fixed, moving], fineGrid: fine, days })
    expect(fixed.reads.map(({ window }) => [window.row, window.col, window.rows, window.cols])).toEqual([
      [0, 0, 2, 2],
      [299, 399, 1, 1],
    ])
    expect(moving.reads.length).toBe(10 + 9)
  })

  it('counts the first lack in the order of the predictors, static or not', async () => {
    const lacks = (name: string, times: 'static' | 'any') => fieldOf(name, times, () => 'no_data')
    const first = async (...fields: ReturnType<typeof lacks>[]) =>
      Object.keys((await rowsFromStations({ table, predictors: fields, fineGrid: fine, days: [days[0]] })).excluded)
    expect(await first(lacks('s', 'static'), lacks('m', 'any'))).toContain('s:no_data')
    expect(await first(lacks('m', 'any'), lacks('s', 'static'))).toContain('m:no_data')
  })

  it('month by month and joined, gives the same table as in one piece', async () => {
    const take = (some: Day[]) => rowsFromStations({ table, predictors, fineGrid: fine, days: some })
    const join = (parts: SampleTable[]) => encodeSamples(joinSamples(parts, { maxRows: 1e6, seed: 1 }))
    expect(join([await take(days.slice(6)), await take(days.slice(0, 6))])).toEqual(join([await take(days)]))
  })

  it('finds stations of another CRS', async () => {
    const x = Float64Array.from(stations.slice(0, 4), (one) => one.x!)
    const y = Float64Array.from(stations.slice(0, 4), (one) => one.y!)
    transformPoints('EPSG:32631', 'EPSG:4326', x, y)
    const lonLat = stations.slice(0, 4).map((one, i) => ({ ...one, x: x[i], y: y[i] }))
    const geographic = { ...table, crs: 'EPSG:4326', stations: [lonLat[0], lonLat[3]], values: values.slice(0, 20) }
    const rows = await rowsFromStations({ table: geographic, predictors: [twi], fineGrid: fine, days })
    expect([...rows.cells!]).toEqual([0, 299 * 400 + 399])
    expect(rows.x[0]).toBeCloseTo(600_005, 4)
  })

  it('has no rows, only reasons, for a table without places or days it does not know', async () => {
    const placeless = await rowsFromStations({ table: { ...table, crs: '' }, predictors, fineGrid: fine, days })
    expect(placeless.excluded).toEqual({ 'place:unknown': 60 })
    const later = await rowsFromStations({ table, predictors, fineGrid: fine, days: ['2020-01-01' as Day] })
    expect(later.excluded).toEqual({ 'place:outside_grid': 1, 'place:unknown': 1, 'target:no_observation': 4 })
  })

  it('stops on request', async () => {
    await expect(
      rowsFromStations({ table, predictors, fineGrid: fine, days, signal: AbortSignal.abort() }),
    ).rejects.toThrow(/abort/i)
  })
})
