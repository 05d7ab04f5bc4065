import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readStationTable, toDaily } from '../../../main/engine/stations/index.ts'
import type { StationTableOptions } from '../../../main/engine/stations/index.ts'
import { refusalOf, rowsOf, tableReader } from './station-table-steps.ts'

const { read, folder } = tableReader()

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
    expect((await refusalOf(readStationTable(join(folder(), 'absent.csv')))).code).toBe('not_found')
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

describe('places', () => {
  const table = 'station,date,sm\nA,2020-01-01,0.1\nB,2020-01-01,0.2\n'
  const listed = async (list: string, options: StationTableOptions = {}) => {
    const stationsFile = join(folder(), 'stations.csv')
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
    const inside = join(folder(), 'native')
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
