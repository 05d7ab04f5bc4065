import { describe, expect, it } from 'vitest'
import { dateRules, datesIn } from '../../../main/engine/catalog/date-rules.ts'
import { datesOfNames } from '../../../main/engine/catalog/find-dates.ts'

const found = (text: string): string[] =>
  dateRules.flatMap((rule) => datesIn(text, rule).map(({ day, rest }) => `${rule.name} ${day} ${rest}`))

describe('dates in names', () => {
  it.each([
    ['ndvi_20180612_v2', ['YYYYMMDD 2018-06-12 ndvi_v2']],
    ['c_gls_SSM1km_201706010000_CEURO', ['YYYYMMDD 2017-06-01 c_gls_SSM1km_CEURO']],
    ['SM_20150506T000000', ['YYYYMMDD 2015-05-06 SM']],
    ['boa_2022-11-11', ['YYYY-MM-DD 2022-11-11 boa']],
    ['lst_2022_11_11_day', ['YYYY_MM_DD 2022-11-11 lst_day']],
    ['MOD09A1.A2017193.h18v04.006.2017202035302', ['YYYYDDD 2017-07-12 MOD09A1_h18v04.006.2017202035302']],
    ['MYD11_2020366', ['YYYYDDD 2020-12-31 MYD11']],
    ['MYD11_2019366', []],
    ['rain_201806', ['YYYYMM 2018-06-01 rain']],
    ['rain_2018-06', ['YYYY-MM 2018-06-01 rain']],
    ['20180612', ['YYYYMMDD 2018-06-12 ']],
    ['crop_2011', []],
    ['h101_300_002_7', []],
    ['dem_20181332', []],
    ['x_120180612', []],
    ['T36RXV_1899-01-01', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })
})

describe('the rule of a series', () => {
  it('takes the one rule that fits every name', () => {
    const series = datesOfNames(['a_2018001', 'a_2018365'], null, 'file')
    expect(series?.rule.name).toBe('YYYYDDD')
    expect(series?.dates.map((date) => date.day)).toEqual(['2018-01-01', '2018-12-31'])
  })

  it('prefers the day to a month that agrees with it', () => {
    const series = datesOfNames(['201806_s1_20180611', '201807_s1_20180705'], null, 'file')
    expect(series?.rule.name).toBe('YYYYMMDD')
  })

  it('asks when two rules disagree, with three examples decoded', () => {
    const names = [1, 2, 3, 4].map((i) => `lst_201800${i}_2019030${i}`)
    expect(() => datesOfNames(names, null, 'file')).toThrow(
      expect.objectContaining({
        code: 'conflicting_dates',
        message: expect.stringMatching(
          /lst_2018003_20190303: 2019-03-03 by YYYYMMDD, 2018-01-03 by YYYYDDD\n.*--date-rule YYYYMMDD/,
        ),
      }),
    )
    expect(datesOfNames(names, dateRules[3], 'file')?.dates[3].day).toBe('2018-01-04')
  })

  it('names the file without a date', () => {
    expect(() => datesOfNames(['a_20180101', 'a_20180102', 'mask'], null, 'file')).toThrow(/"mask" does not/)
    expect(datesOfNames(['dem', 'slope'], null, 'file')).toBeNull()
  })

  it('says when a name holds two dates', () => {
    expect(datesOfNames(['m_20180101_20180108', 'm_20180109_20180116'], null, 'file')).toMatchObject({
      dates: [{ day: '2018-01-01' }, { day: '2018-01-09' }],
      notes: [expect.stringMatching(/hold 2 dates .* the first, 2018-01-01/)],
    })
  })
})
