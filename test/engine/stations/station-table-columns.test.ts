import { describe, expect, it } from 'vitest'
import { toDaily } from '../../../main/engine/stations/index.ts'
import type { StationTableOptions } from '../../../main/engine/stations/index.ts'
import { refusalOf, rowsOf, tableReader } from './station-table-steps.ts'

const { read } = tableReader()

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
