import { describe, expect, it } from 'vitest'
import type { DailyRule, Observations, StationSet } from '../../../main/contract/index.ts'
import { toDaily } from '../../../main/engine/stations/index.ts'

const hour = 3_600_000
const start = Date.UTC(2020, 2, 28)

function stationSet(rule: Partial<DailyRule> = {}, variables?: StationSet['variables']): StationSet {
  return {
    name: 'wells',
    crs: 'EPSG:4326',
    stations: ['a', 'b'].map((id) => ({ id, name: id, x: 5, y: 52, elevation: null })),
    variables: variables ?? [{ name: 'sm', unit: 'm3 m-3', depth: [0.05, 0.05] }],
    daily: { statistic: 'mean', minCount: 1, flags: null, timeZone: 'UTC', ...rule },
    sources: [],
    notes: [],
  }
}

/** [station, variable, UTC time, value, flag] in rows to observations in columns. */
function observationsOf(rows: [number, number, number, number, string?][]): Observations {
  const flagTexts = [...new Set(rows.map((row) => row[4] ?? ''))]
  return {
    station: Int32Array.from(rows, (row) => row[0]),
    variable: Int32Array.from(rows, (row) => row[1]),
    observedAtMs: Float64Array.from(rows, (row) => row[2]),
    value: Float64Array.from(rows, (row) => row[3]),
    flag: Int32Array.from(rows, (row) => flagTexts.indexOf(row[4] ?? '')),
    flagTexts,
  }
}

describe('toDaily', () => {
  it('gives each statistic of a day, NaN where a station has none, and every day once', () => {
    const observations = observationsOf([
      [0, 0, start, 0.1],
      [0, 0, start + hour, 0.3],
      [0, 0, start + 24 * hour, 0.4],
      [1, 0, start + 49 * hour, 0.2],
      [1, 0, start + 50 * hour, Number.NaN],
    ])
    for (const [statistic, first] of [
      ['mean', 0.2],
      ['sum', 0.4],
      ['min', 0.1],
      ['max', 0.3],
    ] as const) {
      const table = toDaily(stationSet({ statistic }), observations, { variable: 'sm' })
      expect(table.days).toEqual(['2020-03-28', '2020-03-29', '2020-03-30'])
      expect(table.values).toHaveLength(6)
      expect(table.values[0]).toBeCloseTo(first, 12)
      expect([...table.values].slice(1)).toEqual([0.4, Number.NaN, Number.NaN, Number.NaN, 0.2])
    }
  })

  it('asks minCount of accepted values, so a refused flag or a missing value does not count', () => {
    const observations = observationsOf([
      [0, 0, start, 0.1, 'G'],
      [0, 0, start + hour, 0.9, 'D01'],
      [0, 0, start + 2 * hour, Number.NaN, 'G'],
      [1, 0, start, 0.2, 'G'],
      [1, 0, start + hour, 0.4, 'G'],
    ])
    const table = toDaily(stationSet({ minCount: 2, flags: ['G'] }), observations, { variable: 'sm' })
    expect(table.values[0]).toBeNaN()
    expect(table.values[1]).toBeCloseTo(0.3, 12)
    expect(table.notes?.join()).toContain('at a')
    const every = toDaily(stationSet({ minCount: 2 }), observations, { variable: 'sm', rule: { flags: null } })
    expect(every.values[0]).toBeCloseTo(0.5, 12)
  })

  it('parts the days at local midnight, over the change to summer time', () => {
    // Amsterdam went from +1 to +2 on 2020-03-29 at 01:00 UTC: that local day has 23 hours.
    const rows = Array.from({ length: 24 * 4 }, (_, i): [number, number, number, number] => [
      0,
      0,
      start - 24 * hour + i * hour,
      1,
    ])
    const counts = toDaily(stationSet(), observationsOf(rows), {
      variable: 'sm',
      rule: { statistic: 'sum', timeZone: 'Europe/Amsterdam' },
    })
    const byDay = Object.fromEntries(counts.days.map((day, i) => [day, counts.values[i]]))
    expect(byDay['2020-03-28']).toBe(24)
    expect(byDay['2020-03-29']).toBe(23)
    expect(byDay['2020-03-30']).toBe(24)
    const shifted = toDaily(stationSet(), observationsOf([[0, 0, start + 23 * hour, 1]]), {
      variable: 'sm',
      rule: { timeZone: '+02:00' },
    })
    expect(shifted.days).toEqual(['2020-03-29'])
  })

  it('averages sensors that stand beside each other, each with its own minCount, and says so', () => {
    const two = stationSet({ minCount: 2 }, [
      { name: 'sm', unit: 'm3 m-3', depth: [0.05, 0.05] },
      { name: 'sm', unit: 'm3 m-3', depth: [0.05, 0.05] },
    ])
    const table = toDaily(
      two,
      observationsOf([
        [0, 0, start, 0.1],
        [0, 0, start + hour, 0.1],
        [0, 1, start, 0.3],
        [0, 1, start + hour, 0.3],
        [1, 0, start, 0.5],
        [1, 1, start, 0.5],
      ]),
      { variable: 'sm' },
    )
    expect(table.values[0]).toBeCloseTo(0.2, 12)
    expect(table.values[1]).toBeNaN()
    expect(table.notes?.join()).toContain('averaged at a: 1 station days')
  })

  it('sums hourly precipitation unless a statistic is named', () => {
    const rain = stationSet({}, [{ name: 'p', unit: 'mm', depth: null }])
    const observations = observationsOf([
      [0, 0, start, 2],
      [0, 0, start + hour, 3],
    ])
    expect(toDaily(rain, observations, { variable: 'p' }).values[0]).toBe(5)
    expect(toDaily(rain, observations, { variable: 'p', rule: { statistic: 'max' } }).values[0]).toBe(3)
  })

  it('finds a variable by name and depth or by the heading it came from', () => {
    const deep = stationSet({}, [
      { name: 'vwc', unit: 'm3 m-3', depth: [0.05, 0.05] },
      { name: 'vwc', unit: 'm3 m-3', depth: [0.1, 0.1] },
    ])
    const observations = observationsOf([
      [0, 0, start, 0.1],
      [0, 1, start, 0.2],
    ])
    expect(toDaily(deep, observations, { variable: 'vwc', depth: [0.1, 0.1] }).values[0]).toBe(0.2)
    expect(toDaily(deep, observations, { variable: 'vwc_10cm' }).values[0]).toBe(0.2)
    expect(() => toDaily(deep, observations, { variable: 'vwc' })).toThrow(/several depths.*0\.05 m.*0\.1 m/)
    expect(() => toDaily(deep, observations, { variable: 'vwc', depth: [0, 0.1] })).toThrow(/no "vwc" at 0–0.1 m/)
    expect(() => toDaily(deep, observations, { variable: 'rain' })).toThrow(/no variable "rain".*"vwc" at 0.05 m/)
  })

  it('refuses when the rule leaves nothing, naming the flags that are there', () => {
    const observations = observationsOf([[0, 0, start, 0.1, 'U']])
    expect(() => toDaily(stationSet({ flags: ['G'] }), observations, { variable: 'sm' })).toThrow(
      /flags U 1×.*accepts the flags G/,
    )
    expect(() => toDaily(stationSet({ timeZone: 'Mars/Olympus' }), observations, { variable: 'sm' })).toThrow(
      /not a time zone/,
    )
  })
})
