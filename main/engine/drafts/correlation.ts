import { LoamError, dayFromNumber } from '../../contract/index.ts'
import type { CorrelationMatrix, SampleScatter } from '../../contract/index.ts'
import { pearson, pearsonPValue } from '../numeric/index.ts'
import { pickRows, rowCount } from '../samples/index.ts'
import type { SampleTable } from '../samples/index.ts'
import type { DraftRows } from './draft-job.ts'

const bins = 32

/** Pearson's r of every pair of predictors and the target. Daily rows of one place resemble each other, so p is taken from an
 *  effective number of pairs: n (1 − a b) / (1 + a b), a and b the correlations of either column with itself one row later at the
 *  same place.
 *  @param kept rows that are looked at; the bins of the histograms are those of all rows
 *  Source: Bayley & Hammersley (1946), J. R. Stat. Soc. Suppl. 8, 184–197; Bretherton et al. (1999), J. Climate 12, eq. 31. */
export function correlationOf(sample: DraftRows, kept: Int32Array): CorrelationMatrix {
  const table = pickRows(sample.table, kept)
  const columns: ArrayLike<number>[] = [...table.columns, table.target]
  const names = [...table.predictors, 'target']
  const n = rowCount(table)
  const next = nextAtPlace(table)
  const memory = columns.map((column) => lagOne(column, next))
  const size = names.length
  const r = new Array<number | null>(size * size).fill(null)
  const p = [...r]
  const effectiveN = [...r]
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const own = n < 3 ? Number.NaN : i === j ? 1 : pearson(columns[i], columns[j])
      if (Number.isNaN(own)) continue
      const effective = effectiveCount(n, memory[i], memory[j])
      for (const at of [i * size + j, j * size + i]) {
        r[at] = own
        effectiveN[at] = Math.round(effective)
        p[at] = i === j ? null : pearsonPValue(own, effective)
      }
    }
  return {
    names,
    units: [...sample.units, sample.targetUnit],
    rows: n,
    rowsRead: rowCount(sample.table),
    rowsOf: sample.rowsOf,
    days: sample.days,
    histograms: [...sample.table.columns, sample.table.target].map((column) => histogram(column, kept)),
    r,
    p,
    effectiveN,
  }
}

function effectiveCount(n: number, a: number, b: number): number {
  const product = Math.max(0, a * b)
  return Math.max(3, Math.min(n, (n * (1 - product)) / (1 + product)))
}

/** Rows that count after neighbours in time at one place are taken together, for the predictor with the longest memory; what
 *  never changes at a place still has as many values as there are places. */
export function effectiveRows({ table }: DraftRows): number {
  const n = rowCount(table)
  const next = nextAtPlace(table)
  const memories = table.columns.map((column) => lagOne(column, next))
  const least = Math.min(n, ...memories.map((memory) => effectiveCount(n, memory, memory)))
  return Math.round(Math.max(new Set(table.place).size, least))
}

/** For each row the next one in time at its place; −1 for the last. */
function nextAtPlace(table: SampleTable): Int32Array {
  const order = Int32Array.from(table.place.keys()).sort(
    (a, b) => table.place[a] - table.place[b] || table.day[a] - table.day[b],
  )
  const next = new Int32Array(order.length).fill(-1)
  for (let i = 1; i < order.length; i++)
    if (table.place[order[i]] === table.place[order[i - 1]]) next[order[i - 1]] = order[i]
  return next
}

function lagOne(column: ArrayLike<number>, next: Int32Array): number {
  const now: number[] = []
  const then: number[] = []
  next.forEach((other, row) => {
    if (other < 0) return
    now.push(column[row])
    then.push(column[other])
  })
  const r = now.length < 3 ? Number.NaN : pearson(now, then)
  // A column that never changes at a place says nothing new on a second day.
  return Number.isNaN(r) ? 0 : Math.min(r, 0.999)
}

function range(column: ArrayLike<number>): [number, number] {
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < column.length; i++) {
    if (column[i] < low) low = column[i]
    if (column[i] > high) high = column[i]
  }
  return low > high ? [0, 1] : low === high ? [low - 0.5, high + 0.5] : [low, high]
}

const binOf = (value: number, [low, high]: readonly [number, number], count: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * count)))

function histogram(column: ArrayLike<number>, kept: Int32Array): CorrelationMatrix['histograms'][number] {
  const own = range(column)
  const counts = new Array<number>(bins).fill(0)
  const all = new Array<number>(bins).fill(0)
  for (let i = 0; i < column.length; i++) all[binOf(column[i], own, bins)]++
  for (const row of kept) counts[binOf(column[row], own, bins)]++
  return { low: own[0], high: own[1], counts, all }
}

const mostPoints = 5000

interface ScatterColumns {
  readonly x: string
  readonly y: string
  /** Per axis. */
  readonly bins: number
}

/** Two columns of the sample against each other; bins are those of all rows, so that a brush moves no axis.
 *  @throws unknown_name */
export function scatterOf(sample: DraftRows, { x, y, bins: size }: ScatterColumns, kept: Int32Array): SampleScatter {
  const { table } = sample
  const [ownX, ownY] = [columnOf(sample, x), columnOf(sample, y)]
  const count = (rows: Iterable<number>): number[] => {
    const counts = new Array<number>(size * size).fill(0)
    for (const i of rows)
      counts[binOf(ownY.values[i], ownY.range, size) * size + binOf(ownX.values[i], ownX.range, size)]++
    return counts
  }
  const n = kept.length
  const axis = ({ name, unit, range: [low, high] }: typeof ownX) => ({ name, unit, low, high })
  const points =
    n > mostPoints
      ? null
      : Array.from(kept, (i) => ({
          x: ownX.values[i],
          y: ownY.values[i],
          day: dayFromNumber(table.day[i]),
          place: table.places[table.place[i]],
        }))
  return {
    x: axis(ownX),
    y: axis(ownY),
    n,
    of: rowCount(table),
    size,
    counts: count(kept),
    all: count(table.target.keys()),
    points,
  }
}

function columnOf({ table, units, targetUnit }: DraftRows, name: string) {
  const at = table.predictors.indexOf(name)
  const values: ArrayLike<number> | undefined = name === 'target' ? table.target : table.columns[at]
  if (!values)
    throw new LoamError(
      'unknown_name',
      `The sample has no column "${name}". It has ${table.predictors.join(', ')} and target.`,
      {
        name,
      },
    )
  return { name, unit: name === 'target' ? targetUnit : units[at], values, range: range(values) }
}
