import type { Folds } from './folds.ts'
import { median } from '../numeric/index.ts'
import { metricPlaces } from './metric-places.ts'
import { rowCount } from './sample-table.ts'
import type { SampleTable } from './sample-table.ts'

export interface LeakageOptions {
  /** Days before and after a tested day in which a training row of the same place counts as near; default 3. */
  readonly days?: number
  /** Distance below which a training place counts as a neighbour, metres; default none is counted. */
  readonly distance?: number
}

/** What a model could know of its test rows already. Shares are 0 to 1. */
export interface LeakageReport {
  /** Rows that some fold tests. */
  readonly tested: number
  /** Tested rows whose place is in training. */
  readonly samePlace: number
  /** Tested rows whose fine cell is in training, by this station or another. */
  readonly sameCell: number
  /** Tested rows whose fine cell is in training within `days` of their day. */
  readonly nearInTime: number
  /** Tested rows whose predictors, all of them, equal those of a training row. */
  readonly samePredictors: number
  /** Tested places with a training place closer than `distance`; null without a distance or without positions. */
  readonly closeNeighbours: number | null
  /** Median distance from a tested place to the nearest training place, metres; null without positions. */
  readonly medianDistance: number | null
  /** Rows that have the place and day of another row. */
  readonly duplicateRows: number
  /** Places that share their fine cell with another place. */
  readonly sharedCells: string[]
  /** The same in sentences, for the user. */
  readonly lines: string[]
}

/** Looks for what test and training rows of a fold have in common. Folds by place should share no place and no cell;
 *  folds by time share places by intention and should share no near day; random folds share everything, which is why
 *  their scores look better than the map is. */
export function leakageReport(table: SampleTable, folds: Folds, options: LeakageOptions = {}): LeakageReport {
  const days = options.days ?? 3
  const cell = cellOfPlaces(table)
  const order = byCellAndDay(table, cell)
  const predictorClass = classesOfPredictors(table)
  const positions = metricPlaces(table)
  const counts = { tested: 0, samePlace: 0, sameCell: 0, nearInTime: 0, samePredictors: 0 }
  const distances: number[] = []
  for (let k = 0; k < folds.count; k++) {
    const test = folds.test(k)
    const inTrain = new Uint8Array(rowCount(table))
    const placeTrained = new Uint8Array(table.places.length)
    const cellTrained = new Uint8Array(table.places.length)
    const classTrained = new Uint8Array(rowCount(table))
    for (const row of folds.train(k)) {
      inTrain[row] = 1
      placeTrained[table.place[row]] = 1
      cellTrained[cell[table.place[row]]] = 1
      classTrained[predictorClass[row]] = 1
    }
    for (const row of test) {
      counts.tested++
      counts.samePlace += placeTrained[table.place[row]]
      counts.sameCell += cellTrained[cell[table.place[row]]]
      counts.samePredictors += classTrained[predictorClass[row]]
      if (isNearTraining(order, row, days, inTrain)) counts.nearInTime++
    }
    if (positions) distances.push(...distancesToTraining(table, positions, test, placeTrained))
  }
  const share = (count: number) => (counts.tested === 0 ? 0 : count / counts.tested)
  const { distance } = options
  const found = {
    tested: counts.tested,
    samePlace: share(counts.samePlace),
    sameCell: share(counts.sameCell),
    nearInTime: share(counts.nearInTime),
    samePredictors: share(counts.samePredictors),
    closeNeighbours:
      distance === undefined || distances.length === 0
        ? null
        : distances.filter((one) => one < distance).length / distances.length,
    medianDistance: distances.length === 0 ? null : median(distances),
    duplicateRows: countDuplicates(table),
    sharedCells: placesThatShareCells(table, cell),
  }
  return { ...found, lines: inWords(found, folds, days, distance) }
}

/** A number for the fine cell of each place, 0 up; places without cells have one each. */
function cellOfPlaces(table: SampleTable): Int32Array {
  const numbers = new Map<number, number>()
  return Int32Array.from(table.places, (_, place) => {
    const key = table.cells ? table.cells[place] : place
    if (!numbers.has(key)) numbers.set(key, numbers.size)
    return numbers.get(key)!
  })
}

interface RowOrder {
  /** Rows sorted by cell, then day. */
  readonly rows: Uint32Array
  readonly positionOf: Uint32Array
  readonly cellOfRow: Int32Array
  readonly day: Int32Array
}

function byCellAndDay(table: SampleTable, cell: Int32Array): RowOrder {
  const { day } = table
  const cellOfRow = table.place.map((place) => cell[place])
  const rows = Uint32Array.from(day.keys()).sort((a, b) => cellOfRow[a] - cellOfRow[b] || day[a] - day[b])
  const positionOf = new Uint32Array(rows.length)
  rows.forEach((row, position) => (positionOf[row] = position))
  return { rows, positionOf, cellOfRow, day }
}

function isNearTraining(
  { rows, positionOf, cellOfRow, day }: RowOrder,
  row: number,
  days: number,
  inTrain: Uint8Array,
): boolean {
  for (const step of [-1, 1])
    for (let at = positionOf[row] + step; at >= 0 && at < rows.length; at += step) {
      const other = rows[at]
      if (cellOfRow[other] !== cellOfRow[row] || Math.abs(day[other] - day[row]) > days) break
      if (inTrain[other]) return true
    }
  return false
}

/** Rows with equal predictors get the same number. */
function classesOfPredictors(table: SampleTable): Uint32Array {
  const { columns } = table
  const compare = (a: number, b: number): number => {
    for (const column of columns) if (column[a] !== column[b]) return column[a] - column[b]
    return 0
  }
  const order = Uint32Array.from(table.target.keys()).sort(compare)
  const classes = new Uint32Array(order.length)
  for (let i = 1, current = 0; i < order.length; i++) {
    if (compare(order[i - 1], order[i]) !== 0) current++
    classes[order[i]] = current
  }
  return classes
}

/** Tested places per fold whose nearest training place is looked for; more do not move a median. */
const placesLookedAt = 500

/** Metres from tested places to the nearest training place, 0 for a place that is trained on itself. */
function distancesToTraining(
  table: SampleTable,
  { x, y }: { x: Float64Array; y: Float64Array },
  test: Int32Array,
  placeTrained: Uint8Array,
): number[] {
  const trained = [...placeTrained.keys()].filter((place) => placeTrained[place] === 1)
  const tested = [...new Set(Array.from(test, (row) => table.place[row]))].sort((a, b) => a - b)
  const stride = Math.max(1, Math.ceil(tested.length / placesLookedAt))
  return tested
    .filter((_, i) => i % stride === 0)
    .map((place) => {
      let nearest = Infinity
      for (const other of trained) nearest = Math.min(nearest, (x[other] - x[place]) ** 2 + (y[other] - y[place]) ** 2)
      return Math.sqrt(nearest)
    })
    .filter(Number.isFinite)
}

function countDuplicates(table: SampleTable): number {
  const seen = new Map<number, number>()
  for (let i = 0; i < rowCount(table); i++) {
    const key = table.day[i] * table.places.length + table.place[i]
    seen.set(key, (seen.get(key) ?? 0) + 1)
  }
  return [...seen.values()].reduce((sum, count) => sum + (count > 1 ? count : 0), 0)
}

function placesThatShareCells(table: SampleTable, cell: Int32Array): string[] {
  const count = new Int32Array(table.places.length)
  for (const number of cell) count[number]++
  return table.places.filter((_, place) => count[cell[place]] > 1)
}

function inWords(
  found: Omit<LeakageReport, 'lines'>,
  folds: Folds,
  days: number,
  distance: number | undefined,
): string[] {
  const { tested, samePlace, sameCell, nearInTime, samePredictors, closeNeighbours, medianDistance } = found
  const lines = [
    `${folds.description} ${tested} rows are tested.`,
    `${portion(samePlace)} of them have their own place in training.`,
  ]
  if (sameCell !== samePlace)
    lines.push(`${portion(sameCell)} have their fine cell in training, by one station or another.`)
  lines.push(`${portion(nearInTime)} have their place in training within ${days} days.`)
  lines.push(`${portion(samePredictors)} have a training row with exactly their predictors.`)
  if (medianDistance !== null)
    lines.push(`The nearest training place is ${Math.round(medianDistance)} m away (median of tested places).`)
  if (closeNeighbours !== null)
    lines.push(`${portion(closeNeighbours)} of tested places have a training place closer than ${distance} m.`)
  if (found.duplicateRows > 0) lines.push(`${found.duplicateRows} rows share their place and day with another row.`)
  if (found.sharedCells.length > 0)
    lines.push(
      `${found.sharedCells.length} stations share their fine cell with another (${found.sharedCells.slice(0, 6).join(', ')}${
        found.sharedCells.length > 6 ? ', …' : ''
      }); splits by place keep them together.`,
    )
  if (nearInTime > 0.5)
    lines.push(
      'These folds leak: a model can look up its test rows in training, so the scores say little about new places or new periods.',
    )
  else if (nearInTime > 0 && folds.by === 'time')
    lines.push('The near days lie at the edges of the time blocks; longer blocks (`year`) have fewer.')
  return lines
}

/** `12 %`, `less than 0.1 %`, `none`. */
function portion(share: number): string {
  if (share === 0) return 'None'
  if (share < 0.001) return 'Less than 0.1 %'
  return `${Number((100 * share).toPrecision(3))} %`
}
