import { writeFile } from 'node:fs/promises'
import { publish, requireOutputPlace } from '../files/index.ts'
import { krige } from './kriging.ts'
import { chooseAndSolve } from './choose-and-solve.ts'
import type { KrigingChoice, KrigingSummary } from './choose-and-solve.ts'
import { readPlaces, readPoints } from './read-points.ts'
import type { PointTable } from './read-points.ts'

export interface KrigeToTableOptions extends KrigingChoice {
  readonly points: PointTable
  /** Table of the places to predict, its coordinates under the same headings and in the same CRS. */
  readonly at: string
  /** `x`, `y`, or headings that both tables have. */
  readonly drift?: readonly string[]
  readonly out: string
}

/** Kriges the points of a table to the places of another: a CSV with x, y, prediction and variance, row by row; empty where there is
 *  no value.
 *  @throws what readPoints and solveKriging throw; not_found, disk_full, cancelled */
export async function krigeToTable(options: KrigeToTableOptions): Promise<KrigingSummary> {
  const { points: table, at, out, signal } = options
  await requireOutputPlace(out, [table.path, at])
  const names = options.drift ?? []
  const columns = names.filter((name) => name !== 'x' && name !== 'y')
  const read = await readPoints({ ...table, columns }, signal)
  const places = await readPlaces({ ...table, path: at, columns }, signal)
  const columnOf = (
    name: string,
    own: { x: Float64Array; y: Float64Array },
    more: readonly Float64Array[],
  ): Float64Array => (name === 'x' || name === 'y' ? own[name] : more[columns.indexOf(name)])
  const drift = names.map((name) => columnOf(name, read.points, read.columns))
  const cells = places.x.length
  const { greatCircle } = table
  const { system, model, candidates, plan } = await chooseAndSolve(read.points, { drift, greatCircle, cells }, options)
  const { prediction, variance } = await krige(
    system,
    { x: places.x, y: places.y, drift: names.map((name) => columnOf(name, places, places.columns)) },
    { signal },
  )
  const text = (value: number): string => (Number.isNaN(value) ? '' : String(value))
  const lines = Array.from(prediction, (value, i) =>
    [places.x[i], places.y[i], value, ...(variance ? [variance[i]] : [])].map(text).join(','),
  )
  const heading = ['x', 'y', 'prediction', ...(variance ? ['variance'] : [])].join(',')
  await publish(out, (temporary) => writeFile(temporary, [heading, ...lines, ''].join('\n')))
  const { withoutValue, averaged } = read
  const validCells = prediction.filter((value) => !Number.isNaN(value)).length
  return { stations: read.points.x.length, withoutValue, averaged, model, candidates, cells, validCells, plan }
}
