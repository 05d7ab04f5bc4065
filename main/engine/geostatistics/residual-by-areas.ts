import type { Grid } from '../../contract/index.ts'
import { axisCentres, isGeographic, transformPoints } from '../raster/index.ts'
import { areaToPoint } from './area-to-point.ts'
import type { AreaMeans } from './area-to-point.ts'
import { cellAt, squaresPerCell } from './coarse-cells.ts'
import type { CoarseCells } from './coarse-cells.ts'
import { latticeOf } from './cell-lattice.ts'
import type { Shift } from './cell-lattice.ts'
import type { VariogramModel } from './variogram-model.ts'

/** Fine cells that are kriged in one call: some 60 bytes of work each. */
const cellsPerCall = 500_000

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
 *  @param values fine map; NaN stays. Float32Array[fine cells]
 *  @param residual Float64Array[coarse cells], NaN missing
 *  @param variance filled with the kriging variance, NaN where values are; null to save work */
export async function addResidualByAreas(
  cells: CoarseCells,
  values: Float32Array,
  residual: Float64Array,
  model: VariogramModel,
  variance: Float32Array | null,
  options: ResidualByAreasOptions,
): Promise<void> {
  const { fine } = cells
  const { areaPoints } = options
  const along = cellsAlong(cells)
  const shifts = pointsOfFineCell(fine, areaPoints === undefined ? Math.ceil(fineEnough / along) : 1)
  const neighbourShifts = pointsOfFineCell(fine, Math.ceil(leastAlong / along))
  const { areas: gathered, areaOf, counts } = areasOf(cells, values, residual, neighbourShifts)
  const areas = areaPoints === undefined ? gathered : regularAreas(cells, gathered.values, areaOf, areaPoints)
  const { order, groups } = groupsOf(cells, values, areaOf)
  const lattice = areaPoints === undefined ? latticeOf(cells, areaOf, counts, shifts, neighbourShifts) : null
  const { x, y } = axisCentres({ grid: fine, row: 0, col: 0, rows: fine.rows, cols: fine.cols })
  for (let first = 0; first < groups.length; ) {
    let end = first + 1
    while (end < groups.length && groups[end].to - groups[first].from <= cellsPerCall) end++
    const [from, to] = [groups[first].from, groups[end - 1].to]
    const part = groups.slice(first, end)
    const found = await areaToPoint(
      areas,
      model,
      {
        ...pointsOf(order.subarray(from, to), fine.cols, x, y, shifts),
        groupStarts: Float64Array.from([...part.map((group) => group.from - from), to - from]),
        own: Float64Array.from(part, (group) => group.area),
        lattice: lattice?.(
          part.map(({ cell }) => cell),
          order.subarray(from, to),
        ),
      },
      {
        ...options,
        ownIsItsTargets: areaPoints === undefined,
        isGeographic: isGeographic(fine.crs),
        variance: variance !== null,
        onProgress: (share) => options.onProgress?.((from + (to - from) * share) / order.length),
      },
    )
    for (let i = from; i < to; i++) {
      values[order[i]] += found.prediction[i - from]
      if (variance) variance[order[i]] = found.variance![i - from]
    }
    first = end
  }
}

/** n × n points of a fine cell, as shifts from its centre. */
function pointsOfFineCell({ transform }: Grid, n: number): Shift[] {
  return Array.from({ length: n * n }, (_, i) => ({
    x: (((i % n) + 0.5) / n - 0.5) * transform[1],
    y: ((Math.floor(i / n) + 0.5) / n - 0.5) * transform[5],
  }))
}

/** Mean number of fine cells along a coarse one. */
function cellsAlong({ coarse, placeOf }: CoarseCells): number {
  const isTouched = new Uint8Array(coarse.rows * coarse.cols)
  let inside = 0
  for (let i = 0; i < placeOf.length; i++) {
    if (placeOf[i] < 0) continue
    inside++
    isTouched[cellAt(placeOf[i])] = 1
  }
  return Math.max(1, Math.sqrt(inside / isTouched.reduce((sum, touched) => sum + touched, 0)))
}

/** Fine cells as targets: points, or areas where they have several. */
function pointsOf(
  order: Int32Array,
  cols: number,
  x: Float64Array,
  y: Float64Array,
  shifts: readonly Shift[],
): { x: Float64Array; y: Float64Array; starts: Float64Array | null } {
  const n = shifts.length
  const at = { x: new Float64Array(order.length * n), y: new Float64Array(order.length * n) }
  for (let i = 0, p = 0; i < order.length; i++)
    for (const shift of shifts) {
      at.x[p] = x[order[i] % cols] + shift.x
      at.y[p++] = y[Math.floor(order[i] / cols)] + shift.y
    }
  return { ...at, starts: n === 1 ? null : Float64Array.from({ length: order.length + 1 }, (_, i) => i * n) }
}

/** Coarse cells with a residual as areas: the centres of their fine cells with a value, gathered in 6 × 6 squares. */
function areasOf(
  { fine, placeOf }: CoarseCells,
  values: Float32Array,
  residual: Float64Array,
  shifts: readonly Shift[],
): { areas: AreaMeans; areaOf: Int32Array; counts: Float64Array } {
  const places = residual.length * squaresPerCell
  const counts = new Float64Array(places)
  const rowSums = new Float64Array(places)
  const colSums = new Float64Array(places)
  for (let row = 0, i = 0; row < fine.rows; row++)
    for (let col = 0; col < fine.cols; col++, i++) {
      const place = placeOf[i]
      if (place < 0 || Number.isNaN(values[i])) continue
      counts[place]++
      rowSums[place] += row
      colSums[place] += col
    }
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
  return { areas, areaOf, counts }
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

interface Group {
  /** The coarse cell it lies in; −1 beyond them. */
  readonly cell: number
  readonly area: number
  readonly from: number
  readonly to: number
}

/** Fine cells with a value, group by group: those of each coarse cell, and apart from them those that only lie nearest to it. */
function groupsOf(
  { placeOf }: CoarseCells,
  values: Float32Array,
  areaOf: Int32Array,
): { order: Int32Array; groups: Group[] } {
  const keyOf = (place: number): number => 2 * cellAt(place) + (place < 0 ? 1 : 0)
  const starts = new Int32Array(2 * areaOf.length + 1)
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) starts[keyOf(placeOf[i]) + 1]++
  for (let key = 0; key < 2 * areaOf.length; key++) starts[key + 1] += starts[key]
  const order = new Int32Array(starts[2 * areaOf.length])
  const next = starts.slice()
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) order[next[keyOf(placeOf[i])]++] = i
  const groups: Group[] = []
  for (let key = 0; key < 2 * areaOf.length; key++)
    if (starts[key + 1] > starts[key])
      groups.push({
        cell: key % 2 === 0 ? key / 2 : -1,
        area: key % 2 === 0 ? areaOf[key / 2] : -1,
        from: starts[key],
        to: starts[key + 1],
      })
  return { order, groups }
}
