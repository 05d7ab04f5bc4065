import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDays, dayNumber, LoamError, reasonCodes, wholeGrid } from '../../../main/contract/index.ts'
import type { Day, FieldExpression, Kind } from '../../../main/contract/index.ts'
import { compileField } from '../../../main/engine/fields/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { dailyTable, day, part, TinyProject, utmGrid } from './tiny-project.ts'

const project = new TinyProject()
const grid = utmGrid(10, 40, 300)
const cells = grid.rows * grid.cols
const start = day('2018-02-20')
const offsets = [0, 3, 4, 9, 20]
const none = Number.NaN
const random = new Random(1)
const scenes = new Map<Day, number[]>(
  offsets.map((offset) => [
    addDays(start, offset),
    Array.from({ length: cells }, () => (random.uniform() < 0.4 ? none : random.uniform())),
  ]),
)
const strip = utmGrid(10, 1, 3)

beforeAll(async () => {
  await project.addRaster('s2', grid, { evi: { days: Object.fromEntries(scenes) } })
  const three = (a: number[], b: number[]) => ({ '2018-07-01': a, '2018-07-05': b })
  const kinds: Record<Kind, Record<string, number[]>> = {
    continuous: three([1, 1, none], [3, none, none]),
    circular: three([350, 10, 90], [10, 350, 90]),
    decibel: three([-10, -20, 0], [-10, 0, 0]),
    categorical: three([1, 2, 3], [4, 5, 6]),
  }
  for (const [kind, days] of Object.entries(kinds))
    await project.addRaster(kind, strip, { value: { kind: kind as Kind, days } })
  const rain: Record<string, number[]> = {}
  for (let i = 0; i < 10; i++) rain[addDays(start, i)] = [i === 6 ? none : i]
  project.addStations(dailyTable('farm', '', [['F1', null, null]], rain))
})
afterAll(() => project.close())

const compile = (expression: FieldExpression) => compileField('wet', expression, project.context())

/** The rule in plain lines: the day's value, else the nearest on each side within the limit. */
function filledPlainly(cell: number, on: Day, maxAgeDays: number): { value: number; isFilled: number } {
  const observed = scenes.get(on)?.[cell] ?? none
  if (!Number.isNaN(observed)) return { value: Math.fround(observed), isFilled: 0 }
  const near = [...scenes].map(([date, values]) => ({
    age: dayNumber(date) - dayNumber(on),
    value: Math.fround(values[cell]),
  }))
  const valid = near.filter((each) => !Number.isNaN(each.value) && Math.abs(each.age) <= maxAgeDays)
  const before = valid.filter((each) => each.age < 0).at(-1)
  const after = valid.find((each) => each.age > 0)
  const isFilled = before || after ? 1 : none
  if (before && after)
    return { value: before.value + (after.value - before.value) * (-before.age / (after.age - before.age)), isFilled }
  return { value: before?.value ?? after?.value ?? none, isFilled }
}

describe('fillInTime', () => {
  test.each([1, 2, 4, 8])('equals the plain rule on every date, %d days', async (maxAgeDays) => {
    const filled = compile({ fillInTime: 's2', maxAgeDays })
    const flag = compile({ isFilled: 's2', maxAgeDays })
    const windows = [wholeGrid(grid), part(grid, 3, 250, 2, 9)]
    for (const window of windows)
      for (const on of [start, addDays(start, 1), addDays(start, 4), addDays(start, 7), addDays(start, 12)]) {
        const [values, flags] = [await filled.read(window, on), await flag.read(window, on)]
        const plain = Array.from(values.values, (_, i) => {
          const cell = (window.row + Math.floor(i / window.cols)) * grid.cols + window.col + (i % window.cols)
          return filledPlainly(cell, on, maxAgeDays)
        })
        expect(values.values).toEqual(Float32Array.from(plain, (each) => each.value))
        expect(values.reasons).toEqual(
          Uint8Array.from(plain, (each) => (Number.isNaN(each.value) ? reasonCodes.too_old : 0)),
        )
        expect(flags.values).toEqual(Float32Array.from(plain, (each) => each.isFilled))
      }
  })

  test('dates are those within reach of a scene', () => {
    const { times } = compile({ fillInTime: 's2', maxAgeDays: 2 })
    const expected = Array.from({ length: 60 }, (_, i) => addDays(start, i - 10)).filter((each) =>
      offsets.some((offset) => Math.abs(dayNumber(each) - dayNumber(start) - offset) <= 2),
    )
    expect(times).toEqual(expected)
  })

  test.each<[Kind, number[]]>([
    ['continuous', [1.5, 1, none]],
    ['circular', [355, 5, 90]],
    ['decibel', [-10, 10 * Math.log10(0.75 * 0.01 + 0.25), 0]],
    ['categorical', [1, 2, 3]],
  ])('%s values a quarter of the way', async (kind, expected) => {
    const block = await compile({ fillInTime: kind, maxAgeDays: 4 }).read(wholeGrid(strip), day('2018-07-02'))
    expect([...block.values].map((value) => value.toPrecision(5))).toEqual(
      expected.map((value) => value.toPrecision(5)),
    )
  })

  test('beyond the source stays outside, not too old', async () => {
    const block = await compile({ fillInTime: 'continuous', maxAgeDays: 4 }).read(
      part(strip, 0, 2, 1, 2),
      day('2018-07-02'),
    )
    expect([...block.reasons]).toEqual([reasonCodes.too_old, reasonCodes.outside_source])
  })

  test('a field without dates is refused', () => {
    expect(() => compile({ fillInTime: { calendar: 'month' }, maxAgeDays: 2 })).toThrow(/has a value on every date/)
  })

  test('the methods sentence tells all of it', () => {
    const masked: FieldExpression = { mask: 's2', by: 's2', keep: { min: 0.2 } }
    expect(compile({ fillInTime: masked, maxAgeDays: 8 }).lineage).toBe(
      'evi of dataset s2 (10 m), kept only where evi of dataset s2 is at least 0.2, gaps filled by linear interpolation in time from values up to 8 days away',
    )
  })

  test('what is filled is averaged to coarser cells afterwards', async () => {
    const coarse = utmGrid(20, 20, 150)
    const on = addDays(start, 7)
    const share = await compile({ isFilled: 's2', maxAgeDays: 8 }).read(part(coarse, 0, 0, 1, 4), addDays(start, 3))
    const block = await compile({ fillInTime: 's2', maxAgeDays: 8 }).read(part(coarse, 0, 0, 1, 4), on)
    for (let i = 0; i < 4; i++) {
      const under = [0, 1, grid.cols, grid.cols + 1].map((step) => 2 * i + step)
      const values = under.map((cell) => filledPlainly(cell, on, 8).value).filter((value) => !Number.isNaN(value))
      expect(block.values[i]).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 5)
      const flags = under
        .map((cell) => filledPlainly(cell, addDays(start, 3), 8).isFilled)
        .filter((flag) => !Number.isNaN(flag))
      expect(share.values[i]).toBeCloseTo(flags.reduce((a, b) => a + b, 0) / flags.length, 6)
    }
  })
})

describe('antecedent', () => {
  const rain: FieldExpression = { weather: 'farm', variable: 'rain' }
  const value = async (expression: FieldExpression, offset: number) => {
    const block = await compile(expression).read(part(grid, 0, 0, 1, 2), addDays(start, offset))
    return [block.values[1], block.reasons[1]]
  }

  test('sums and means of the days before, today only when asked', async () => {
    expect(await value({ antecedent: rain, days: 3, statistic: 'sum' }, 4)).toEqual([1 + 2 + 3, 0])
    expect(await value({ antecedent: rain, days: 3, statistic: 'mean' }, 4)).toEqual([2, 0])
    expect(await value({ antecedent: rain, days: 3, statistic: 'sum', includeToday: true }, 4)).toEqual([2 + 3 + 4, 0])
    expect(await value({ antecedent: rain, days: 1, statistic: 'sum' }, 10)).toEqual([9, 0])
  })

  test('a missing day is no zero', async () => {
    for (const offset of [7, 8, 9])
      expect(await value({ antecedent: rain, days: 3, statistic: 'sum' }, offset)).toEqual([
        none,
        reasonCodes.no_observation,
      ])
    expect(await value({ antecedent: rain, days: 3, statistic: 'sum' }, 2)).toEqual([none, reasonCodes.no_observation])
    const { times } = compile({ antecedent: rain, days: 3, statistic: 'sum' })
    expect(times).toEqual([3, 4, 5, 6, 10].map((offset) => addDays(start, offset)))
  })

  test('of a filled raster equals plain sums', async () => {
    const field = compile({ antecedent: { fillInTime: 's2', maxAgeDays: 4 }, days: 4, statistic: 'mean' })
    const on = addDays(start, 5)
    const block = await field.read(wholeGrid(grid), on)
    let missing = 0
    for (let i = 0; i < cells; i++) {
      const plain = [1, 2, 3, 4].map((back) => Math.fround(filledPlainly(i, addDays(on, -back), 4).value))
      const mean = plain.reduce((a, b) => a + b, 0) / 4
      if (Number.isNaN(mean)) missing++
      expect(block.reasons[i]).toBe(Number.isNaN(mean) ? reasonCodes.too_old : 0)
      if (!Number.isNaN(mean)) expect(block.values[i]).toBeCloseTo(mean, 6)
    }
    expect(missing).toBeGreaterThan(0)
  })

  test('a static field or an angle has no antecedent', () => {
    const refused = (expression: FieldExpression): LoamError => {
      try {
        compile({ antecedent: expression, days: 3, statistic: 'mean' })
      } catch (thrown) {
        return thrown as LoamError
      }
      throw new Error('was taken')
    }
    expect(refused(1).message).toMatch(/is static/)
    expect(refused('circular').message).toMatch(/is circular/)
    expect(refused('s2').code).toBe('no_dates')
  })
})
