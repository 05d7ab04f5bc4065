import { describe, expect, it } from 'vitest'
import { LoamError, Split, dayFromNumber } from '../../../main/contract/index.ts'
import { makeFolds } from '../../../main/engine/samples/index.ts'
import type { Folds } from '../../../main/engine/samples/index.ts'
import { shuffled, stationRows, tableOf } from './made-table.ts'

const split = (text: object): Split => Split.parse(text)
const rows = stationRows(12, 200, 4)
const table = tableOf(rows, { crs: 'EPSG:32631' })

/** Same rows as square cells of 100 m, 40 × 40. */
const cells = tableOf(
  Array.from({ length: 1600 }, (_, i) => ({
    place: `r${Math.floor(i / 40)}c${i % 40}`,
    day: 17_600,
    target: i,
    x: 50 + (i % 40) * 100,
    y: 50 + Math.floor(i / 40) * 100,
  })),
  { crs: 'EPSG:32631', placeKind: 'cell' },
)

function everyRowTestedOnce(folds: Folds, count: number): void {
  const tested = new Int32Array(count)
  for (let k = 0; k < folds.count; k++) {
    for (const row of folds.test(k)) tested[row]++
    expect(folds.test(k).length + folds.train(k).length).toBe(count)
  }
  expect(new Set(tested)).toEqual(new Set([1]))
}

function sharedNames(folds: Folds, k: number, name: (row: number) => string | number): number {
  const trained = new Set(Array.from(folds.train(k), name))
  return Array.from(folds.test(k), name).filter((one) => trained.has(one)).length
}

function balance(folds: Folds): number {
  const sizes = Array.from({ length: folds.count }, (_, k) => folds.test(k).length)
  return Math.max(...sizes) / Math.min(...sizes)
}

describe('makeFolds', () => {
  it('random: every row tested once, folds equal to one row', () => {
    const folds = makeFolds(table, split({ by: 'random' }), 1)
    everyRowTestedOnce(folds, rows.length)
    const sizes = Array.from({ length: 5 }, (_, k) => folds.test(k).length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
  })

  it('place: stations stay whole, folds are balanced', () => {
    const folds = makeFolds(table, split({ by: 'place' }), 1)
    everyRowTestedOnce(folds, rows.length)
    for (let k = 0; k < 5; k++) expect(sharedNames(folds, k, (row) => table.place[row])).toBe(0)
    expect(balance(folds)).toBeLessThan(1.6)
    expect(folds.description).toBe('Whole stations (12 of them) held out, in 5 folds (seed 1).')
  })

  it('leave one out: one fold a station, whatever the seed', () => {
    const folds = makeFolds(table, split({ leaveOneOut: true }), 1)
    expect(folds.count).toBe(12)
    for (let k = 0; k < 12; k++) expect(new Set(Array.from(folds.test(k), (row) => table.place[row])).size).toBe(1)
  })

  it('stations in one fine cell are held out together', () => {
    const twins = { ...table, cells: Float64Array.from(table.places, (_, i) => (i < 2 ? 7 : 100 + i)) }
    expect(makeFolds(twins, split({ leaveOneOut: true }), 1).count).toBe(11)
    const folds = makeFolds(twins, split({ by: 'place' }), 3)
    const foldsOfTwins = new Set(Array.from(folds.fold).filter((_, row) => table.place[row] < 2))
    expect(foldsOfTwins.size).toBe(1)
  })

  it('place with cells: square blocks stay whole', () => {
    const folds = makeFolds(cells, split({ by: 'place', blockSize: 500 }), 2)
    everyRowTestedOnce(folds, 1600)
    expect(folds.description).toContain('blocks of 500 m (64 of them)')
    const block = (row: number) => `${Math.floor(cells.x[row] / 500)} ${Math.floor(cells.y[row] / 500)}`
    for (let k = 0; k < 5; k++) expect(sharedNames(folds, k, block)).toBe(0)
    expect(balance(folds)).toBeLessThan(1.2)
  })

  it('blocks default to a tenth of the longer side and are metres in degrees too', () => {
    expect(makeFolds(cells, split({}), 1).description).toContain('blocks of 390 m')
    const degrees = {
      ...cells,
      crs: 'EPSG:4326',
      x: cells.x.map((x) => x / 100_000),
      y: cells.y.map((y) => 60 + y / 100_000),
    }
    // 4000 units are 0.04°: 4.45 km north, 2.22 km east at 60° N; blocks of 1112 m give 4 (or 5) × 2 (or 3).
    const count = Number(
      /\((\d+) of them/.exec(makeFolds(degrees, split({ blockSize: 1112, folds: 2 }), 1).description)![1],
    )
    expect(count).toBeGreaterThanOrEqual(8)
    expect(count).toBeLessThanOrEqual(15)
  })

  it.each(['month', 'year', 'week'] as const)('time: each %s stays whole', (timeBlock) => {
    const long = tableOf(stationRows(3, 1200, 9))
    const folds = makeFolds(long, split({ by: 'time', timeBlock, folds: 3 }), 1)
    everyRowTestedOnce(folds, long.target.length)
    const name = (row: number) => {
      const day = dayFromNumber(long.day[row])
      if (timeBlock === 'month') return day.slice(0, 7)
      if (timeBlock === 'year') return day.slice(0, 4)
      const weekday = (new Date(day).getUTCDay() + 6) % 7
      return long.day[row] - weekday
    }
    for (let k = 0; k < 3; k++) expect(sharedNames(folds, k, name)).toBe(0)
  })

  it('place and time: tests are new in both, training shares neither', () => {
    const folds = makeFolds(table, split({ by: 'place_and_time', folds: 3 }), 1)
    let tested = 0
    for (let k = 0; k < 3; k++) {
      expect(folds.test(k).length).toBeGreaterThan(0)
      expect(sharedNames(folds, k, (row) => table.place[row])).toBe(0)
      expect(sharedNames(folds, k, (row) => dayFromNumber(table.day[row]).slice(0, 7))).toBe(0)
      tested += folds.test(k).length
    }
    expect(tested).toBe(folds.fold.filter((fold) => fold >= 0).length)
    expect(tested / rows.length).toBeGreaterThan(0.2)
    expect(tested / rows.length).toBeLessThan(0.5)
  })

  it.each(['random', 'place', 'time', 'place_and_time'] as const)(
    '%s: order of rows does not matter, the seed does',
    (by) => {
      const options = split({ by, folds: 3 })
      const other = shuffled(rows, 77)
      const folds = makeFolds(table, options, 5)
      const again = makeFolds(tableOf(other, { crs: 'EPSG:32631' }), options, 5)
      expect(again.hash).toBe(folds.hash)
      const foldOf = new Map(other.map((row, i) => [row, again.fold[i]]))
      rows.forEach((row, i) => expect(foldOf.get(row)).toBe(folds.fold[i]))
      const hashes = new Set([1, 2, 3, 4].map((seed) => makeFolds(table, options, seed).hash))
      expect(hashes.size).toBeGreaterThan(1)
    },
  )

  it('refuses more folds than groups, and says how many there are', () => {
    const few = tableOf(stationRows(3, 20, 1))
    expect(() => makeFolds(few, split({ by: 'place' }), 1)).toThrow(/in 3 stations; 5 folds need at least as many/)
    expect(() => makeFolds(few, split({ by: 'time' }), 1)).toThrow(LoamError)
    expect(() => makeFolds(cells, split({ blockSize: 1e6 }), 1)).toThrow(/smaller blocks/)
  })

  it('refuses leave-one-out for cells, times and random rows', () => {
    for (const [of, by] of [
      [cells, 'place'],
      [table, 'time'],
      [table, 'random'],
    ] as const)
      expect(() => makeFolds(of, split({ by, leaveOneOut: true }), 1)).toThrow(/needs a station target/)
  })

  it('refuses blocks without positions', () => {
    expect(() => makeFolds({ ...cells, crs: undefined }, split({}), 1)).toThrow(/no positions/)
  })
})
