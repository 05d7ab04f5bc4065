import type { Grid } from '../../contract/index.ts'
import { axisCentres, isGeographic, transformPoints } from '../raster/index.ts'
import { areaToPoint } from './area-to-point.ts'
import type { AreaMeans } from './area-to-point.ts'
import { squaresPerCell } from './cell-places.ts'
import type { CoarseCells } from './coarse-cells.ts'
import type { CellWindow, FineMap } from './fine-map.ts'
import { groupOf } from './survey-trend.ts'
import type { AreaSurvey } from './survey-trend.ts'
import { latticeOf } from './cell-lattice.ts'
import type { Shift } from './cell-lattice.ts'
import type { VariogramModel } from './variogram-model.ts'

/** Fine cells that are kriged in one call: some 60 bytes of work each. Those of one coarse cell are kriged together, however many. */
const cellsPerCall = 500_000
/** Fine cells that are read for one call: groups that lie far apart are not kriged together. */
const cellsPerWindow = 4 * cellsPerCall

export interface ResidualByAreasOptions {
  readonly neighbours: number
  /** Coarse cells are n × n regular points, their own for their fine cells too. */
  readonly areaPoints?: number
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

/** Fine cells along a coarse one from which on each may stand for itself by its centre. */
const fineEnough = 12
/** Points along a coarse cell, at least, when it is a neighbour. */
const leastAlong = 4

/** Adds to a fine map the residuals of coarse cells, brought to it by area-to-point kriging, in place. Each coarse cell is the mean of
 *  its fine cells with a value; those share one neighbourhood that contains it. Where fewer than 12 fine cells lie along a coarse one
 *  they are areas themselves, of several points (area-to-area kriging). Fine cells of a coarse cell without a residual, or
 *  beyond the coarse grid, are kriged from the nearest ones.
 *  @param map fine map; NaN stays
 *  @param residual Float64Array[coarse cells], NaN missing
 *  @param survey of the map
 *  @param variance filled with the kriging variance where the map has values; null to save work */
export async function addResidualByAreas(
  cells: CoarseCells,
  map: FineMap,
  survey: AreaSurvey,
  residual: Float64Array,
  model: VariogramModel,
  variance: FineMap | null,
  options: ResidualByAreasOptions,
): Promise<void> {
  const { fine } = cells
  const { areaPoints } = options
  const { along, counts } = survey
  const shifts = pointsOfFineCell(fine, areaPoints === undefined ? Math.ceil(fineEnough / along) : 1)
  const neighbourShifts = pointsOfFineCell(fine, Math.ceil(leastAlong / along))
  const { areas: gathered, areaOf } = areasOf(cells, survey, residual, neighbourShifts)
  const areas = areaPoints === undefined ? gathered : regularAreas(cells, gathered.values, areaOf, areaPoints)
  const lattice = areaPoints === undefined ? latticeOf(cells, areaOf, counts, shifts, neighbourShifts) : null
  const { x, y } = axisCentres({ grid: fine, row: 0, col: 0, rows: fine.rows, cols: fine.cols })
  const all = survey.groupSizes.reduce((sum, size) => sum + size, 0)
  let done = 0
  for (const { window, groups } of batchesOf(survey)) {
    options.signal?.throwIfAborted()
    const values = map.read(window)
    const batch = cellsInBatch(values, cells.placesOf(window), groups, survey)
    const rows = batch.order.map((i) => window.row + Math.floor(i / window.cols))
    const cols = batch.order.map((i) => window.col + (i % window.cols))
    const found = await areaToPoint(
      areas,
      model,
      {
        ...pointsOf(rows, cols, x, y, shifts),
        groupStarts: batch.starts,
        own: Float64Array.from(groups, (group) => (group % 2 === 0 ? areaOf[group / 2] : -1)),
        lattice: lattice?.(
          groups.map((group) => (group % 2 === 0 ? group / 2 : -1)),
          rows,
          cols,
        ),
      },
      {
        ...options,
        ownIsItsTargets: areaPoints === undefined,
        isGeographic: isGeographic(fine.crs),
        variance: variance !== null,
        onProgress: (share) => options.onProgress?.((done + batch.order.length * share) / all),
      },
    )
    const spread = variance?.read(window)
    batch.order.forEach((cell, i) => {
      values[cell] += found.prediction[i]
      if (spread) spread[cell] = found.variance![i]
    })
    map.write(window, values)
    if (spread) variance!.write(window, spread)
    done += batch.order.length
  }
}

interface Batch {
  /** The rectangle that holds its fine cells. */
  readonly window: CellWindow
  /** Groups of one or more fine cells, see AreaSurvey. */
  readonly groups: readonly number[]
}

/** The groups that are kriged together, in order. */
function* batchesOf({ groupSizes, groupBounds: { top, bottom, left, right } }: AreaSurvey): Generator<Batch> {
  let groups: number[] = []
  let [size, north, south, west, east] = [0, 0, 0, 0, 0]
  const batch = (): Batch => ({
    window: { row: north, col: west, rows: south - north + 1, cols: east - west + 1 },
    groups,
  })
  for (let group = 0; group < groupSizes.length; group++) {
    if (groupSizes[group] === 0) continue
    if (groups.length > 0) {
      const rows = Math.max(south, bottom[group]) - Math.min(north, top[group]) + 1
      const cols = Math.max(east, right[group]) - Math.min(west, left[group]) + 1
      if (size + groupSizes[group] > cellsPerCall || rows * cols > cellsPerWindow) {
        yield batch()
        groups = []
      }
    }
    const isFirst = groups.length === 0
    size = (isFirst ? 0 : size) + groupSizes[group]
    north = isFirst ? top[group] : Math.min(north, top[group])
    south = isFirst ? bottom[group] : Math.max(south, bottom[group])
    west = isFirst ? left[group] : Math.min(west, left[group])
    east = isFirst ? right[group] : Math.max(east, right[group])
    groups.push(group)
  }
  if (groups.length > 0) yield batch()
}

/** Fine cells of a window with a value, group by group. */
function cellsInBatch(
  values: Float32Array,
  places: Int32Array,
  groups: readonly number[],
  { groupSizes }: AreaSurvey,
): { order: Int32Array; starts: Float64Array } {
  const starts = new Float64Array(groups.length + 1)
  groups.forEach((group, i) => (starts[i + 1] = starts[i] + groupSizes[group]))
  const [first, last] = [groups[0], groups[groups.length - 1]]
  const next = new Int32Array(last - first + 1).fill(-1)
  groups.forEach((group, i) => (next[group - first] = starts[i]))
  const order = new Int32Array(starts[groups.length])
  for (let i = 0; i < values.length; i++) {
    const group = groupOf(places[i])
    if (group < first || group > last || Number.isNaN(values[i])) continue
    order[next[group - first]++] = i
  }
  return { order, starts }
}

/** n × n points of a fine cell, as shifts from its centre. */
function pointsOfFineCell({ transform }: Grid, n: number): Shift[] {
  return Array.from({ length: n * n }, (_, i) => ({
    x: (((i % n) + 0.5) / n - 0.5) * transform[1],
    y: ((Math.floor(i / n) + 0.5) / n - 0.5) * transform[5],
  }))
}

/** Fine cells as targets: points, or areas where they have several. */
function pointsOf(
  rows: Int32Array,
  cols: Int32Array,
  x: Float64Array,
  y: Float64Array,
  shifts: readonly Shift[],
): { x: Float64Array; y: Float64Array; starts: Float64Array | null } {
  const n = shifts.length
  const at = { x: new Float64Array(rows.length * n), y: new Float64Array(rows.length * n) }
  for (let i = 0, p = 0; i < rows.length; i++)
    for (const shift of shifts) {
      at.x[p] = x[cols[i]] + shift.x
      at.y[p++] = y[rows[i]] + shift.y
    }
  return { ...at, starts: n === 1 ? null : Float64Array.from({ length: rows.length + 1 }, (_, i) => i * n) }
}

/** Coarse cells with a residual as areas: the centres of their fine cells with a value, gathered in 6 × 6 squares. */
function areasOf(
  { fine }: CoarseCells,
  { counts, rowSums, colSums }: AreaSurvey,
  residual: Float64Array,
  shifts: readonly Shift[],
): { areas: AreaMeans; areaOf: Int32Array } {
  const [west, width, , north, , height] = fine.transform
  const areaOf = new Int32Array(residual.length).fill(-1)
  const own = { values: [] as number[], starts: [0], x: [] as number[], y: [] as number[], weight: [] as number[] }
  for (let cell = 0; cell < residual.length; cell++) {
    if (Number.isNaN(residual[cell])) continue
    let all = 0
    for (let place = cell * squaresPerCell; place < (cell + 1) * squaresPerCell; place++) all += counts[place]
    if (all === 0) continue
    for (let place = cell * squaresPerCell; place < (cell + 1) * squaresPerCell; place++) {
      if (counts[place] === 0) continue
      for (const shift of shifts) {
        own.x.push(west + (colSums[place] / counts[place] + 0.5) * width + shift.x)
        own.y.push(north + (rowSums[place] / counts[place] + 0.5) * height + shift.y)
        own.weight.push(counts[place] / all / shifts.length)
      }
    }
    areaOf[cell] = own.values.length
    own.values.push(residual[cell])
    own.starts.push(own.x.length)
  }
  const areas = {
    values: Float64Array.from(own.values),
    starts: Float64Array.from(own.starts),
    x: Float64Array.from(own.x),
    y: Float64Array.from(own.y),
    weight: Float64Array.from(own.weight),
  }
  return { areas, areaOf }
}

/** Coarse cells as n × n points, each for the same share. */
function regularAreas({ fine, coarse }: CoarseCells, values: Float64Array, areaOf: Int32Array, n: number): AreaMeans {
  const [west, width, , north, , height] = coarse.transform
  const cellOf = [...areaOf.keys()].filter((cell) => areaOf[cell] >= 0)
  const at = (along: number): number => ((along % n) + 0.5) / n
  const points = cellOf.length * n * n
  const x = Float64Array.from({ length: points }, (_, i) => {
    const col = cellOf[Math.floor(i / n / n)] % coarse.cols
    return west + (col + at(i)) * width
  })
  const y = Float64Array.from({ length: points }, (_, i) => {
    const row = Math.floor(cellOf[Math.floor(i / n / n)] / coarse.cols)
    return north + (row + at(Math.floor(i / n))) * height
  })
  transformPoints(coarse.crs, fine.crs, x, y)
  return {
    values,
    starts: Float64Array.from({ length: cellOf.length + 1 }, (_, i) => i * n * n),
    x,
    y,
    weight: new Float64Array(points).fill(1 / n / n),
  }
}
