import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoamError } from '../../../main/contract/index.ts'
import { placeStations, readIsmn, stationSummary, toDaily } from '../../../main/engine/stations/index.ts'
import { describeWithSharedData, sharedData } from '../../shared-data.ts'
import { makeZip } from './make-zip.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loam-ismn-'))
})
afterAll(() => rm(folder, { recursive: true }))

const header = 'NET NET Site_A 52.10000 5.20000 12.0 0.0500 0.0500 Probe X-1'
const rows = ['2020/01/01 00:00 0.100 G M', '2020/01/01 01:00 -9999 M M', '2020/01/01 02:00 0.300 D03,D05 OK, checked']
const fileName = (sensor: string, variable = 'sm'): string =>
  `NET_NET_Site-A_${variable}_0.050000_0.050000_${sensor}_20200101_20201231.stm`

async function put(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}

async function refusalOf(path: string): Promise<LoamError> {
  const fault = await readIsmn(path).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(fault).toBeInstanceOf(LoamError)
  return fault as LoamError
}

describe('readIsmn', () => {
  it.each(['\n', '\r\n', '\r'])('reads header and values with line ends %j', async (end) => {
    const path = await put(fileName('P'), [header, ...rows, ''].join(end))
    const { set, observations } = await readIsmn(path, { name: 'mine' })
    expect(set).toMatchObject({
      name: 'mine',
      crs: 'EPSG:4326',
      stations: [{ id: 'NET/Site_A', name: 'Site_A', x: 5.2, y: 52.1, elevation: 12 }],
      variables: [{ name: 'sm', unit: 'm3 m-3', depth: [0.05, 0.05] }],
    })
    expect([...observations.value]).toEqual([0.1, Number.NaN, 0.3])
    expect([...observations.flag].map((index) => observations.flagTexts[index])).toEqual(['G', 'M', 'D03,D05'])
    expect(set.daily.flags).toEqual(['G'])
  })

  it('reads CEOP lines by their actual time and the composite with two variables a line', async () => {
    const place = 'NET NET Site_A 52.10000 5.20000 12.00'
    const separate = await put(
      fileName('P', 'ts'),
      `2020/01/01 00:00 2020/01/01 00:07 ${place} 0.05 0.05 3.50 U M\n2020/01/01 01:00 2020/01/01 01:03 ${place} 0.05 0.05 -999.99 M\n`,
    )
    const one = await readIsmn(separate)
    expect(one.set.variables).toEqual([{ name: 'ts', unit: 'degC', depth: [0.05, 0.05] }])
    expect(new Date(one.observations.observedAtMs[0]).toISOString()).toBe('2020-01-01T00:07:00.000Z')
    expect([...one.observations.value]).toEqual([3.5, Number.NaN])
    expect(one.set.daily.flags).toEqual(['U'])
    const composite = await put(
      'NET_NET_SITE_20200101_20200201.stm',
      `2020/01/01 00:00 2020/01/01 00:00 ${place} - 0.05 11.00 U 0.2252 U\r2020/01/01 00:00 2020/01/01 00:00 ${place} - 0.20 -999.99 M 0.2462 U`,
    )
    const two = await readIsmn(composite)
    expect(two.set.variables.map(({ name, depth }) => [name, depth?.[0]])).toEqual([
      ['ts', 0.05],
      ['sm', 0.05],
      ['ts', 0.2],
      ['sm', 0.2],
    ])
    expect([...two.observations.value]).toEqual([11, 0.2252, Number.NaN, 0.2462])
  })

  it('keeps several sensors apart and averages them by day; other files are left alone', async () => {
    const inside = 'sensors'
    await put(`${inside}/${fileName('Probe-A')}`, [header, ...rows.slice(0, 1)].join('\n'))
    await put(`${inside}/${fileName('Probe-B')}`, [header, '2020/01/01 00:00 0.500 G M'].join('\n'))
    await put(`${inside}/NET_NET_Site-A_static_variables.csv`, 'quantity_name;unit\nclay;%\n')
    await put(`${inside}/Metadata.xml`, '<xml/>')
    await put(`${inside}/Readme.txt`, 'cite us')
    const { set, observations } = await readIsmn(join(folder, inside), { daily: { minCount: 1 } })
    expect(set.variables).toHaveLength(2)
    expect(set.sources).toHaveLength(2)
    const daily = toDaily(set, observations, { variable: 'sm' })
    expect([...daily.values]).toEqual([0.3])
    expect(set.notes.join()).toContain('2 sensors of sm at 0.05 m at NET/Site_A: Probe-A; Probe-B')
  })

  it('refuses a damaged file with its line', async () => {
    for (const [line, text] of [
      [1, 'no good data here'],
      [4, [header, ...rows.slice(0, 2), '2020/01/01 02:00 wet G M'].join('\n')],
      [3, [header, rows[0], '2020/02/30 02:00 0.2 G M'].join('\n')],
      [2, [header, '2020/01/01 02:'].join('\n')],
    ] as const) {
      const fault = await refusalOf(await put(fileName('P'), text))
      expect(fault).toMatchObject({ code: 'bad_table', details: { line } })
      expect(fault.message).toContain(`line ${line}`)
    }
    expect((await refusalOf(await put(fileName('P'), header))).message).toContain('no observation')
    expect((await refusalOf(await put('renamed.stm', [header, ...rows].join('\n')))).message).toContain('old name')
    expect((await refusalOf(join(folder, 'absent'))).code).toBe('not_found')
    await mkdir(join(folder, 'empty'))
    expect((await refusalOf(join(folder, 'empty'))).code).toBe('unsupported_format')
  })
})

describe('a zip', () => {
  const content = [header, ...rows].join('\n')

  it('is read where it lies', async () => {
    const path = await put(
      'good.zip',
      makeZip([
        { name: 'NET/', content: '', mode: 0o040755 },
        { name: `NET/${fileName('P')}`, content },
        { name: 'Readme.txt', content: 'x' },
      ]),
    )
    const { set, observations } = await readIsmn(path)
    expect(observations.value).toHaveLength(3)
    expect(set.sources).toEqual([{ path, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  })

  const file = { name: fileName('P'), content }
  it.each([
    ['a way up', [{ ...file, name: `../${file.name}` }]],
    ['a way up inside', [{ ...file, name: `a/../../${file.name}` }]],
    ['an absolute name', [{ ...file, name: `/tmp/${file.name}` }]],
    ['a drive', [{ ...file, name: `C:/${file.name}` }]],
    ['a backslash', [{ ...file, name: `a\\${file.name}` }]],
    ['a link', [file, { name: 'link', content: '/etc/passwd', mode: 0o120777 }]],
    ['a device', [file, { name: 'device', content: '', mode: 0o020666 }]],
    ['a case twin', [file, { name: 'A.txt', content: '1' }, { name: 'a.TXT', content: '2' }]],
    ['the same name twice', [file, file]],
    ['a bomb', [file, { name: 'zeros.stm', content: Buffer.alloc(40 * 1024 * 1024) }]],
    ['a control character', [{ ...file, name: `a\u0007${file.name}` }]],
  ])('with %s is refused, wherever in it', async (_, parts) => {
    expect(await refusalOf(await put('bad.zip', makeZip(parts)))).toMatchObject({ code: 'unsafe_input' })
  })

  it('with too many entries is refused', async () => {
    const many = Array.from({ length: 5 }, (_, i) => ({ name: `${i}.txt`, content: '' }))
    const zip = makeZip([...many])
    expect((await refusalOf(await put('few.zip', zip))).code).toBe('unsupported_format')
    // The count in the end record is what an opener would trust; 65535 stands for "see the 64-bit record".
    zip.writeUInt16LE(65_534, zip.length - 12)
    expect((await refusalOf(await put('many.zip', zip))).code).toBe('bad_table')
  })

  it('that states a wrong size or is cut is refused', async () => {
    for (const statedBytes of [10, 10_000])
      expect((await refusalOf(await put('lies.zip', makeZip([{ ...file, statedBytes }])))).code).toMatch(
        /bad_table|unsafe_input/,
      )
    const cut = makeZip([file])
    expect((await refusalOf(await put('cut.zip', cut.subarray(0, cut.length - 30)))).code).toBe('bad_table')
  })
})

describeWithSharedData('ISMN files equal the independent count', () => {
  const rows = parse(readFileSync(sharedData('ismn_native/expected_summary.csv')), { columns: true }) as Record<
    string,
    string
  >[]

  it('has a row for every format but the composite', () => expect(rows).toHaveLength(12))

  it.each(rows.map((row) => [row.file, row] as const))('%s', async (file, row) => {
    const { set, observations } = await readIsmn(sharedData(`ismn_native/${file}`))
    const [station] = set.stations
    expect(set.stations).toHaveLength(1)
    expect(station).toMatchObject({ id: `${row.network}/${row.station}`, name: row.station })
    expect([station.y, station.x, station.elevation]).toEqual([Number(row.lat), Number(row.lon), Number(row.elev)])
    expect(set.variables).toEqual([
      { name: 'sm', unit: 'm3 m-3', depth: [Number(row.depth_from), Number(row.depth_to)] },
    ])
    expect(set.notes.join()).toContain(row.format === 'ceop_sep' ? 'CEOP, one variable' : 'header and values')
    const { value, flag, flagTexts, observedAtMs } = observations
    expect(value).toHaveLength(Number(row.n_records))
    const counts: Record<string, number> = {}
    for (const index of flag) counts[flagTexts[index]] = (counts[flagTexts[index]] ?? 0) + 1
    expect(
      Object.keys(counts)
        .sort()
        .map((text) => `${text}=${counts[text]}`)
        .join(';'),
    ).toBe(row.flags)
    const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ').replaceAll('-', '/')
    expect(stamp(observedAtMs[0])).toBe(row.first)
    expect(stamp(observedAtMs[value.length - 1])).toBe(row.last)
    const good = [...value].filter((_, i) => flagTexts[flag[i]] === 'G')
    expect(good).toHaveLength(Number(row.n_G))
    if (good.length === 0) return
    expect(good.reduce((sum, v) => sum + v, 0) / good.length).toBeCloseTo(Number(row.mean_G), 5)
    expect(Math.min(...good)).toBe(Number(row.min_G))
    expect(Math.max(...good)).toBe(Number(row.max_G))
  })

  it('in a zip too, and all of a folder at once', async () => {
    for (const [zip, files] of [
      ['ceop_sep_made_here', 'ceop_sep'],
      ['header_values_made_here', 'header_values'],
    ]) {
      const packed = await readIsmn(sharedData(`ismn_native/zip/${zip}.zip`))
      for (const station of packed.set.stations) {
        const row = rows.find(
          (one) => one.file.startsWith(`${files}/`) && `${one.network}/${one.station}` === station.id,
        )
        const at = packed.set.stations.indexOf(station)
        expect(packed.observations.station.filter((index) => index === at)).toHaveLength(Number(row?.n_records))
      }
    }
    const all = await readIsmn(sharedData('ismn_native/header_values'))
    const expected = rows.filter((row) => row.format === 'header_values')
    expect(all.set.stations).toHaveLength(expected.length)
    expect(all.observations.value).toHaveLength(expected.reduce((sum, row) => sum + Number(row.n_records), 0))
    expect(all.set.notes.join()).toContain('None has it at MAQU/CST_01')
    const summaries = stationSummary(all.set, all.observations)
    const txson = summaries.find((one) => one.station === 'TxSON/CR200_14')
    expect(txson).toMatchObject({
      n: 21433,
      missing: 455,
      first: '2019-01-01T00:00:00.000Z',
      last: '2021-06-30T23:00:00.000Z',
    })
  })

  it('the composite, against ten plain lines', async () => {
    const path = sharedData('ismn_native/ceop_composite/SMOSMANIA/SMOSMANIA_SMOSMANIA_NBN_20100304_20130801.stm')
    const plain = readFileSync(path, 'latin1')
      .split('\r')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields.length === 16)
    const { set, observations } = await readIsmn(path)
    expect(set.stations).toMatchObject([{ id: 'SMOSMANIA/Narbonne', x: 2.9567, y: 43.15, elevation: 112 }])
    for (const [variable, column] of [
      ['ts', 12],
      ['sm', 14],
    ] as const)
      for (const depth of [0.05, 0.1, 0.2, 0.3]) {
        const index = set.variables.findIndex((one) => one.name === variable && one.depth?.[0] === depth)
        const read = [...observations.value].filter((_, i) => observations.variable[i] === index)
        const expected = plain.filter((fields) => Number(fields[11]) === depth).map((fields) => Number(fields[column]))
        expect(read).toEqual(expected.map((value) => (value === -999.99 ? Number.NaN : value)))
        expect(read.length).toBeGreaterThan(40)
      }
  })

  it('the malformed one is refused with its line', async () => {
    expect(await refusalOf(sharedData('ismn_native/malformed/mal_formed_file.txt'))).toMatchObject({
      code: 'bad_table',
      details: { line: 1 },
    })
  })

  it('its stations can be placed on a map in metres', async () => {
    const { set } = await readIsmn(sharedData('ismn_native/ceop_sep/COSMOS'))
    const { x, y } = placeStations(set, 'EPSG:32614')
    // UTM zone 14 has its central meridian at 99° W; ARM-1 is 1.5122° east of it: 111.32 km × cos φ × 0.9996 a degree.
    expect(x[0]).toBeCloseTo(500_000 + 1.5122 * 111_320 * Math.cos((36.6054 * Math.PI) / 180) * 0.9996, -3)
    expect(y[0]).toBeGreaterThan(4_050_000)
    expect(y[0]).toBeLessThan(4_055_000)
  })
})
