import { Random } from '../../../main/engine/numeric/index.ts'
import type { SampleTable } from '../../../main/engine/samples/index.ts'

export interface MadeRow {
  place: string
  day: number
  target: number
  x?: number
  y?: number
  predictors?: number[]
}

/** A table written row by row. */
export function tableOf(rows: MadeRow[], more: Partial<SampleTable> = {}): SampleTable {
  const places = [...new Set(rows.map((row) => row.place))]
  const width = rows[0]?.predictors?.length ?? 1
  return {
    predictors: Array.from({ length: width }, (_, j) => `p${j}`),
    columns: Array.from({ length: width }, (_, j) =>
      Float32Array.from(rows, (row) => row.predictors?.[j] ?? row.target),
    ),
    target: Float64Array.from(rows, (row) => row.target),
    place: Int32Array.from(rows, (row) => places.indexOf(row.place)),
    places,
    day: Int32Array.from(rows, (row) => row.day),
    x: Float64Array.from(rows, (row) => row.x ?? NaN),
    y: Float64Array.from(rows, (row) => row.y ?? NaN),
    excluded: {},
    ...more,
  }
}

/** Stations `s0`, `s1`, … with gaps, over `days` days from 2018-01-01; static predictor, dynamic predictor. */
export function stationRows(stations: number, days: number, seed: number): MadeRow[] {
  const random = new Random(seed)
  const rows: MadeRow[] = []
  for (let s = 0; s < stations; s++) {
    const level = random.normal()
    const share = 0.5 + 0.5 * random.uniform()
    const x = 500_000 + 1000 * random.uniform()
    const y = 5_000_000 + 1000 * random.uniform()
    for (let d = 0; d < days; d++)
      if (random.uniform() < share)
        rows.push({
          place: `s${s}`,
          day: 17_532 + d,
          target: random.uniform(),
          x,
          y,
          predictors: [level, random.normal()],
        })
  }
  return rows
}

/** The same rows in another order. */
export function shuffled(rows: MadeRow[], seed: number): MadeRow[] {
  const order = new Random(seed).shuffle(Int32Array.from(rows.keys()))
  return Array.from(order, (i) => rows[i])
}
