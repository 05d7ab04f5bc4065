import { expect, test } from 'vitest'
import { biplotOf, keptRows } from '../../../main/engine/drafts/index.ts'
import type { DraftRows } from '../../../main/engine/drafts/index.ts'
import { Random, pearson, variance } from '../../../main/engine/numeric/index.ts'

const n = 400
const places = 8

/** Three predictors of one hidden cause, one on its own, one that never changes. */
function sample(): DraftRows {
  const random = new Random(5)
  const cause = Float64Array.from({ length: n }, () => random.normal())
  const column = (of: (row: number) => number) => Float32Array.from({ length: n }, (_, row) => of(row))
  return {
    table: {
      predictors: ['warm', 'dry', 'steep', 'own', 'flat'],
      columns: [
        column((row) => 280 + 5 * cause[row] + random.normal()),
        column((row) => -0.1 * cause[row] + 0.03 * random.normal()),
        column((row) => 2 * cause[row] + 2 * random.normal()),
        column(() => 1000 * random.uniform()),
        column(() => 7),
      ],
      target: Float64Array.from(cause, (value) => 0.3 - 0.04 * value),
      place: Int32Array.from({ length: n }, (_, row) => row % places),
      places: Array.from({ length: places }, (_, i) => `P${i}`),
      day: Int32Array.from({ length: n }, (_, row) => 17_000 + Math.floor(row / places)),
      x: Float64Array.from({ length: n }, (_, row) => 100 * (row % places)),
      y: new Float64Array(n),
      excluded: {},
      crs: 'EPSG:32632',
    },
    units: ['K', '1', 'degree', 'm', '1'],
    targetUnit: 'm3 m-3',
    days: 50,
    daysOf: 50,
    rowsOf: n,
    sealed: null,
  }
}

const everything = (rows: DraftRows) => keptRows(rows, {}).kept

test('the first components are those that power iteration finds, with arrows that are correlations', () => {
  const rows = sample()
  const { predictors, shares, points, left } = biplotOf(rows, everything(rows))
  expect(left).toEqual(['flat'])
  const columns = rows.table.columns.slice(0, 4)
  // Plain: multiply by the correlation matrix until the direction stays; take it away; once more.
  const matrix = columns.map((a) => columns.map((b) => pearson(a, b)))
  for (const component of [0, 1]) {
    let v = [1, 0.3, -0.2, 0.5]
    let value = 0
    for (let i = 0; i < 3000; i++) {
      const next = matrix.map((row) => row.reduce((sum, each, j) => sum + each * v[j], 0))
      value = Math.hypot(...next)
      v = next.map((each) => each / value)
    }
    expect(shares[component]).toBeCloseTo(value / 4, 6)
    const largest = v.reduce((best, each) => (Math.abs(each) > Math.abs(best) ? each : best))
    const sign = Math.sign(largest)
    const arrows = predictors.map(({ x, y }) => [x, y][component])
    arrows.forEach((arrow, i) => expect(arrow).toBeCloseTo(sign * v[i] * Math.sqrt(value), 5))
    for (const [i, row] of matrix.entries()) for (const j of row.keys()) row[j] -= value * v[i] * v[j]

    const scores = points.map(({ x, y }) => [x, y][component])
    expect(variance(scores)).toBeCloseTo(1, 6)
    columns.forEach((column, i) => expect(pearson(column, scores)).toBeCloseTo(arrows[i], 5))
  }
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
  const [x, y] = [points.map((each) => each.x), points.map((each) => each.y)]
  expect(pearson(x, y)).toBeCloseTo(0, 6)
})

test('a brush on the components keeps its rows and turns no axis', () => {
  const rows = sample()
  const all = biplotOf(rows, everything(rows))
  const { kept } = keptRows(rows, { ranges: [{ of: 'PC1', low: 0, high: 9 }], places: ['P0', 'P1'] })
  const some = biplotOf(rows, kept)
  const own = all.points.filter(({ x, place }) => x >= 0 && (place === 'P0' || place === 'P1'))
  expect(own.length).toBeGreaterThan(20)
  expect(some.points).toEqual(own)
  expect(some.predictors).toEqual(all.predictors)
  expect([some.n, some.of]).toEqual([own.length, n])
})

test('one predictor, or none that varies, has no second direction and fails nothing', () => {
  const rows = sample()
  const alone = (...at: number[]): DraftRows => ({
    ...rows,
    table: {
      ...rows.table,
      predictors: at.map((i) => rows.table.predictors[i]),
      columns: at.map((i) => rows.table.columns[i]),
    },
  })
  const one = alone(0)
  expect(biplotOf(one, everything(one))).toMatchObject({
    shares: [expect.closeTo(1, 9)],
    predictors: [{ name: 'warm', y: 0 }],
  })
  const none = alone(4)
  expect(biplotOf(none, everything(none))).toMatchObject({ shares: [], predictors: [], left: ['flat'] })
})
