import { LoamError } from '../../contract/index.ts'
import type { ClosureGate, Day, Grid, Recipe } from '../../contract/index.ts'
import type { Field } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import {
  coarseCellSize,
  coarseWindow,
  cutsFineCells,
  parseVariogram,
  residualMethods,
  windowGrid,
} from '../geostatistics/index.ts'
import type { Closure, FineMap, VariogramModel } from '../geostatistics/index.ts'
import { closureFault, correctionOf, residualWords, settingsForHash } from '../products/index.ts'
import type { OpenCells, ResidualSettings } from '../products/index.ts'

/** Raised when a change of the code changes the corrected numbers. Since 2 the shifts of coarse cells that cut fine ones are sought
 *  on the coarse grid, which rounds otherwise; the maps of other grids are those of 1 to the last bit. */
const methodOf = (isCut: boolean): number => (isCut ? 2 : 1)

/** The correction of a run's daily maps to its coarse product. */
export interface ResidualStep {
  /** Identity of the correction of a day. */
  idOn(day: Day): string
  /** As a sentence of the lineage. */
  readonly words: string
  /** The part of the coarse grid the maps are corrected on. */
  readonly closureGrid: Grid
  /** Corrects the whole fine map of a day, in place. */
  correct(map: FineMap, day: Day, options: { signal: AbortSignal; threads: number }): Promise<CorrectedMap>
  /** @throws not_closed when the gate keeps a day's map from being published */
  requireClosed(record: ResidualRecord, day: Day): void
}

export interface CorrectedMap {
  readonly record: ResidualRecord
  /** Area mean of the map − coarse value on `closureGrid`, NaN where one is missing. Float32Array[rows × cols] */
  readonly closureMap: Float32Array
}

/** What the correction found on a day. */
export interface ResidualRecord {
  /** Null on a day without coarse values: the map is the model's own. */
  readonly closure: Closure | null
  /** Cells that keep the model's value, as no residual reaches them. */
  readonly uncorrected: number
  /** Cells cut to the limits of the recipe. */
  readonly clamped: number
  /** How the day's variogram was found; empty where the method takes none. */
  readonly variogram: string
  /** Where the map does not give the coarse values back; null on a day without. Absent in records of before it was kept. */
  readonly open?: OpenCells | null
}

/** @returns null for a recipe without a correction
 *  @throws bad_recipe for a variogram that is none, or a coarse product without a grid; unsupported_grid for one that is finer, or
 *  elsewhere */
export function residualStep(
  { product }: Recipe,
  fineGrid: Grid,
  coarse: Field | null,
  coarseGrid: Grid | null,
): ResidualStep | null {
  const spec = product.residual
  if (!spec) return null
  if (!coarse || !coarseGrid)
    throw new LoamError(
      'bad_recipe',
      '`product.residual` corrects maps to a coarse product with a grid of its own; the recipe has none. Name a raster in `baseline`.',
      { path: 'product.residual' },
    )
  // Now rather than after the training.
  const closureGrid = windowGrid(coarseWindow(fineGrid, coarseGrid))
  coarseCellSize(fineGrid, coarseGrid)
  // A plan of before there was a gate only warned, and is reproduced as it was.
  const gate = (spec.gate as ClosureGate | undefined) ?? 'warn'
  const isCut = cutsFineCells(fineGrid, closureGrid)
  const settings: ResidualSettings = {
    method: spec.method,
    neighbours: spec.neighbours,
    variogram: spec.variogram === 'auto' ? undefined : variogramOf(spec.variogram),
    limits: spec.clamp,
  }
  // Values of an int16 map are stored in steps of 0.0001.
  const storedStep = product.encoding === 'int16' ? 1e-4 : 0
  const correction = correctionOf(fineGrid, coarseGrid, { ...settings, storedStep })
  return {
    // The gate decides no number, so it is no part of it; what is published with the map is.
    idOn: (day) =>
      hashJson({
        method: methodOf(isCut),
        coarse: coarse.idOn(day),
        coarseGrid,
        ...settingsForHash(settings),
        ...(spec.closureMap ? { closureMap: true } : {}),
      }),
    words: `The maps are ${residualWords(settings, coarse.name)}. ${coarse.name}: ${coarse.lineage}.`,
    async correct(map, day, { signal, threads }) {
      const found = await correction.correct(map, coarse, day, { signal, threads })
      const record = {
        closure: found?.closure ?? null,
        uncorrected: found?.uncorrected ?? 0,
        clamped: found?.clamped ?? 0,
        variogram: found?.variogram?.words ?? '',
        open: found?.open ?? null,
      }
      const closureMap = found?.closureMap ?? new Float32Array(closureGrid.rows * closureGrid.cols).fill(Number.NaN)
      return { record, closureMap }
    },
    requireClosed({ closure, open, clamped }, day) {
      const fault =
        closure &&
        closureFault({
          gate,
          method: spec.method,
          closure,
          open: open ?? undefined,
          clamped,
          unit: product.unit,
          map: `The map of ${day}`,
          settings: { clamp: '`product.residual.clamp`', gate: '`product.residual.gate`' },
        })
      if (fault) throw fault
    },
    closureGrid,
  }
}

function variogramOf(text: string): VariogramModel {
  try {
    return parseVariogram(text)
  } catch (thrown) {
    if (!(thrown instanceof LoamError)) throw thrown
    throw new LoamError('bad_recipe', `\`product.residual.variogram\`: ${thrown.message}`, {
      path: 'product.residual.variogram',
    })
  }
}

/** What the corrected days have in common. */
export interface ResidualSummary {
  readonly method: string
  /** Days with coarse values, whose maps were corrected. */
  readonly days: number
  /** Days without: their maps are the model's own. */
  readonly daysWithoutCoarse: readonly Day[]
  /** Largest |aggregated fine − coarse| of any day, target units; null when no day was corrected. */
  readonly largestClosure: number | null
  readonly worstDay: Day | null
  readonly tolerance: number | null
  readonly clamped: number
  readonly uncorrected: number
}

export function summariseResiduals(
  method: keyof typeof residualMethods,
  records: readonly { readonly day: Day; readonly residual: ResidualRecord }[],
): ResidualSummary {
  const corrected = records.flatMap(({ day, residual: { closure } }) => (closure ? [{ day, closure }] : []))
  const worst = corrected.reduce<(typeof corrected)[number] | null>(
    (most, each) => (most && most.closure.largest >= each.closure.largest ? most : each),
    null,
  )
  const total = (of: (record: ResidualRecord) => number): number =>
    records.reduce((sum, { residual }) => sum + of(residual), 0)
  return {
    method,
    days: corrected.length,
    daysWithoutCoarse: records.flatMap(({ day, residual }) => (residual.closure ? [] : [day])),
    largestClosure: worst?.closure.largest ?? null,
    worstDay: worst?.day ?? null,
    tolerance: worst?.closure.tolerance ?? null,
    clamped: total((record) => record.clamped),
    uncorrected: total((record) => record.uncorrected),
  }
}

/** What the correction came to, as a sentence. */
export function residualVerdict({ method: name, days, largestClosure, worstDay }: ResidualSummary): string[] {
  if (days === 0) return []
  const { title } = residualMethods[name as keyof typeof residualMethods]
  return [
    `Residual correction by ${title} on ${days} days: the maps, averaged over the coarse cells, are at most ${largestClosure!.toExponential(1)} from the coarse values (${worstDay}).`,
  ]
}

/** Sentences on what a reader of the maps should know. */
export function residualWarnings(summary: ResidualSummary, maps: number): string[] {
  const { days, daysWithoutCoarse: without, largestClosure, tolerance, worstDay, clamped, uncorrected } = summary
  const { title, isCoherent } = residualMethods[summary.method as keyof typeof residualMethods]
  const warnings: string[] = []
  if (without.length > 0)
    warnings.push(
      `${without.length} of ${maps} maps are not corrected, as the coarse product has no value that day (${without.slice(0, 5).join(', ')}${without.length > 5 ? ', …' : ''}): they are the model's own.`,
    )
  if (days > 0 && largestClosure! > tolerance!)
    warnings.push(
      `By ${title} the maps average to the coarse values only to ${largestClosure!.toExponential(1)} (worst on ${worstDay})` +
        (isCoherent
          ? `; ${tolerance!.toExponential(0)} was needed.${clamped > 0 ? ` ${clamped} values were cut to the limits of \`product.residual.clamp\`.` : ''}`
          : '. Use `"method": "atp"` where they have to give the coarse values back.'),
    )
  if (uncorrected > 0)
    warnings.push(`${uncorrected} values keep the model's own, as no coarse value is near enough to correct them.`)
  return warnings
}
