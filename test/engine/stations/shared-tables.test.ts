import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { expect, it } from 'vitest'
import {
  describeStationFile,
  formatStationDescription,
  readStationTable,
  toDaily,
} from '../../../main/engine/stations/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'

type Row = Record<string, string>
const plainRows = (file: string): Row[] => parse(readFileSync(sharedData(file)), { columns: true }) as Row[]
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Daily means by ten plain lines: of every station and date, the numbers of a column. */
function plainDaily(rows: Row[], column: string, idOf: (row: Row) => string, divisor = 1): Map<string, number> {
  const groups = new Map<string, number[]>()
  for (const row of rows) {
    if (row[column] === '') continue
    const key = `${idOf(row)} ${row.date}`
    groups.set(key, [...(groups.get(key) ?? []), Number(row[column]) / divisor])
  }
  return new Map([...groups].map(([key, values]) => [key, mean(values)]))
}

function valuesOf(table: ReturnType<typeof toDaily>): Map<string, number> {
  const values = new Map<string, number>()
  table.stations.forEach((station, s) =>
    table.days.forEach((day, d) => {
      const value = table.values[s * table.days.length + d]
      if (!Number.isNaN(value)) values.set(`${station.id} ${day}`, value)
    }),
  )
  return values
}

function expectSame(found: Map<string, number>, expected: Map<string, number>): void {
  expect(found.size).toBe(expected.size)
  let worst = 0
  for (const [key, value] of expected)
    worst = Math.max(worst, Math.abs((found.get(key) ?? Number.POSITIVE_INFINITY) - value))
  expect(worst).toBeLessThan(1e-12)
}

describeWithSharedData('real tables equal a plain reading', () => {
  it('Cook farm: long by depth, places from a list in metres', async () => {
    const { set, observations } = await readStationTable(sharedData('cookfarm/vw_daily.csv'), {
      stationsFile: sharedData('cookfarm/stations.csv'),
      crs: 'EPSG:26911',
    })
    const rows = plainRows('cookfarm/vw_daily.csv')
    for (const depth of [0.3, 1.5]) {
      const table = toDaily(set, observations, { variable: 'vw', depth: [depth, depth] })
      expectSame(
        valuesOf(table),
        plainDaily(
          rows.filter((row) => Number(row.depth_m) === depth),
          'vw',
          (row) => row.station,
        ),
      )
      expect(table).toMatchObject({ unit: 'm3 m-3', crs: 'EPSG:26911', days: expect.arrayContaining(['2012-09-30']) })
    }
    expect(() => toDaily(set, observations, { variable: 'vw' })).toThrow(/0\.3 m.*0\.6 m.*1\.5 m/)
    expect(set.stations[0]).toMatchObject({ id: 'CAF007', x: 493510.72638, y: 5180568.27291 })
  })

  it('Cook and Harford farm weather: one station for all', async () => {
    for (const file of ['cookfarm/weather_daily.csv', 'harford_farm/weather_daily.csv']) {
      const { set, observations } = await readStationTable(sharedData(file))
      expect(set.stations.map((station) => station.id)).toEqual(['all'])
      for (const [variable, column] of [
        ['precip', 'precip_mm'],
        ['tmin', 'tmin_c'],
      ])
        expectSame(
          valuesOf(toDaily(set, observations, { variable })),
          plainDaily(plainRows(file), column, () => 'all'),
        )
    }
  })

  it('Cook farm readings, gzip', async () => {
    const { set, observations } = await readStationTable(sharedData('cookfarm/readings_gsif_daily.csv.gz'), {
      columns: { values: [{ column: 'vw_d1', variable: 'vw', depth: [0.3, 0.3], unit: 'm3 m-3' }] },
    })
    expect([set.stations.length, observations.value.length]).toEqual([32, 14751])
  })

  it('Raam: wide by depth', async () => {
    const { set, observations } = await readStationTable(sharedData('raam/daily.csv'), {
      stationsFile: sharedData('raam/stations.csv'),
    })
    const rows = plainRows('raam/daily.csv')
    for (const depth of [5, 80]) {
      const table = toDaily(set, observations, { variable: 'vwc', depth: [depth / 100, depth / 100] })
      expectSame(
        valuesOf(table),
        plainDaily(rows, `vwc_${depth}cm`, (row) => row.station),
      )
    }
    expect(set.stations).toHaveLength(11)
  })

  it('Raam: native files of one station each become the published daily means', async () => {
    const { set, observations } = await readStationTable(sharedData('raam/native_15min'), {
      stationsFile: sharedData('raam/stations.csv'),
    })
    expect(set.stations.map((station) => station.id)).toEqual(['RM_SM_01', 'RM_SM_05'])
    expect(set.daily.minCount).toBe(72)
    const published = new Map(plainRows('raam/daily.csv').map((row) => [`${row.station} ${row.date}`, row]))
    let compared = 0
    for (const depth of [5, 10, 20, 40, 80]) {
      const table = toDaily(set, observations, { variable: 'VWC', depth: [depth / 100, depth / 100] })
      // The last day of each file is cut at 10 000 records.
      const cut = ['RM_SM_01 2016-07-18', 'RM_SM_05 2016-11-01']
      for (const [key, value] of valuesOf(table)) {
        if (cut.includes(key)) continue
        expect(Math.abs(value - Number(published.get(key)?.[`vwc_${depth}cm`]))).toBeLessThan(0.000051)
        compared++
      }
    }
    expect(compared).toBeGreaterThan(900)
  })

  it('TxSON: the depth is said by the user', async () => {
    const { set, observations } = await readStationTable(sharedData('txson_dense/vwc_5cm_daily.csv'), {
      stationsFile: sharedData('txson_dense/stations.csv'),
      depth: [0.05, 0.05],
    })
    const table = toDaily(set, observations, { variable: 'vwc' })
    expect(table.depth).toEqual([0.05, 0.05])
    expect(set.stations.every((station) => station.x !== null && station.elevation !== null)).toBe(true)
    expectSame(
      valuesOf(table),
      plainDaily(plainRows('txson_dense/vwc_5cm_daily.csv'), 'vwc', (row) => row.station),
    )
  })

  it('Hawaii: long by variable name, two stations of one name in two networks, two sensors at one depth', async () => {
    const { set, observations } = await readStationTable(sharedData('hawaii_multisource/ismn_daily.csv'), {
      stationsFile: sharedData('hawaii_multisource/stations.csv'),
    })
    const rows = plainRows('hawaii_multisource/ismn_daily.csv')
    const ids = set.stations.map((station) => station.id)
    expect(ids).toEqual(expect.arrayContaining(['COSMOS/Silver_Sword', 'SCAN/Silver_Sword']))
    for (const [variable, from, to] of [
      ['sm', 0.05, 0.05],
      ['ts', 0.05, 0.05],
      ['sm', 0, 0.17],
    ] as const) {
      const table = toDaily(set, observations, { variable, depth: [from, to] })
      const wanted = rows.filter((row) => row.variable === variable && Number(row.depth_to_m) === to)
      expectSame(
        valuesOf(table),
        plainDaily(wanted, 'value', (row) => `${row.network}/${row.station}`),
      )
    }
  })

  it('Hawaii: satellite points are stations when asked; percent of saturation stays percent', async () => {
    const smap = sharedData('hawaii_multisource/smap_l3_v9_36km_points.csv')
    await expect(readStationTable(smap)).rejects.toThrow('placesAreStations')
    expect((await readStationTable(smap, { placesAreStations: true })).set.stations).toHaveLength(11)
    const ascat = await readStationTable(sharedData('hawaii_multisource/ascat_h119_12km_points.csv'))
    expect(ascat.set.variables[0]).toEqual({ name: 'sm', unit: '%', depth: null })
  })

  it('Kona: surveys in percent, every place a station, doubled readings averaged', async () => {
    const file = 'kona_field_surveys/surveys.csv'
    await expect(readStationTable(sharedData(file))).rejects.toThrow('placesAreStations')
    const { set, observations } = await readStationTable(sharedData(file), {
      placesAreStations: true,
      depth: [0, 0.12],
    })
    const table = toDaily(set, observations, { variable: 'vwc' })
    expect(table.days).toEqual(['2019-07-08', '2019-07-12', '2019-07-15', '2019-07-22', '2019-07-29'])
    expect(table.unit).toBe('m3 m-3')
    const rows = plainRows(file)
    const expected = plainDaily(rows, 'vwc_percent', (row) => `${row.lon} ${row.lat}`, 100)
    expectSame(valuesOf(table), expected)
    expect(set.notes.join()).toMatch(/repeated rows were kept once.*contradicting rows were averaged/)
  })

  it('Harford: two readings on a day are averaged and told; the CRS of the metres must be said', async () => {
    const file = sharedData('harford_farm/tdr_samples.csv')
    const degrees = await readStationTable(file)
    expect(degrees.set).toMatchObject({ crs: 'EPSG:4326' })
    expect(degrees.set.notes.join()).toContain('not used, because their CRS was not given')
    const metres = await readStationTable(file, { crs: 'EPSG:26918', columns: { values: ['vwc'] } })
    expect(metres.set).toMatchObject({ crs: 'EPSG:26918', stations: expect.objectContaining({ length: 61 }) })
    const table = toDaily(metres.set, metres.observations, { variable: 'vwc' })
    expect(table.values[0 * table.days.length + table.days.indexOf('2013-04-19' as never)]).toBeCloseTo(
      (0.2 + 0.5) / 2,
      12,
    )
    // One name is written with a blank behind it.
    expectSame(
      valuesOf(table),
      plainDaily(plainRows('harford_farm/tdr_samples.csv'), 'vwc', (row) => row.station.trim()),
    )
  })

  it('US ten-day table: periods are told, networks part the stations', async () => {
    const { set, observations } = await readStationTable(sharedData('us_s1s2_smap_10day/table.csv'))
    expect(set.stations).toHaveLength(83)
    expect(set.notes.join()).toContain('periods that end at "date_end"')
    const rows = plainRows('us_s1s2_smap_10day/table.csv').map((row) => ({ ...row, date: row.date_start }) as Row)
    const table = toDaily(set, observations, { variable: 'insitu_vwc' })
    expectSame(
      valuesOf(table),
      plainDaily(rows, 'insitu_vwc', (row) => `${row.network}/${row.station}`),
    )
  })
})

describeWithSharedData('describeStationFile', () => {
  it('tells a table, a list and an ISMN file for what they are', async () => {
    const table = await describeStationFile(sharedData('raam/daily.csv'))
    expect(table).toMatchObject({
      format: 'table',
      separator: 'comma',
      decimalMark: '.',
      rows: 3144,
      period: { from: '2016-04-06T00:00:00.000Z', to: '2017-01-31T00:00:00.000Z' },
      refusal: null,
    })
    expect(table.variables).toHaveLength(10)
    expect(table.observations + table.missing).toBe(3144 * 10)
    expect(formatStationDescription(table)).toContain('vwc, m3 m-3; at 0.05 m, 0.1 m')
    const list = await describeStationFile(sharedData('raam/stations.csv'))
    expect(list).toMatchObject({ format: 'station list', crs: 'EPSG:4326', rows: 11 })
    const ismn = await describeStationFile(sharedData('ismn_native/zip/header_values_made_here.zip'))
    expect(ismn).toMatchObject({ format: 'ISMN', missing: 0, flags: { G: 6514 } })
    expect(ismn.stations).toHaveLength(3)
  })

  it('shows the question of a table it cannot read as it is', async () => {
    const kona = await describeStationFile(sharedData('kona_field_surveys/surveys.csv'))
    expect(kona.refusal).toContain('placesAreStations')
    expect(kona.rows).toBe(1231)
    expect((await describeStationFile(sharedData('cookfarm/soil_profiles.csv'))).refusal).toContain('CRS')
  })

  it.each([
    'kriging_reference/meuse/a2p_point_variogram.csv',
    'sentinel2_optram_lachish/coefficients_lin.csv',
    'kriging_reference/meuse/meuse_points.csv',
    'ismn_native/header_values/RISMA/MB3/RISMA_RISMA_MB3_static_variables.csv',
    'ismn_native/ceop_sep/Metadata.xml',
    'ismn_native/malformed/mal_formed_file.txt',
    'ismn_native/ceop_sep/COSMOS/ARM-1/COSMOS_COSMOS_ARM-1_static_variables.csv',
    'cgls_1km_pyrenees/coarse_swi_005_2017-06-01.tif',
    'format_samples/improper/invalid-dataset-format.zip',
    'raam/area.geojson',
  ])('refuses %s', async (file) => {
    await expect(describeStationFile(sharedData(file))).rejects.toMatchObject({ code: 'unsupported_format' })
  })
})
