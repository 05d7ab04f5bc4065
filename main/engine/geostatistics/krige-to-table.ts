import { writeFile } from 'node:fs/promises'
import { publish, requireOutputPlace } from '../files/index.ts'
import { chooseVariogram } from './cross-validation.ts'
import type { ChosenVariogram } from './cross-validation.ts'
import { krige, solveKriging } from './kriging.ts'
import { planKriging } from './plan-kriging.ts'
import type { KrigingPlan } from './plan-kriging.ts'
import { readPlaces, readPoints } from './read-points.ts'
import type { PointTable } from './read-points.ts'
import type { VariogramModel } from './variogram-model.ts'

export interface KrigeToTableOptions {
  readonly points: PointTable
  /** Table of the places to predict, its coordinates under the same headings and in the same CRS. */
  readonly at: string
  readonly model: VariogramModel | 'auto'
  /** `x`, `y`, or headings that both tables have. */
  readonly drift?: readonly string[]
  readonly block?: number
  readonly neighbours?: number | 'all'
  /** Points farther from a cell are not taken. */
  readonly maxDistance?: number
  readonly mean?: number
  readonly variance?: boolean
  readonly memoryBytes?: number
  readonly out: string
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onPlan?: (plan: KrigingPlan) => void
}

export interface KrigedTable {
  readonly stations: number
  readonly withoutValue: number
  readonly averaged: number
  readonly model: VariogramModel
  readonly candidates: readonly ChosenVariogram[]
  /** Places, and those that have a value. */
  readonly cells: number
  readonly validCells: number
  readonly plan: KrigingPlan
}

/** Kriges the points of a table to the places of another: a CSV with x, y, prediction and variance, row by row; empty where there is
 *  no value.
 *  @throws what readPoints and solveKriging throw; not_found, disk_full, cancelled */
export async function krigeToTable(options: KrigeToTableOptions): Promise<KrigedTable> {
  const { points: table, at, out, signal, mean, threads, memoryBytes, variance: hasVariance = true } = options
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
  const stations = read.points.x.length
  const pointsPerCell = options.block === undefined ? 1 : 16
  const plan = planKriging({
    stations,
    cells,
    variance: hasVariance,
    neighbours: options.neighbours,
    maxDistance: options.maxDistance,
    pointsPerCell,
    threads,
    memoryBytes,
  })
  options.onPlan?.(plan)
  const common = { drift, mean, greatCircle: table.greatCircle, threads, signal, memoryBytes }
  const candidates = options.model === 'auto' ? await chooseVariogram(read.points, common) : []
  const model = options.model === 'auto' ? candidates[0].model : options.model
  const system = await solveKriging(read.points, model, {
    ...common,
    neighbours: plan.neighbours,
    maxDistance: options.maxDistance,
    variance: hasVariance,
    block: options.block === undefined ? undefined : [options.block, options.block],
  })
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
  return { stations, withoutValue, averaged, model, candidates, cells, validCells, plan }
}
