import { describe, expect, it } from 'vitest'
import { Split } from '../../../main/contract/index.ts'
import { driftReport, leakageReport, makeFolds } from '../../../main/engine/samples/index.ts'
import type { SampleTable } from '../../../main/engine/samples/index.ts'
import { stationRows, tableOf } from './made-table.ts'

const split = (text: object): Split => Split.parse(text)
const table = tableOf(stationRows(12, 150, 4), { crs: 'EPSG:32631' })

/** The report's counts again, row against row. */
function plainly(table: SampleTable, folds: ReturnType<typeof makeFolds>, days: number) {
  const cell = (row: number) => table.cells?.[table.place[row]] ?? table.place[row]
  let [tested, samePlace, sameCell, near, same] = [0, 0, 0, 0, 0]
  for (let k = 0; k < folds.count; k++) {
    const train = [...folds.train(k)]
    for (const row of folds.test(k)) {
      tested++
      if (train.some((other) => table.place[other] === table.place[row])) samePlace++
      if (train.some((other) => cell(other) === cell(row))) sameCell++
      if (train.some((other) => cell(other) === cell(row) && Math.abs(table.day[other] - table.day[row]) <= days))
        near++
      if (train.some((other) => table.columns.every((column) => column[other] === column[row]))) same++
    }
  }
  return {
    tested,
    samePlace: samePlace / tested,
    sameCell: sameCell / tested,
    nearInTime: near / tested,
    samePredictors: same / tested,
  }
}

describe('leakageReport', () => {
  const coarse = { ...table, columns: table.columns.map((column) => column.map((value) => Math.round(value))) }
  const twins = { ...coarse, cells: Float64Array.from(table.places, (_, i) => (i < 4 ? i % 2 : i)) }

  it.each(['random', 'place', 'time', 'place_and_time'] as const)('%s: equals a count of row against row', (by) => {
    for (const one of [table, twins]) {
      const folds = makeFolds(one, split({ by, folds: 3 }), 2)
      expect(leakageReport(one, folds, { days: 2 })).toMatchObject(plainly(one, folds, 2))
    }
  })

  it('random folds leak and say so; folds by place share no place', () => {
    const random = leakageReport(table, makeFolds(table, split({ by: 'random' }), 1))
    expect(random.samePlace).toBe(1)
    expect(random.nearInTime).toBeGreaterThan(0.95)
    expect(random.medianDistance).toBe(0)
    expect(random.lines.join(' ')).toMatch(/100 % of them have their own place in training.*These folds leak/)
    const place = leakageReport(twins, makeFolds(twins, split({ by: 'place' }), 1))
    expect([place.samePlace, place.sameCell, place.nearInTime]).toEqual([0, 0, 0])
    expect(place.medianDistance).toBeGreaterThan(10)
    expect(place.lines).toContain('None of them have their own place in training.')
    expect(place.lines.join(' ')).not.toContain('leak')
  })

  it('folds by time share days only at the edges of their blocks', () => {
    const time = leakageReport(table, makeFolds(table, split({ by: 'time', folds: 3 }), 1), { days: 3 })
    expect(time.samePlace).toBe(1)
    expect(time.nearInTime).toBeGreaterThan(0)
    expect(time.nearInTime).toBeLessThan(0.3)
    expect(time.lines.at(-1)).toMatch(/edges of the time blocks/)
  })

  it('names stations in one cell, counts duplicates and close neighbours', () => {
    const rows = stationRows(5, 40, 1)
    const doubled = tableOf([...rows, rows[0], rows[7]], { crs: 'EPSG:32631', cells: Float64Array.of(1, 2, 1, 3, 4) })
    const report = leakageReport(doubled, makeFolds(doubled, split({ by: 'random' }), 1), { distance: 1 })
    expect(report.duplicateRows).toBe(4)
    expect(report.sharedCells).toEqual(['s0', 's2'])
    expect(report.closeNeighbours).toBe(1)
    const apart = leakageReport(table, makeFolds(table, split({ leaveOneOut: true }), 1), { distance: 1e6 })
    expect(apart.closeNeighbours).toBe(1)
    const none = leakageReport(table, makeFolds(table, split({ leaveOneOut: true }), 1), { distance: 1e-3 })
    expect(none.closeNeighbours).toBe(0)
  })

  it('leave one out: the nearest other station, by hand', () => {
    const line = tableOf(
      [0, 100, 250].flatMap((x, i) => [1, 2].map((day) => ({ place: `s${i}`, day, target: i + day, x, y: 0 }))),
      { crs: 'EPSG:32631' },
    )
    expect(leakageReport(line, makeFolds(line, split({ leaveOneOut: true }), 1)).medianDistance).toBe(100)
  })

  it('does without positions', () => {
    const placeless = { ...table, crs: undefined }
    const report = leakageReport(placeless, makeFolds(placeless, split({ by: 'place' }), 1), { distance: 10 })
    expect([report.medianDistance, report.closeNeighbours]).toEqual([null, null])
  })
})

describe('driftReport', () => {
  it('finds the predictor that differs between stations, not the one that is dealt alike', () => {
    const folds = makeFolds(table, split({ leaveOneOut: true }), 1)
    const [first, ...others] = driftReport(table, folds)
    expect(first.variable).toBe('p0')
    expect(first.meanDistance).toBeGreaterThan(0.5)
    for (const other of others) expect(other.meanDistance).toBeLessThan(0.25)
    expect(others.map((other) => other.variable).sort()).toEqual(['p1', 'target'])
  })

  it('equals the largest gap between shares, counted plainly', () => {
    const folds = makeFolds(table, split({ by: 'place', folds: 3 }), 1)
    const p1 = driftReport(table, folds).find((drift) => drift.variable === 'p1')!
    const gaps = [0, 1, 2].map((k) => {
      const share = (rows: Int32Array, at: number) =>
        rows.filter((row) => table.columns[1][row] <= at).length / rows.length
      const [test, train] = [folds.test(k), folds.train(k)]
      return Math.max(...table.columns[1].map((at) => Math.abs(share(test, at) - share(train, at))))
    })
    expect(p1.largestDistance).toBeCloseTo(Math.max(...gaps), 6)
    expect(p1.meanDistance).toBeCloseTo((gaps[0] + gaps[1] + gaps[2]) / 3, 6)
    expect(p1.fold).toBe(gaps.indexOf(Math.max(...gaps)))
  })
})
