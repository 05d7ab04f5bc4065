import { describe, expect, it } from 'vitest'
import { cfTimeAxis } from '../../../main/engine/raster/cf-time.ts'

const day = (units: string, calendar: string, value: number): string | null | undefined =>
  cfTimeAxis(units, calendar)?.day(value)

describe('CF time axes', () => {
  it.each([
    ['days since 1970-01-01', 'standard', 18262, '2020-01-01'],
    ['days since 1970-01-01T12:00:00', 'standard', 17318, '2017-06-01'],
    ['days since 1950-01-01 00:00:00', 'standard', 11139.5, '1980-07-01'],
    ['Hour since 2001-12-31T23:00:00Z', 'proleptic_gregorian', 146396, '2018-09-13'],
    ['minutes since 2017-04-01', 'proleptic_gregorian', 0, '2017-04-01'],
    ['seconds since 1970-01-01 00:00:00 UTC', 'gregorian', 951782400, '2000-02-29'],
    ['hours since 1900-01-01 00:00:00.0', '', 1043135.9999998, '2019-01-01'],
    // Two days apart before the reform: 1 January of year 1 is another day in the two calendars.
    ['hours since 0001-01-01 00:00:00', 'standard', 17522904, '2000-01-01'],
    ['days since 0001-01-01', 'proleptic_gregorian', 730119, '2000-01-01'],
    ['days since 1582-10-04', 'standard', 1, '1582-10-15'],
    ['days since 2000-01-01', 'julian', 60, '2000-03-01'],
    ['days since 2000-02-28', 'noleap', 1, '2000-03-01'],
    ['days since 2000-01-01', '365_day', 366, '2001-01-02'],
    ['days since 2001-01-01', 'all_leap', 59, null],
    ['days since 2001-01-01', 'all_leap', 60, '2001-03-01'],
    ['days since 2000-01-01', '360_day', 359, '2000-12-30'],
    ['days since 2000-01-01', '360_day', 59, null],
    ['months since 1999-11-01', 'standard', 3, '2000-02-01'],
    ['months since 2000-01-15', 'standard', 1, '2000-02-15'],
    ['months since 2000-01-01', 'standard', 1.5, '2000-02-15'],
    ['years since 1990-01-01', 'standard', 30, '2020-01-01'],
    ['days since 2000-01-01 00:00 +02:00', 'standard', 0, '1999-12-31'],
    ['days since 2000-01-01', 'standard', NaN, null],
    ['days since 2000-01-01', 'standard', -1, '1999-12-31'],
  ])('%s (%s): %d is %s', (units, calendar, value, expected) => {
    expect(day(units, calendar, value)).toBe(expected)
  })

  it('is no time axis without a known unit, date and calendar', () => {
    expect(cfTimeAxis('m3 m-3', '')).toBeNull()
    expect(cfTimeAxis('parsecs since 2000-01-01', '')).toBeNull()
    expect(cfTimeAxis('days since 2000-01-01', 'mayan')).toBeNull()
  })

  it('agrees with JavaScript dates on 20 000 days', () => {
    const axis = cfTimeAxis('days since 1990-03-01', 'proleptic_gregorian')
    const start = Date.UTC(1990, 2, 1)
    for (let i = -10_000; i < 10_000; i++)
      expect(axis?.day(i)).toBe(new Date(start + i * 86_400_000).toISOString().slice(0, 10))
  })
})
