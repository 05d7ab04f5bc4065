import { describe, expect, it } from 'vitest'
import {
  areaToPoint,
  parseVariogram,
  semivariance,
  sillOf,
  variogramPart,
} from '../../../main/engine/geostatistics/index.ts'
import type { AreaMeans, VariogramModel } from '../../../main/engine/geostatistics/index.ts'
import { Random } from '../../../main/engine/numeric/index.ts'
import { describeWithSharedData } from '../../shared-data.ts'
import { largestRelative, referenceTable } from './reference-points.ts'

interface Square {
  readonly x: number
  readonly y: number
  readonly side: number
}
type Point = readonly [number, number]

/** n × n points of a square, each for the same share of it. */
function pointsOf({ x, y, side }: Square, n: number): Point[] {
  return Array.from({ length: n * n }, (_, i): Point => {
    const [row, col] = [Math.floor(i / n), i % n]
    return [x + ((col + 0.5) / n - 0.5) * side, y + ((row + 0.5) / n - 0.5) * side]
  })
}

function meansOf(areas: readonly (readonly Point[])[], values: readonly number[]): AreaMeans {
  const starts = [0]
  for (const points of areas) starts.push(starts.at(-1)! + points.length)
  return {
    values: Float64Array.from(values),
    starts: Float64Array.from(starts),
    x: Float64Array.from(areas.flat(), ([x]) => x),
    y: Float64Array.from(areas.flat(), ([, y]) => y),
    weight: Float64Array.from(areas.flatMap((points) => points.map(() => 1 / points.length))),
  }
}

/** Ordinary kriging between sets of points in plain lines: Gauss–Jordan on the whole system. */
function plainly(
  model: VariogramModel,
  areas: readonly (readonly Point[])[],
  values: readonly number[],
  target: readonly Point[],
) {
  const covariance = (a: readonly Point[], b: readonly Point[]): number => {
    let sum = 0
    for (const [ax, ay] of a) for (const [bx, by] of b) sum += sillOf(model) - semivariance(model, ax - bx, ay - by)
    return sum / a.length / b.length
  }
  const n = areas.length
  const rows = areas.map((a) => [...areas.map((b) => covariance(a, b)), 1, covariance(a, target)])
  rows.push([...areas.map(() => 1), 0, 1])
  for (let k = 0; k <= n; k++) {
    let pivot = k
    for (let i = k; i <= n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    for (let i = 0; i <= n; i++) {
      if (i === k) continue
      const factor = rows[i][k] / rows[k][k]
      for (let j = k; j <= n + 1; j++) rows[i][j] -= factor * rows[k][j]
    }
  }
  const weights = rows.map((row, i) => row[n + 1] / row[i])
  return {
    prediction: values.reduce((sum, value, i) => sum + weights[i] * value, 0),
    variance:
      covariance(target, target) - areas.reduce((sum, a, i) => sum + weights[i] * covariance(a, target), weights[n]),
  }
}

const model = parseVariogram('sph(2,700)+exp(0.5,120)')
const squares = Array.from({ length: 12 }, (_, i) => ({ x: 400 * (i % 4), y: 400 * Math.floor(i / 4), side: 400 }))
const random = new Random(7)
const values = squares.map(() => random.normal())

describe('kriging from areas', () => {
  it('gives what plain lines give, to points and to areas of any points', async () => {
    const areas = squares.map((square, i) => pointsOf(square, 2 + (i % 3)))
    const targets: Point[][] = [
      [[130, 210]],
      [[1210, 777]],
      [[-90, 40]],
      pointsOf({ x: 500, y: 300, side: 250 }, 3),
      pointsOf(squares[5], 4),
    ]
    const starts = [0]
    for (const points of targets) starts.push(starts.at(-1)! + points.length)
    const found = await areaToPoint(meansOf(areas, values), model, {
      x: Float64Array.from(targets.flat(), ([x]) => x),
      y: Float64Array.from(targets.flat(), ([, y]) => y),
      starts: Float64Array.from(starts),
      groupStarts: Float64Array.of(0, 2, 5),
      own: Float64Array.of(-1, -1),
    })
    const expected = targets.map((target) => plainly(model, areas, values, target))
    expected.forEach(({ prediction, variance }, i) => {
      expect(found.prediction[i]).toBeCloseTo(prediction, 10)
      expect(found.variance![i]).toBeCloseTo(variance, 10)
    })
  })

  it('takes the nearest areas of a group, its own among them, and its predictions average to the value of the area', async () => {
    const areas = squares.map((square) => pointsOf(square, 3))
    const own = 6
    const cells = pointsOf(squares[own], 10).filter((_, i) => i % 7 !== 0)
    const { prediction, variance } = await areaToPoint(
      meansOf(areas, values),
      model,
      {
        x: Float64Array.from(cells, ([x]) => x),
        y: Float64Array.from(cells, ([, y]) => y),
        starts: null,
        groupStarts: Float64Array.of(0, cells.length),
        own: Float64Array.of(own),
      },
      { neighbours: 5 },
    )
    expect(prediction.reduce((sum, value) => sum + value, 0) / cells.length).toBeCloseTo(values[own], 12)
    // Its four sides and itself, the own area being the mean of the cells that are there.
    const five = [6, 2, 5, 7, 10]
    const supports = five.map((i) => (i === own ? cells : areas[i]))
    for (const i of [0, 40, 80]) {
      const expected = plainly(
        model,
        supports,
        five.map((a) => values[a]),
        [cells[i]],
      )
      expect(prediction[i]).toBeCloseTo(expected.prediction, 9)
      expect(variance![i]).toBeCloseTo(expected.variance, 9)
    }
  })

  it('does not depend on the number of threads', async () => {
    const areas = meansOf(
      squares.map((square) => pointsOf(square, 3)),
      values,
    )
    const cells = squares.flatMap((square) => pointsOf(square, 6))
    const targets = {
      x: Float64Array.from(cells, ([x]) => x),
      y: Float64Array.from(cells, ([, y]) => y),
      starts: null,
      groupStarts: Float64Array.from({ length: 13 }, (_, i) => i * 36),
      own: Float64Array.from(squares.keys()),
    }
    const [one, three] = await Promise.all(
      [1, 3].map((threads) => areaToPoint(areas, model, targets, { neighbours: 9, threads })),
    )
    expect(three).toEqual(one)
  })

  it('solves a smooth variogram and keeps the own value', async () => {
    const areas = meansOf(
      squares.map((square) => pointsOf(square, 4)),
      values,
    )
    const cells = pointsOf(squares[5], 20)
    const targets = {
      x: Float64Array.from(cells, ([x]) => x),
      y: Float64Array.from(cells, ([, y]) => y),
      starts: null,
      groupStarts: Float64Array.of(0, 400),
      own: Float64Array.of(5),
    }
    const { prediction } = await areaToPoint(areas, parseVariogram('gau(1,3000)'), targets, { neighbours: 12 })
    expect(prediction.reduce((sum, value) => sum + value, 0) / 400).toBeCloseTo(values[5], 6)
  })

  it.each([
    ['too_few_rows', { areas: meansOf([], []), model }],
    ['bad_input', { areas: meansOf([pointsOf(squares[0], 2)], [Number.NaN]), model }],
    ['bad_input', { areas: meansOf([pointsOf(squares[0], 2)], [1]), model: parseVariogram('nug(1)') }],
    ['too_large', { areas: meansOf([pointsOf(squares[0], 2)], [1]), model, neighbours: 500 }],
  ])(
    'refuses with %s',
    async (
      code,
      { areas, model: own, neighbours }: { areas: AreaMeans; model: VariogramModel; neighbours?: number },
    ) => {
      const targets = {
        x: Float64Array.of(1),
        y: Float64Array.of(1),
        starts: null,
        groupStarts: Float64Array.of(0, 1),
        own: Float64Array.of(-1),
      }
      await expect(areaToPoint(areas, own, targets, { neighbours })).rejects.toMatchObject({ code })
    },
  )
})

describeWithSharedData('area to point beside gstat', () => {
  it('meuse log zinc, squares of 400 m by 4 × 4 points', async () => {
    const table = referenceTable('meuse/a2p_areas_400m.csv')
    const { psill, range } = referenceTable('meuse/a2p_point_variogram.csv')
    const reference = referenceTable('meuse/a2p_gstat_reference_half.csv')
    const areas = Array.from(table.z.keys(), (i) =>
      pointsOf({ x: (table.xmin[i] + table.xmax[i]) / 2, y: (table.ymin[i] + table.ymax[i]) / 2, side: 400 }, 4),
    )
    const found = await areaToPoint(
      meansOf(areas, Array.from(table.z)),
      [variogramPart({ shape: 'sph', partialSill: psill[0], range: range[0] })],
      {
        x: reference.x,
        y: reference.y,
        starts: null,
        groupStarts: Float64Array.of(0, reference.x.length),
        own: Float64Array.of(-1),
      },
    )
    expect(largestRelative(found.prediction, reference.pred)).toBeLessThan(1e-9)
    expect(largestRelative(found.variance!, reference.var)).toBeLessThan(1e-9)
  })
})
