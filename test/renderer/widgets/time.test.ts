import { describe, expect, test } from 'vitest'
import { dayNumber } from '../../../main/contract/index.ts'
import type { Day } from '../../../main/contract/index.ts'
import { isStarted, runLane } from '../../../renderer/shell/run-lane.ts'
import { dayAt, hasData, placeOfDay, timeTicks, wholeWindow, zoomWindow } from '../../../renderer/widgets/time/lanes.ts'
import { addMonths, extendPeriod, nearestDay, readDayText, stepDay } from '../../../renderer/widgets/time/time-steps.ts'

const days = ['2018-06-30', '2018-07-04', '2018-07-12'] as Day[]
const day = (text: string) => text as Day

describe('a typed date', () => {
  test.each([
    ['2018-07-04', '2018-07-04'],
    ['20180704', '2018-07-04'],
    ['2018-185', '2018-07-04'],
    ['2020-366', '2020-12-31'],
    ['next data', '2018-07-12'],
    ['Previous data', '2018-06-30'],
    ['first', '2018-06-30'],
    [' last ', '2018-07-12'],
  ])('%s is %s', (text, expected) => {
    expect(readDayText(text, day('2018-07-04'), days)).toEqual({ day: expected })
  })

  test.each(['2018-02-30', '2019-366', '2018-000', 'soon', ''])('%s is none, and it says what to write', (text) => {
    expect(readDayText(text, day('2018-07-04'), days)).toHaveProperty('fault')
  })

  test('the last day with data has no next one', () => {
    expect(readDayText('next data', day('2018-07-12'), days)).toEqual({ fault: 'There is no later day with data.' })
  })
})

describe('steps', () => {
  test('months end where they end', () => {
    expect(addMonths(day('2018-01-31'), 1)).toBe('2018-02-28')
    expect(addMonths(day('2020-01-31'), 1)).toBe('2020-02-29')
    expect(addMonths(day('2018-03-15'), -3)).toBe('2017-12-15')
    expect(addMonths(day('2018-12-31'), 14)).toBe('2020-02-29')
  })
  test('to the next day with data, or by days whether there are data or not', () => {
    expect(stepDay(day('2018-07-01'), 'data', 1, days)).toBe('2018-07-04')
    expect(stepDay(day('2018-06-30'), 'data', -1, days)).toBeNull()
    expect(stepDay(day('2018-07-04'), 'eight', -1, days)).toBe('2018-06-26')
  })
  test('of two days as near the earlier one is the nearest', () => {
    expect(nearestDay(days, day('2018-07-02'))).toBe('2018-06-30')
    expect(nearestDay(days, day('2018-07-08'))).toBe('2018-07-04')
    expect(nearestDay([], day('2018-07-08'))).toBeNull()
  })
})

describe('the strip', () => {
  const lanes = [{ id: 'a', name: 'a', days: days.map((each) => ({ day: each, share: 1 })) }]
  const window = wholeWindow(lanes)!

  test('shows all days, and at least a month', () => {
    expect(window.from).toBeLessThan(dayNumber(days[0]))
    expect(window.to).toBeGreaterThan(dayNumber(days[2]) + 1)
    expect(window.to - window.from).toBeGreaterThanOrEqual(30)
    expect(wholeWindow([])).toBeNull()
  })
  test('a pixel is a day and back', () => {
    for (const each of days) {
      const middle = placeOfDay(window, dayNumber(each) + 0.5, 700)
      expect(dayAt(window, middle, 700)).toBe(each)
    }
  })
  test('zooming keeps the day under the pointer', () => {
    const about = dayNumber(days[1])
    const zoomed = zoomWindow(window, 0.4, about)
    expect(placeOfDay(zoomed, about, 700)).toBeCloseTo(placeOfDay(window, about, 700), 9)
    expect(zoomWindow(window, 1e-9, about).to - zoomWindow(window, 1e-9, about).from).toBeCloseTo(7)
  })
  test('ticks are firsts of months and never nearer than their labels', () => {
    for (const span of [40, 400, 4000, 40_000]) {
      const from = dayNumber(day('1990-05-03'))
      const ticks = timeTicks({ from, to: from + span }, 900).filter(({ words }) => !/^\d{1,2}$/.test(words))
      const places = ticks.map(({ number }) => placeOfDay({ from, to: from + span }, number, 900))
      expect(ticks.length).toBeGreaterThan(0)
      for (let i = 1; i < places.length; i++) expect(places[i] - places[i - 1]).toBeGreaterThan(50)
    }
  })
})

test('days of a run that are not done are marked, and count as days without data', () => {
  const days = (['done', 'waiting', 'failed'] as const).map((state, i) => ({
    day: `2018-06-0${i + 1}` as Day,
    state,
    message: '',
  }))
  const lane = runLane({ id: 'r0002', days })!
  expect(lane.days.map(({ mark }) => mark)).toEqual([undefined, 'waiting', 'failed'])
  expect(lane.days.filter(hasData).map(({ day }) => day)).toEqual(['2018-06-01'])
  expect(runLane({ id: 'r0002', days: days.slice(0, 1) })).toBeNull()
  expect(isStarted({ startedAtMs: null, place: null })).toBe(false)
  expect(isStarted({ startedAtMs: null, place: 2 })).toBe(true)
})

test('a period grows and shrinks at the end where the day is, turns over its other end, and begins anew elsewhere', () => {
  const on = (date: number) => `2018-07-${String(date).padStart(2, '0')}` as Day
  const one = extendPeriod(null, on(4), on(5))
  expect(one).toEqual({ from: on(4), to: on(5) })
  expect(extendPeriod(one, on(5), on(6))).toEqual({ from: on(4), to: on(6) })
  expect(extendPeriod(one, on(5), on(4))).toEqual({ from: on(4), to: on(4) })
  expect(extendPeriod(one, on(5), on(2))).toEqual({ from: on(2), to: on(4) })
  expect(extendPeriod(one, on(4), on(1))).toEqual({ from: on(1), to: on(5) })
  expect(extendPeriod(one, on(20), on(19))).toEqual({ from: on(19), to: on(20) })
})
