import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block } from '../../contract/index.ts'
import { cellCentres, isGeographic, resample } from '../raster/index.ts'
import { closeOn } from './close-on.ts'
import { AreaSums, eachShare } from './area-means.ts'
import { coarseCentres } from './coarse-cells.ts'
import type { CoarseCells } from './coarse-cells.ts'
import { eachStrip, mapInMemory } from './fine-map.ts'
import type { FineMap } from './fine-map.ts'
import { krige, solveKriging } from './kriging.ts'
import { addResidualByAreas } from './residual-by-areas.ts'
import { residualVariogram } from './residual-variogram.ts'
import { surveyTrend } from './survey-trend.ts'
import { formatVariogram } from './variogram-model.ts'
import type { VariogramModel } from './variogram-model.ts'

/** How residuals of coarse cells are brought to fine ones. */
export const residualMethods = {
  atp: { title: 'area-to-point kriging', hasVariogram: true, isCoherent: true },
  krige: { title: 'point kriging of the coarse cell centres', hasVariogram: true, isCoherent: false },
  bilinear: { title: 'bilinear interpolation between coarse cell centres', hasVariogram: false, isCoherent: false },
  none: { title: 'no residual correction', hasVariogram: false, isCoherent: false },
} as const
export type ResidualMethod = keyof typeof residualMethods

export interface CorrectionOptions {
  readonly method: ResidualMethod
  /** Coarse cells that each is kriged from; default 25. */
  readonly neighbours?: number
  /** Of points for `atp`, of coarse cells for `krige`; without it fitted to the residuals. */
  readonly variogram?: VariogramModel
  /** Values the corrected map is cut to; the closure is that of the cut map. */
  readonly limits?: readonly [number, number]
  /** The result is to be stored in steps of this (0.0001 in an int16 map): the closure is that of the rounded map. */
  readonly storedStep?: number
  /** With `atp`: each coarse cell is n × n regular points, as other programs take it, in place of the fine cells that have a value;
   *  the map then closes only as nearly as those points stand for the cell. */
  readonly areaPoints?: number
  readonly threads?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (share: number) => void
}

/** How far the fine map, averaged over the coarse cells, is from the coarse values. Target units. */
export interface Closure {
  /** Coarse cells with a value of their own and of the map. */
  readonly cells: number
  readonly largest: number
  readonly meanAbsolute: number
  readonly rmse: number
  /** What rounding may leave: `largest` is at or below it where the method is coherent and nothing was cut. */
  readonly tolerance: number
}

/** What a correction found. */
export interface Correction {
  /** Coarse value − area mean of the trend; NaN where one is missing. Float64Array[coarse cells] */
  readonly residual: Float64Array
  readonly closure: Closure
  /** Area mean of the result − coarse value. Float32Array[coarse cells] */
  readonly closureMap: Float32Array
  /** Cells that keep the plain trend, as no residual reaches them. */
  readonly uncorrected: number
  /** Cells cut to the limits. */
  readonly clamped: number
  /** Of them, how many reach into each coarse cell. Float64Array[coarse cells] */
  readonly cutCells: Float64Array
  /** The variogram and how it was found; null where the method takes none. */
  readonly variogram: { readonly model: VariogramModel; readonly words: string } | null
}

/** A corrected map in memory. */
export interface Corrected extends Correction {
  /** Trend + residual. Float32Array[fine cells]; NaN where the trend is. */
  readonly values: Float32Array
  /** Kriging variance of the residual, target units squared; null unless asked for. */
  readonly variance: Float32Array | null
}

/** Largest difference between the aggregated fine map and the coarse values, m³ m⁻³. */
const closureTolerance = 1e-6
const usualNeighbours = 25

/** Corrects a fine trend by what its means over the coarse cells lack: residual = coarse − area mean of the trend (never the trend
 *  at mean predictors), brought to the fine cells and added. With `atp` the corrected map averages to the coarse values.
 *  The map is gone over strip by strip, some six times; what lies in memory is of the coarse grid, of a strip, and of the fine cells
 *  of one coarse cell.
 *  @param map the trend, NaN missing; changed in place
 *  @param coarse coarse values, NaN missing. Length: coarse cells
 *  @param variance with `atp` filled with the kriging variance of the residual, target units squared, NaN where the trend is
 *  @throws too_few_rows when no coarse cell has a value where the trend has one; bad_input, too_large, cancelled
 *  Sources: Kyriakidis (2004); Jin et al. (2018), IEEE TGRS 56, 2362–2376; Kerry, Goovaerts et al. (2012), Int. J. GIS 26. */
export async function correctFineMap(
  map: FineMap,
  coarse: ArrayLike<number>,
  cells: CoarseCells,
  options: CorrectionOptions,
  variance: FineMap | null = null,
): Promise<Correction> {
  const { method, neighbours = usualNeighbours, areaPoints, threads, signal, onProgress } = options
  const { means, areas } = await surveyTrend(cells, map, method === 'atp', signal)
  const residual = Float64Array.from(means, (mean, i) => coarse[i] - mean)
  if (residual.every(Number.isNaN))
    throw new LoamError(
      'too_few_rows',
      'No coarse cell has a value where the fine trend has one, so there is no residual. Give a coarse map of the same area and date.',
    )
  const given = options.variogram
  const found = !residualMethods[method].hasVariogram
    ? null
    : given
      ? { model: given, words: `given: ${formatVariogram(given, 4)}` }
      : residualVariogram([residual], cells, method === 'atp' ? 'points' : 'cells')
  let uncorrected = 0
  if (method === 'atp') {
    await addResidualByAreas(cells, map, areas!, residual, found!.model, variance, {
      neighbours,
      areaPoints,
      threads,
      signal,
      onProgress,
    })
    if (areaPoints === undefined) await closeOn(cells, map, coarse, signal)
  } else if (method === 'krige') await addByPoints(cells, map, residual, found!.model, options)
  else if (method === 'bilinear') uncorrected = await addBilinear(cells, map, residual, options)
  const { clamped, cutCells, closureMap } = await cutAndCompare(cells, map, coarse, options)
  const largestValue = Array.from(coarse).reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0)
  const closure = closureOf(closureMap, Math.max(toleranceFor(largestValue), (options.storedStep ?? 0) / 2))
  return { residual, closure, closureMap, uncorrected, clamped, cutCells, variogram: found }
}

/** The same for a map that lies in memory.
 *  @param trend Float32Array[fine cells]; changed in place and returned
 *  @param options `variance`: only with `atp` */
export async function correctResidual(
  trend: Float32Array,
  coarse: ArrayLike<number>,
  cells: CoarseCells,
  options: CorrectionOptions & { readonly variance?: boolean },
): Promise<Corrected> {
  const isCoherent = residualMethods[options.method].isCoherent
  const variance = options.variance && isCoherent ? new Float32Array(trend.length).fill(Number.NaN) : null
  const inMemory = (values: Float32Array): FineMap => mapInMemory(values, cells.fine.cols)
  const found = await correctFineMap(inMemory(trend), coarse, cells, options, variance && inMemory(variance))
  return { ...found, values: trend, variance }
}

/** Float32 keeps 24 bits, so means of values far above 1 (percent, kelvin) can be right to some 2e-7 of them only. */
function toleranceFor(largestValue: number): number {
  return Math.max(closureTolerance, largestValue * 2 ** -22)
}

export function closureOf(closureMap: ArrayLike<number>, tolerance: number): Closure {
  const known = Array.from(closureMap).filter((value) => !Number.isNaN(value))
  const sumOf = (of: (value: number) => number): number => known.reduce((sum, value) => sum + of(value), 0)
  return {
    cells: known.length,
    largest: known.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    meanAbsolute: sumOf(Math.abs) / known.length,
    rmse: Math.sqrt(sumOf((value) => value * value) / known.length),
    tolerance,
  }
}

async function addByPoints(
  { fine, coarse }: CoarseCells,
  map: FineMap,
  residual: Float64Array,
  model: VariogramModel,
  { neighbours, threads, signal, onProgress }: CorrectionOptions,
): Promise<void> {
  const centres = coarseCentres(fine, coarse)
  const known = [...residual.keys()].filter((i) => !Number.isNaN(residual[i] + centres.x[i] + centres.y[i]))
  const take = (column: Float64Array): Float64Array => Float64Array.from(known, (i) => column[i])
  const system = await solveKriging({ x: take(centres.x), y: take(centres.y), values: take(residual) }, model, {
    neighbours: neighbours ?? usualNeighbours,
    greatCircle: isGeographic(fine.crs),
    variance: false,
    threads,
    signal,
  })
  await eachStrip(fine, async (strip) => {
    const { prediction } = await krige(system, cellCentres({ grid: fine, ...strip }), { signal })
    const values = map.read(strip)
    for (let i = 0; i < prediction.length; i++) values[i] += prediction[i]
    map.write(strip, values)
    onProgress?.((strip.row + strip.rows) / fine.rows)
  })
}

/** Bilinear between coarse cell centres; a missing residual is that of the cells around it.
 *  @returns cells that no residual reaches, beyond the coarse grid */
async function addBilinear(
  { fine, coarse }: CoarseCells,
  map: FineMap,
  known: Float64Array,
  { signal, onProgress }: CorrectionOptions,
): Promise<number> {
  const residual = filledFromAround(known, coarse.rows, coarse.cols)
  const source = {
    grid: coarse,
    kind: 'continuous' as const,
    read({ row, col, rows, cols }: { row: number; col: number; rows: number; cols: number }): Promise<Block> {
      const part = new Float32Array(rows * cols)
      for (let i = 0; i < part.length; i++)
        part[i] = residual[(row + Math.floor(i / cols)) * coarse.cols + col + (i % cols)]
      const reasons = Uint8Array.from(part, (value) => (Number.isNaN(value) ? reasonCodes.no_data : reasonCodes.none))
      return Promise.resolve({ rows, cols, values: part, reasons })
    },
  }
  let uncorrected = 0
  await eachStrip(fine, async (strip) => {
    const block = await resample(source, { grid: fine, ...strip }, { minValidFraction: 0, signal })
    const values = map.read(strip)
    for (let i = 0; i < values.length; i++)
      if (!Number.isNaN(block.values[i])) values[i] += block.values[i]
      else if (!Number.isNaN(values[i])) uncorrected++
    map.write(strip, values)
    onProgress?.((strip.row + strip.rows) / fine.rows)
  })
  return uncorrected
}

/** Missing cells as the mean of those beside and at their corners that have a value, ring by ring. */
function filledFromAround(values: Float64Array, rows: number, cols: number): Float64Array {
  let filled = values
  while (filled.some(Number.isNaN)) {
    const before = filled
    filled = before.map((value, i) => {
      if (!Number.isNaN(value)) return value
      let [sum, n] = [0, 0]
      for (let row = Math.max(0, Math.floor(i / cols) - 1); row <= Math.min(rows - 1, Math.floor(i / cols) + 1); row++)
        for (let col = Math.max(0, (i % cols) - 1); col <= Math.min(cols - 1, (i % cols) + 1); col++) {
          const near = before[row * cols + col]
          if (Number.isNaN(near)) continue
          sum += near
          n++
        }
      return n > 0 ? sum / n : Number.NaN
    })
  }
  return filled
}

/** Cuts a map to the limits, and compares what will be stored of it with the coarse values. */
async function cutAndCompare(
  cells: CoarseCells,
  map: FineMap,
  coarse: ArrayLike<number>,
  { limits, storedStep = 0, signal }: CorrectionOptions,
): Promise<{ clamped: number; cutCells: Float64Array; closureMap: Float32Array }> {
  let clamped = 0
  const cutCells = new Float64Array(coarse.length)
  const sums = new AreaSums(cells)
  await eachStrip(
    cells.fine,
    (strip) => {
      const values = map.read(strip)
      const places = cells.placesOf(strip)
      const cut = limits ? cutTo(limits, values) : []
      for (const i of cut) {
        const row = strip.row + Math.floor(i / strip.cols)
        eachShare(cells, row, i % strip.cols, places[i], (cell) => cutCells[cell]++)
      }
      if (cut.length > 0) map.write(strip, values)
      clamped += cut.length
      const stored = storedStep > 0 ? values.map((value) => Math.round(value / storedStep) * storedStep) : values
      sums.add(strip, stored, places)
    },
    signal,
  )
  return { clamped, cutCells, closureMap: Float32Array.from(sums.means(), (mean, i) => mean - coarse[i]) }
}

/** @returns which values were cut, in place */
function cutTo([low, high]: readonly [number, number], values: Float32Array): number[] {
  const cut: number[] = []
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] < low || values[i] > high)) continue
    values[i] = values[i] < low ? low : high
    cut.push(i)
  }
  return cut
}
