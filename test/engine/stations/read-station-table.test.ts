import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Observations, StationSet } from '../../../main/contract/index.ts'
import { LoamError } from '../../../main/contract/index.ts'
import { readStationTable, toDaily } from '../../../main/engine/stations/index.ts'
import type { StationTableOptions } from '../../../main/engine/stations/index.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-stations-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(content: string | Buffer, options: StationTableOptions = {}, name = 'table.csv') {
  const path = join(folder, name)
  await writeFile(path, content)
  return readStationTable(path, options)
}

/** Observations as rows of text, to compare at a glance. */
function rowsOf({ set, observations }: { set: StationSet; observations: Observations }): string[] {
  return [...observations.value].map((value, i) => {
    const { name, depth } = set.variables[observations.variable[i]]
    const time = new Date(observations.observedAtMs[i]).toISOString().slice(0, 16).replace('T00:00', '')
    const flag = observations.flagTexts[observations.flag[i]]
    return [set.stations[observations.station[i]].id, name, ...(depth ?? []), time, value, flag].join(' ').trim()
  })
}

async function refusalOf(promise: Promise<unknown>): Promise<LoamError> {
  const fault = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(fault).toBeInstanceOf(LoamError)
  return fault as LoamError
}

describe('text', () => {
  const expected = [
    'A vwc 0.05 0.05 2020-01-01 0.25',
    'A vwc 0.05 0.05 2020-01-02 0.5',
    'B vwc 0.05 0.05 2020-01-01 0.125',
  ]
  const table = (separator: string, mark: string): string =>
    [
      ['station', 'date', 'vwc_5cm'],
      ['B', '2020-01-01', `0${mark}125`],
      ['A', '2020-01-02', `0${mark}5`],
      ['A', '2020-01-01', `0${mark}25`],
    ]
      .map((row) => row.join(separator))
      .join('\n')

  it.each([
    [',', '.', 'comma-separated, decimal point'],
    [';', ',', 'semicolon-separated, decimal comma'],
    [';', '.', 'semicolon-separated, decimal point'],
    ['\t', ',', 'tab-separated, decimal comma'],
    ['|', '.', 'bar-separated, decimal point'],
  ])('is understood with %j and %j', async (separator, mark, note) => {
    const result = await read(table(separator, mark))
    expect(rowsOf(result).sort()).toEqual(expected)
    expect(result.set.notes.join()).toContain(note)
    // sorted by station, variable, time whatever the order of the rows
    expect([...result.observations.station]).toEqual([0, 1, 1])
    expect(result.set.stations.map((station) => station.id)).toEqual(['B', 'A'])
  })

  it('has a byte order mark, quotes, comments, CRLF or CR, empty lines and empty cells at the end', async () => {
    const mess =
      '\ufeff# logger 7\r\n"station";"date";"vwc_5cm"\r\n\r\n"B";"2020-01-01";"0,125";\r\n# pause\r\nA;2020-01-02;0,5\r\nA;2020-01-01;0,25\r\n'
    expect(rowsOf(await read(mess)).sort()).toEqual(expected)
    expect(rowsOf(await read(table(',', '.').replaceAll('\n', '\r'))).sort()).toEqual(expected)
  })

  it('is gzip, by its bytes and not its name', async () => {
    expect(rowsOf(await read(gzipSync(table(',', '.')), {}, 'plain-name.csv')).sort()).toEqual(expected)
  })

  it('is latin1 or UTF-16 where it says so or cannot be UTF-8, even after a long ASCII beginning', async () => {
    const latin = Buffer.from('station;date;vwc_5cm\nMünster;2020-01-01;0,1\n', 'latin1')
    expect((await read(latin)).set.stations[0].id).toBe('Münster')
    const long = Array.from(
      { length: 20_000 },
      (_, i) => `A;${new Date(i * 86_400_000).toISOString().slice(0, 10)};0,1`,
    )
    const late = Buffer.from(['station;date;vwc_5cm', ...long, 'Köln;2020-01-01;0,2'].join('\n'), 'latin1')
    expect((await read(late)).set.stations.map((station) => station.id)).toEqual(['A', 'Köln'])
    const wide = Buffer.from('\ufeffstation,date,vwc_5cm\nŁódź,2020-01-01,0.1\n', 'utf16le')
    expect((await read(wide)).set.stations[0].id).toBe('Łódź')
  })

  it('is refused when it is no table', async () => {
    for (const content of ['', 'no good data here', 'a,b\n', '\u0000\u0001\u0002', '2020-01-01,0.1\n2020-01-02,0.2\n'])
      expect((await refusalOf(read(content))).code).toBe('unsupported_format')
    expect((await refusalOf(readStationTable(join(folder, 'absent.csv')))).code).toBe('not_found')
  })
})

describe('dates', () => {
  const withDates = (...dates: string[]): string =>
    ['station,date,sm', ...dates.map((date, i) => `A,"${date}",0.${i + 1}`)].join('\n')
  const times = async (...dates: string[]): Promise<string[]> => {
    const { observations } = await read(withDates(...dates))
    return [...observations.observedAtMs].map((ms) => new Date(ms).toISOString().slice(0, 16))
  }

  it.each([
    ['2018-07-04', '2018-07-04T00:00'],
    ['2018/7/4 13:05', '2018-07-04T13:05'],
    ['2018-07-04T13:05:59.5Z', '2018-07-04T13:05'],
    ['2018-07-04T13:05:00+02:00', '2018-07-04T11:05'],
    ['2018-07-04 24:00', '2018-07-05T00:00'],
    ['05-Apr-16 10:15:00', '2016-04-05T10:15'],
    ['5 April 2016', '2016-04-05T00:00'],
    ['25/12/2018', '2018-12-25T00:00'],
    ['12/25/18 1:05 PM', '2018-12-25T13:05'],
    ['04.07.2018', '2018-07-04T00:00'],
    ['20180704', '2018-07-04T00:00'],
    ['201807041305', '2018-07-04T13:05'],
    ['2018185', '2018-07-04T00:00'],
    ['2018 185', '2018-07-04T00:00'],
    ['1530709500', '2018-07-04T13:05'],
    ['1530709500000', '2018-07-04T13:05'],
  ])('%s is %s', async (text, expected) => expect(await times(text)).toEqual([expected]))

  it('may leave the time out at midnight', async () => {
    expect(await times('05-Apr-16 23:45:00', '06-Apr-16', '06-Apr-16 00:15:00')).toEqual([
      '2016-04-05T23:45',
      '2016-04-06T00:00',
      '2016-04-06T00:15',
    ])
  })

  it('are asked about while day and month cannot be told, decided by any later row', async () => {
    const fault = await refusalOf(read(withDates('03/04/2018', '05/06/2018')))
    expect(fault).toMatchObject({ code: 'bad_table', details: { question: 'dateOrder', column: 'date' } })
    expect(fault.message).toContain('03/04/2018')
    const { observations } = await read(withDates('03/04/2018', '05/06/2018'), { dateOrder: 'monthFirst' })
    expect(new Date(observations.observedAtMs[0]).toISOString()).toContain('2018-03-04')
    expect(await times('03/04/2018', '13/04/2018')).toEqual(['2018-04-03T00:00', '2018-04-13T00:00'])
    expect(await times('03/04/2018', '04/13/2018')).toEqual(['2018-03-04T00:00', '2018-04-13T00:00'])
  })

  it('that do not exist or mix forms are refused with their line', async () => {
    for (const bad of ['2019-02-29', '2018-13-01', 'yesterday', '04/07/2018'])
      expect((await refusalOf(read(withDates('2018-07-04', bad)))).details).toMatchObject({ line: 3, column: 'date' })
  })

  it('may stand in several columns', async () => {
    for (const table of [
      'station,year,doy,sm\nA,2018,185,0.1',
      'station,year,month,day,sm\nA,2018,7,4,0.1',
      'station,date,time,sm\nA,2018-07-04,00:00,0.1',
      'station,date,hour,sm\nA,2018-07-04,0,0.1',
    ])
      expect(rowsOf(await read(table))).toEqual(['A sm 2018-07-04 0.1'])
    expect(rowsOf(await read('station,date,hour,sm\nA,2018-07-04,13,0.1'))).toEqual(['A sm 2018-07-04T13:00 0.1'])
  })

  it('with a time and no zone are UTC with a doubt, or local as told; plain dates have no zone', async () => {
    const local = 'station,time,sm\nA,2020-07-01 01:00,0.1\nA,2020-07-01 02:00,0.2\nA,2020-12-01 01:00,0.3'
    const utc = await read(local)
    expect(rowsOf(utc)[0]).toBe('A sm 2020-07-01T01:00 0.1')
    expect(utc.set.notes.join()).toContain('taken as UTC')
    const amsterdam = await read(local, { timeZone: 'Europe/Amsterdam' })
    expect(rowsOf(amsterdam)).toEqual(['A sm 2020-06-30T23:00 0.1', 'A sm 2020-07-01 0.2', 'A sm 2020-12-01 0.3'])
    expect(amsterdam.set.daily.timeZone).toBe('Europe/Amsterdam')
    const plain = await read('station,date,sm\nA,2020-07-01,0.1', { timeZone: 'America/Denver' })
    expect(
      toDaily(plain.set, plain.observations, { variable: 'sm', rule: { timeZone: 'America/Denver' } }).days,
    ).toEqual(['2020-07-01'])
    const midnights = await read('station,date,sm\nA,2020-07-01T00:00:00+02:00,0.1')
    expect(rowsOf(midnights)).toEqual(['A sm 2020-07-01 0.1'])
  })
})

describe('columns', () => {
  it('of one station carry depth and unit in their headings; the file names the station', async () => {
    const native =
      'Measurement Time,5 cm VWC [m3/m3],5 cm Temp [oC],80 cm VWC [m3/m3]\n05-Apr-16 10:15:00,0.28,13.4,NaN\n06-Apr-16,0.33,-9999,0.31\n'
    const { set, observations } = await read(native, {}, 'RM_SM_01.csv')
    expect(set.stations).toEqual([{ id: 'RM_SM_01', name: 'RM_SM_01', x: null, y: null, elevation: null }])
    expect(set.variables).toEqual([
      { name: 'VWC', unit: 'm3 m-3', depth: [0.05, 0.05] },
      { name: 'Temp', unit: 'degC', depth: [0.05, 0.05] },
      { name: 'VWC', unit: 'm3 m-3', depth: [0.8, 0.8] },
    ])
    expect(observations.value).toHaveLength(4)
    expect(set.notes.join()).toContain('2 cells say "no value"')
  })

  it('of depth, variable name, unit, sensor and flag make a long table', async () => {
    const long = [
      'network,station,variable,depth_from_cm,depth_to_cm,unit,sensor,date,value,flag',
      'N,A,sm,0,5,%,s1,2020-01-01,10,G',
      'N,A,sm,0,5,%,s2,2020-01-01,30,G',
      'N,A,ts,5,5,degC,s1,2020-01-01,4,D1',
      'N,B,sm,0,5,%,s9,2020-01-01,50,G',
    ].join('\n')
    const { set, observations } = await read(long, { unit: { sm: 'vol%' } })
    expect(rowsOf({ set, observations })).toEqual([
      'N/A sm 0 0.05 2020-01-01 0.1 G',
      'N/A sm 0 0.05 2020-01-01 0.3 G',
      'N/A ts 0.05 0.05 2020-01-01 4 D1',
      'N/B sm 0 0.05 2020-01-01 0.5 G',
    ])
    expect(set.variables).toHaveLength(3)
    const daily = toDaily(set, observations, { variable: 'sm' })
    expect([...daily.values]).toEqual([0.2, 0.5])
    expect(daily.notes?.join()).toContain('averaged at N/A')
  })

  it('of numbers beside a depth column are variables at the depth of their row', async () => {
    const { set, observations } = await read(
      'station,date,depth_m,vw,bld\nA,2020-01-01,0.3,0.2,1.4\nA,2020-01-01,0.6,0.25,1.5',
    )
    expect(rowsOf({ set, observations })).toEqual([
      'A vw 0.3 0.3 2020-01-01 0.2',
      'A bld 0.3 0.3 2020-01-01 1.4',
      'A vw 0.6 0.6 2020-01-01 0.25',
      'A bld 0.6 0.6 2020-01-01 1.5',
    ])
    expect(set.variables[0].unit).toBe('m3 m-3')
    const deep = await refusalOf(read('station,date,depth,vw\nA,2020-01-01,30,0.2'))
    expect(deep.details).toMatchObject({ line: 2, question: 'depthUnit' })
    const inches = await read('station,date,depth,vw\nA,2020-01-01,2,0.2', { depthUnit: 'in' })
    expect(inches.set.variables[0].depth).toEqual([0.0508, 0.0508])
  })

  it('of weather belong to the one station `all` without a place', async () => {
    const { set, observations } = await read('date,precip_mm,tmax_c,tmin_c\n2020-01-01,5.8,2.8,-3.3\n2020-01-02,,6.1,')
    expect(set.stations).toEqual([{ id: 'all', name: 'all', x: null, y: null, elevation: null }])
    expect(set.variables).toEqual([
      { name: 'precip', unit: 'mm', depth: null },
      { name: 'tmax', unit: 'degC', depth: null },
      { name: 'tmin', unit: 'degC', depth: null },
    ])
    expect(rowsOf({ set, observations })).toHaveLength(4)
    expect(toDaily(set, observations, { variable: 'tmax_c' }).values[1]).toBe(6.1)
  })

  it('can be named, and a wrong name is answered with the headings', async () => {
    const table = 'plek,wanneer,bodemvocht,rest\nA,2020-01-01,12,x1\n'
    const options: StationTableOptions = {
      columns: {
        station: 'plek',
        date: 'wanneer',
        values: [{ column: 'bodemvocht', variable: 'theta', unit: 'vol%', depth: [0, 0.05] }],
      },
    }
    expect(rowsOf(await read(table, options))).toEqual(['A theta 0 0.05 2020-01-01 0.12'])
    const fault = await refusalOf(read(table, { columns: { station: 'site' } }))
    expect(fault).toMatchObject({ code: 'unknown_name', details: { column: 'site' } })
    expect(fault.message).toContain('"plek", "wanneer"')
  })

  it('with the same heading are sensors beside each other', async () => {
    const { set, observations } = await read('station,date,5 cm VWC,5 cm VWC\nA,2020-01-01,0.1,0.3')
    expect([...toDaily(set, observations, { variable: 'VWC' }).values]).toEqual([0.2])
  })
})

describe('units', () => {
  const table = (heading: string, ...values: number[]): string =>
    [`station,date,${heading}`, ...values.map((value, i) => `A,2020-01-0${i + 1},${value}`)].join('\n')

  it('in percent of volume become m3 m-3, in percent of who knows what stay', async () => {
    for (const [heading, unit, options] of [
      ['vwc_percent', 'm3 m-3', {}],
      ['vwc [%]', 'm3 m-3', {}],
      ['sm (vol%)', 'm3 m-3', {}],
      ['sm_percent', '%', {}],
      ['sm_percent', 'm3 m-3', { unit: 'vol%' }],
      ['probe_reading', '', {}],
      ['probe_reading', 'm3 m-3', { unit: { probe_reading: 'vol%' } }],
    ] as const) {
      const { set, observations } = await read(table(heading, 25), options)
      expect([heading, set.variables[0].unit]).toEqual([heading, unit])
      expect(observations.value[0]).toBe(unit === 'm3 m-3' ? 0.25 : 25)
    }
  })

  it('that are not stated are assumed only where the values fit, and said', async () => {
    const fits = await read(table('vwc', 0.2, 0.4))
    expect(fits.set.variables[0].unit).toBe('m3 m-3')
    expect(fits.set.notes.join()).toContain('taken as m3 m-3: not stated')
    const percent = await read(table('vwc', 20, 40))
    expect(percent.set.variables[0].unit).toBe('')
    expect(percent.set.notes.join()).toContain('values up to 40 and no unit: percent?')
  })

  it('outside what soil can hold are kept and told', async () => {
    const { set, observations } = await read(table('vwc [m3/m3]', 0.2, -0.1, 1.2))
    expect(observations.value).toHaveLength(3)
    expect(set.notes.join()).toContain('2 values of vwc without a depth are outside 0–1 m3 m-3, such as -0.1')
  })
})

describe('places', () => {
  const table = 'station,date,sm\nA,2020-01-01,0.1\nB,2020-01-01,0.2\n'
  const listed = async (list: string, options: StationTableOptions = {}) => {
    const stationsFile = join(folder, 'stations.csv')
    await writeFile(stationsFile, list)
    return read(table, { stationsFile, ...options })
  }

  it('need both columns when one is named', async () => {
    const fault = await refusalOf(read('station,date,sm,e,n\nA,2020-01-01,0.1,1,2\n', { columns: { x: 'e' } }))
    expect(fault).toMatchObject({ code: 'bad_table' })
    expect(fault.message).toContain('that of y was not')
  })

  it('come from a list, in degrees or in the CRS given', async () => {
    const list = 'station,easting,northing,lon,lat,elev_m\nB,2,20,-2,50,7\nA,1,10,-1,51,\nC,3,30,-3,52,9\n'
    const degrees = await listed(list)
    expect(degrees.set.crs).toBe('EPSG:4326')
    expect(degrees.set.stations).toEqual([
      { id: 'A', name: 'A', x: -1, y: 51, elevation: null },
      { id: 'B', name: 'B', x: -2, y: 50, elevation: 7 },
    ])
    expect(degrees.set.notes.join()).toContain('1 stations of stations.csv have no observation')
    expect(degrees.set.sources).toHaveLength(2)
    const metres = await listed(list, { crs: 'epsg:26911' })
    expect(metres.set).toMatchObject({
      crs: 'EPSG:26911',
      stations: [
        { x: 1, y: 10 },
        { x: 2, y: 20 },
      ],
    })
  })

  it('in a list are read with semicolons and decimal commas', async () => {
    expect((await listed('station;lon;lat\nA;5,73;51,7\nB;5,74;51,8\n')).set.stations[0]).toMatchObject({
      x: 5.73,
      y: 51.7,
    })
  })

  it('are refused without a CRS, for other stations, twice, or off the Earth', async () => {
    expect((await refusalOf(listed('station,x,y\nA,1,2\nB,3,4\n'))).details).toMatchObject({ question: 'crs' })
    expect((await refusalOf(listed('station,lon,lat\nP,1,2\nQ,3,4\n'))).message).toContain('lists none of the stations')
    expect((await refusalOf(listed('station,lon,lat\nA,1,2\nA,3,4\n'))).details).toMatchObject({ line: 3 })
    expect((await refusalOf(listed('station,lon,lat\nA,1,2\nB,3,95\n'))).message).toContain('not on Earth')
    expect((await refusalOf(listed('name,colour\nA,red\n'))).code).toBe('unsupported_format')
    const partial = await listed('station,lon,lat\nA,1,2\n')
    expect(partial.set.stations[1]).toMatchObject({ id: 'B', x: null, y: null })
    expect(partial.set.notes.join()).toContain('without a place: B')
  })

  it('in the rows must stay where they are, or be stations themselves', async () => {
    const walk =
      'date,lon,lat,vwc_percent\n2020-01-01,-96.1,39.1,20\n2020-01-01,-96.2,39.1,30\n2020-01-02,-96.1,39.1,10\n'
    const fault = await refusalOf(read(walk))
    expect(fault).toMatchObject({ code: 'bad_table' })
    expect(fault.message).toContain('placesAreStations')
    const { set, observations } = await read(walk, { placesAreStations: true })
    expect(set.stations.map((station) => station.id)).toEqual(['-96.1 39.1', '-96.2 39.1'])
    expect([...observations.value]).toEqual([0.2, 0.1, 0.3])
    const shaky = 'station,date,lon,lat,sm\nA,2020-01-01,-96.1,39.1,0.2\nA,2020-01-02,-96.10001,39.1,0.3\n'
    expect((await read(shaky)).set.notes.join()).toContain('places differ a little')
  })
})

describe('several files', () => {
  it('are one set, their stations named by the part of the name that differs, or by the list', async () => {
    const inside = join(folder, 'native')
    await mkdir(inside)
    for (const [station, value] of [
      ['RM_01', 0.1],
      ['RM_02', 0.2],
    ])
      await writeFile(
        join(inside, `${station}_calibrated.csv`),
        `time,5 cm VWC [m3/m3]\n2020-01-01 01:00,${value}\n2020-01-01 02:00,${value}\n`,
      )
    await writeFile(join(inside, 'places.csv'), 'station,lon,lat\nRM_01,5,52\nRM_02,6,53\n')
    const { set, observations } = await readStationTable(inside, { stationsFile: join(inside, 'places.csv') })
    expect(set.stations.map(({ id, x }) => [id, x])).toEqual([
      ['RM_01', 5],
      ['RM_02', 6],
    ])
    expect(observations.value).toHaveLength(4)
    expect(set.name).toBe('native')
    expect(set.sources.map((source) => basename(source.path))).toEqual([
      'RM_01_calibrated.csv',
      'RM_02_calibrated.csv',
      'places.csv',
    ])
    const unlisted = await readStationTable(['RM_01', 'RM_02'].map((name) => join(inside, `${name}_calibrated.csv`)))
    expect(unlisted.set.stations.map((station) => station.id)).toEqual(['RM_01', 'RM_02'])
  })
})

describe('faults in rows', () => {
  it('are named with line and column', async () => {
    expect((await refusalOf(read('station,date,sm\nA,2020-01-01,0.1\nA,2020-01-02\n'))).details).toMatchObject({
      line: 3,
      found: 2,
      needed: 3,
    })
    expect((await refusalOf(read('station,date,vwc\nA,2020-01-01,0.1\nA,2020-01-02,wet\n'))).details).toMatchObject({
      line: 3,
      column: 'vwc',
      found: 'wet',
    })
    expect((await refusalOf(read('station,date,sm\nA,2020-01-01,0.1\n,2020-01-02,0.2\n'))).details).toMatchObject({
      line: 3,
    })
    expect((await refusalOf(read('station,date,sm\nA,2020-01-01,"0.1\nA,2020-01-02,0.2\n'))).code).toBe('bad_table')
    const both = await refusalOf(read('station;date;sm;ts\nA;2020-01-01;0,1;3.5\n'))
    expect(both.message).toMatch(/decimal commas.*decimal points/)
  })

  it('can be texts that mean no value', async () => {
    const { observations } = await read('station,date,vwc\nA,2020-01-01,0.1\nA,2020-01-02,T\nA,2020-01-03,-999.99\n', {
      missing: ['T'],
    })
    expect([...observations.value]).toEqual([0.1])
  })

  it('that repeat are kept once, that contradict averaged when few, refused when many', async () => {
    const days = Array.from(
      { length: 40 },
      (_, i) => `A,${new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10)},0.2`,
    )
    const few = await read(['station,date,sm', ...days, days[0], 'A,2020-01-02,0.4'].join('\n'))
    expect(few.observations.value).toHaveLength(40)
    expect(few.observations.value[1]).toBeCloseTo(0.3, 12)
    expect(few.set.notes.join()).toMatch(/1 repeated rows.*1 times with contradicting rows were averaged: A 2020-01-02/)
    const many = ['station,date,sm', 'A,2020-01-01,0.1', 'A,2020-01-01,0.3', 'A,2020-01-02,0.1'].join('\n')
    expect((await refusalOf(read(many))).message).toContain('--duplicates mean')
    expect([...(await read(many, { duplicates: 'mean' })).observations.value]).toEqual([0.2, 0.1])
  })

  it('with flags that no value has are refused with the flags there are', async () => {
    const daily = { flags: ['G'] }
    const flagged = ['station,date,sm,flag', 'A,2020-01-01,0.1,M', 'A,2020-01-02,0.1,D'].join('\n')
    expect((await refusalOf(read(flagged, { daily }))).message).toContain('Its flags are "M", "D"')
    const plain = ['station,date,sm', 'A,2020-01-01,0.1'].join('\n')
    expect((await refusalOf(read(plain, { daily }))).message).toContain('have no flags')
    expect((await read(flagged.replace('M', 'G'), { daily })).set.daily.flags).toEqual(['G'])
  })

  it('cannot make a small file unpack without end', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024, `${'a'.repeat(5000)},b\n`))
    expect((await refusalOf(read(bomb, {}, 'bomb.csv.gz'))).code).toBe('unsafe_input')
  })
})

describe('the daily rule', () => {
  it('asks three quarters of a regular day', async () => {
    const hours = Array.from({ length: 96 }, (_, i) => `A,${new Date(Date.UTC(2020, 0, 1, i)).toISOString()},0.2`)
    const { set } = await read(['station,time_utc,sm', ...hours].join('\n'))
    expect(set.daily).toEqual({ statistic: 'mean', minCount: 18, flags: null, timeZone: 'UTC' })
    const own = await read(['station,time_utc,sm', ...hours].join('\n'), { daily: { minCount: 3, statistic: 'max' } })
    expect(own.set.daily).toMatchObject({ minCount: 3, statistic: 'max' })
  })
})
