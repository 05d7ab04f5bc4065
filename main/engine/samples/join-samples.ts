import { LoamError } from '../../contract/index.ts'
import { Random } from '../numeric/index.ts'
import { canonicalOrder, compareText } from './canonical-order.ts'
import { emptyTable, rowCount } from './sample-table.ts'
import type { SampleTable } from './sample-table.ts'

/** One table from parts (days, blocks), the same in whatever order the parts come: sorted by day, then place name.
 *  Above `maxRows` a draw without replacement keeps that many; the others are counted as `sample:not_drawn`.
 *  @throws bad_table when the parts differ in predictors, CRS or kind of place, or one place has two cells */
export function joinSamples(parts: readonly SampleTable[], options: { maxRows: number; seed: number }): SampleTable {
  const excluded = sumExcluded(parts)
  const filled = parts.filter((part) => rowCount(part) > 0)
  if (filled.length === 0) return parts.length === 0 ? emptyTable([], {}) : { ...parts[0], excluded }
  const whole = concatenate(filled)
  const order = canonicalOrder(whole)
  const kept = order.length > options.maxRows ? draw(order, options.maxRows, options.seed) : order
  if (kept.length < order.length) addTo(excluded, 'sample:not_drawn', order.length - kept.length)
  return pickRows({ ...whole, excluded }, kept)
}

/** The rows asked for, in that order; places that no longer occur are dropped, the others sorted by name. */
export function pickRows(table: SampleTable, rows: ArrayLike<number>): SampleTable {
  const pick = <T extends Float32Array | Float64Array | Int32Array>(from: T, to: T): T => {
    for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]]
    return to
  }
  const n = rows.length
  const oldPlace = pick(table.place, new Int32Array(n))
  const used = [...new Set(oldPlace)].sort((a, b) => compareText(table.places[a], table.places[b]))
  const newPlace = new Map(used.map((place, i) => [place, i]))
  return {
    ...table,
    columns: table.columns.map((column) => pick(column, new Float32Array(n))),
    target: pick(table.target, new Float64Array(n)),
    place: oldPlace.map((place) => newPlace.get(place)!),
    places: used.map((place) => table.places[place]),
    day: pick(table.day, new Int32Array(n)),
    x: pick(table.x, new Float64Array(n)),
    y: pick(table.y, new Float64Array(n)),
    ...(table.cells ? { cells: Float64Array.from(used, (place) => table.cells![place]) } : {}),
    ...(table.weights ? { weights: pick(table.weights, new Float64Array(n)) } : {}),
  }
}

/** `count` of the rows, drawn by the seed, in their old order. */
function draw(order: Uint32Array, count: number, seed: number): Uint32Array {
  const positions = new Random(seed).shuffle(Uint32Array.from(order.keys())).subarray(0, count).sort()
  return positions.map((position) => order[position])
}

function concatenate(parts: readonly SampleTable[]): SampleTable {
  const first = parts[0]
  const places = new Map<string, { number: number; cell: number }>()
  const n = parts.reduce((sum, part) => sum + rowCount(part), 0)
  const joined = {
    columns: first.predictors.map(() => new Float32Array(n)),
    target: new Float64Array(n),
    place: new Int32Array(n),
    day: new Int32Array(n),
    x: new Float64Array(n),
    y: new Float64Array(n),
    ...(first.weights ? { weights: new Float64Array(n) } : {}),
  }
  let at = 0
  for (const part of parts) {
    checkSameShape(first, part)
    const number = part.places.map((name, i) => placeNumber(places, name, part.cells?.[i] ?? -1))
    part.columns.forEach((column, j) => joined.columns[j].set(column, at))
    joined.target.set(part.target, at)
    joined.place.set(
      part.place.map((place) => number[place]),
      at,
    )
    joined.day.set(part.day, at)
    joined.x.set(part.x, at)
    joined.y.set(part.y, at)
    if (part.weights) joined.weights?.set(part.weights, at)
    at += rowCount(part)
  }
  const cells = first.cells ? { cells: Float64Array.from(places.values(), (place) => place.cell) } : {}
  return { ...first, ...joined, places: [...places.keys()], ...cells }
}

function placeNumber(places: Map<string, { number: number; cell: number }>, name: string, cell: number): number {
  const known = places.get(name)
  if (known && known.cell !== cell)
    throw new LoamError(
      'bad_table',
      `Place "${name}" lies in cell ${known.cell} in one part of the training table and in ${cell} in another; a place has one cell. Extract all parts on one grid.`,
      { place: name },
    )
  if (known) return known.number
  places.set(name, { number: places.size, cell })
  return places.size - 1
}

function checkSameShape(first: SampleTable, part: SampleTable): void {
  const shape = ({ predictors, crs, placeKind, cells, weights }: SampleTable) =>
    JSON.stringify([
      predictors,
      crs ?? null,
      placeKind ?? 'station',
      cells !== undefined,
      ...(weights ? ['weights'] : []),
    ])
  if (shape(first) === shape(part)) return
  throw new LoamError(
    'bad_table',
    `Parts of a training table differ: one has ${shape(first)}, another ${shape(part)} (predictors, CRS, kind of place, cells, weights). Extract them with one recipe.`,
    {},
  )
}

function sumExcluded(parts: readonly SampleTable[]): Record<string, number> {
  const excluded: Record<string, number> = {}
  for (const part of parts) for (const [reason, count] of Object.entries(part.excluded)) addTo(excluded, reason, count)
  return excluded
}

export function addTo(counts: Record<string, number>, reason: string, count: number): void {
  if (count > 0) counts[reason] = (counts[reason] ?? 0) + count
}
