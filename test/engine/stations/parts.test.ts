import { describe, expect, it } from 'vitest'
import type { Observations, StationSet } from '../../../main/contract/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { understandHeading } from '../../../main/engine/stations/headings.ts'
import { formatStationSet, placeStations, stationSummary } from '../../../main/engine/stations/index.ts'
import { ObservationColumns } from '../../../main/engine/stations/observation-columns.ts'
import { eachLine } from '../../../main/engine/stations/text-lines.ts'
import { zoneClock } from '../../../main/engine/stations/time-zone.ts'

const hour = 3_600_000

describe('headings', () => {
  it.each([
    ['vwc_5cm', 'vwc', '', [0.05, 0.05]],
    ['tsoil_c_5cm', 'tsoil', 'degC', [0.05, 0.05]],
    ['5 cm VWC [m3/m3]', 'VWC', 'm3 m-3', [0.05, 0.05]],
    ['80 cm Temp [oC]', 'Temp', 'degC', [0.8, 0.8]],
    ['SM_0-7cm (m³/m³)', 'SM', 'm3 m-3', [0, 0.07]],
    ['theta 2.5 cm', 'theta', '', [0.025, 0.025]],
    ['vwc_0.3m', 'vwc', '', [0.3, 0.3]],
    ['precip_mm', 'precip', 'mm', null],
    ['s1_vv_db', 's1_vv', 'dB', null],
    ['s2_b8a', 's2_b8a', '', null],
    ['ndre_m', 'ndre_m', '', null],
    ['wind_10m', 'wind_10m', '', null],
    ['vwc_percent', 'vwc', '%', null],
    ['5cm', '5cm', '', null],
  ])('%s', (heading, variable, unit, depth) => expect(understandHeading(heading)).toEqual({ variable, unit, depth }))
})

describe('zoneClock', () => {
  it('is its own inverse where the clock does not jump', () => {
    for (const zone of ['UTC', '+05:30', '-0330', 'Europe/Amsterdam', 'America/Denver', 'Australia/Lord_Howe']) {
      const clock = zoneClock(zone)
      for (let i = 0; i < 400; i++) {
        const utc = Date.UTC(2019, 0, 1, 12) + i * 24 * hour
        expect(clock.toUtc(utc + clock.offsetAt(utc))).toBe(utc)
      }
    }
    expect(zoneClock('+05:30').offsetAt(0)).toBe(5.5 * hour)
    expect(zoneClock('-0330').offsetAt(0)).toBe(-3.5 * hour)
  })

  it('takes the first of an hour that comes twice, and goes on over one that is left out', () => {
    const { toUtc } = zoneClock('Europe/Amsterdam')
    // 2020-10-25 02:30 came at 00:30 and 01:30 UTC; 2020-03-29 02:30 never came.
    expect(toUtc(Date.UTC(2020, 9, 25, 2, 30))).toBe(Date.UTC(2020, 9, 25, 0, 30))
    expect(toUtc(Date.UTC(2020, 9, 25, 3, 30))).toBe(Date.UTC(2020, 9, 25, 2, 30))
    expect(toUtc(Date.UTC(2020, 2, 29, 2, 30))).toBe(Date.UTC(2020, 2, 29, 1, 30))
    expect(toUtc(Date.UTC(2020, 2, 29, 1, 30))).toBe(Date.UTC(2020, 2, 29, 0, 30))
  })
})

describe('eachLine', () => {
  it('finds the same lines however the text is cut', async () => {
    const text = 'one\r\ntwo\n\nthree\rfour\r\n\r\nfive'
    for (let size = 1; size <= text.length; size++) {
      const pieces = async function* () {
        for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size)
      }
      const lines: [string, number][] = []
      await eachLine(pieces(), (line, number) => lines.push([line, number]))
      expect(lines).toEqual([
        ['one', 1],
        ['two', 2],
        ['three', 4],
        ['four', 5],
        ['five', 7],
      ])
    }
  })
})

describe('ObservationColumns', () => {
  it('sorts as a plain sort does, and merges what tells of one moment', () => {
    const random = new Random(7)
    const columns = new ObservationColumns()
    const plain = new Map<string, { key: number[]; values: number[] }>()
    for (let i = 0; i < 5000; i++) {
      const key = [
        Math.floor(random.uniform() * 5),
        Math.floor(random.uniform() * 3),
        Math.floor(random.uniform() * 200),
      ]
      const value = random.uniform() < 0.2 ? Number.NaN : Math.floor(random.uniform() * 3) / 4
      columns.append(key[0], key[1], key[2], value, '')
      const group = plain.get(key.join()) ?? { key, values: [] }
      group.values.push(value)
      plain.set(key.join(), group)
    }
    const expected = [...plain.values()].sort(
      (a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1] || a.key[2] - b.key[2],
    )
    const { observations, duplicates } = columns.finish()
    expect(observations.value).toHaveLength(expected.length)
    let conflicting = 0
    expected.forEach(({ key, values }, i) => {
      expect([observations.station[i], observations.variable[i], observations.observedAtMs[i]]).toEqual(key)
      const present = values.filter((value) => !Number.isNaN(value))
      const isConflict = new Set(present).size > 1
      if (isConflict) conflicting++
      const mean = present.reduce((sum, value) => sum + value, 0) / present.length
      if (present.length === 0) expect(observations.value[i]).toBeNaN()
      else expect(observations.value[i]).toBeCloseTo(mean, 12)
    })
    expect(duplicates.conflicting).toBe(conflicting)
    expect(conflicting).toBeGreaterThan(100)
  })
})

const set: StationSet = {
  name: 'three',
  crs: 'EPSG:4326',
  stations: ['a', 'b'].map((id) => ({ id, name: id, x: id === 'a' ? 3 : null, y: 0, elevation: null })),
  variables: [{ name: 'sm', unit: 'm3 m-3', depth: [0.05, 0.05] }],
  daily: { statistic: 'mean', minCount: 1, flags: null, timeZone: 'UTC' },
  sources: [],
  notes: ['a note'],
}
const times = [0, 1, 2, 3, 30, 31, 32]
const observations: Observations = {
  station: new Int32Array(times.length),
  variable: new Int32Array(times.length),
  observedAtMs: Float64Array.from(times, (time) => time * hour),
  value: Float64Array.from(times, (time) => (time === 2 ? Number.NaN : 0.2)),
  flag: new Int32Array(times.length),
  flagTexts: [''],
}

describe('stationSummary', () => {
  it('counts values, missing ones and gaps; a station without any has none', () => {
    expect(stationSummary(set, observations)).toEqual([
      {
        station: 'a',
        n: 6,
        missing: 1,
        first: '1970-01-01T00:00:00.000Z',
        last: '1970-01-02T08:00:00.000Z',
        gaps: 1,
        longestGapDays: 27 / 24,
      },
      { station: 'b', n: 0, missing: 0, first: null, last: null, gaps: 0, longestGapDays: 0 },
    ])
    expect(formatStationSet(set, observations)).toMatch(/three: 2 stations, 7 observations, EPSG:4326[\s\S]*a note/)
  })
})

describe('placeStations', () => {
  it('carries places over; a station without one stays without', () => {
    // 3° E on the equator is the origin of UTM zone 31: easting 500 000, northing 0.
    const { x, y } = placeStations(set, 'EPSG:32631')
    expect(x[0]).toBeCloseTo(500_000, 3)
    expect(y[0]).toBeCloseTo(0, 3)
    expect(x[1]).toBeNaN()
    expect(() => placeStations({ ...set, crs: '' }, 'EPSG:32631')).toThrow(/has no places/)
  })
})
