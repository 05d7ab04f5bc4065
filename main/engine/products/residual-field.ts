import { reasonCodes } from '../../contract/index.ts'
import type { Block, Day, Grid, GridWindow } from '../../contract/index.ts'
import type { Field, ReadOptions } from '../fields/index.ts'
import { hashJson } from '../files/index.ts'
import {
  coarseCellsOf,
  coarseWindow,
  correctFineMap,
  formatVariogram,
  mapInMemory,
  residualMethods,
  windowGrid,
} from '../geostatistics/index.ts'
import type { CoarseCells, Correction, FineMap, ResidualMethod, VariogramModel } from '../geostatistics/index.ts'
import { resample } from '../raster/index.ts'
import { openCells } from './closure-gate.ts'
import type { OpenCells } from './closure-gate.ts'

/** How a fine map is corrected to a coarse product. */
export interface ResidualSettings {
  readonly method: ResidualMethod
  readonly neighbours?: number
  /** Without it fitted to the residuals of each day. */
  readonly variogram?: VariogramModel
  /** The corrected map is cut to these. */
  readonly limits?: readonly [number, number]
  /** Values are stored in steps of this; the closure is then that of the stored ones. */
  readonly storedStep?: number
}

export interface ResidualInputs {
  readonly trend: Field
  readonly coarse: Field
  readonly coarseGrid: Grid
  /** The grid the trend is computed and corrected on. */
  readonly fineGrid: Grid
  readonly settings: ResidualSettings
  readonly threads?: number
}

/** What the correction found on a day; null where the coarse product has no value that the trend has too. */
export type DayCorrection = (Correction & { readonly open: OpenCells }) | null

/** A corrected day: trend + residual and the reasons where it has none. */
export interface CorrectedDay {
  readonly block: Block
  readonly correction: DayCorrection
}

/** A fine field that averages to a coarse one: trend + residual, the residual being coarse − area mean of the trend. */
export interface ResidualField extends Field {
  /** The whole fine grid on a day, and what the correction found. */
  correct(day: Day, read?: ReadOptions): Promise<CorrectedDay>
}

const cellsPerRead = 1_000_000

/** The correction needs a whole day at once: a day's map is computed at the first read and kept until another day is asked for
 *  (5 bytes a fine cell; runs and files keep theirs on disk). On a day without coarse values the trend stands as it is.
 *  Source: see correctResidual. */
export function residualField({
  trend,
  coarse,
  coarseGrid,
  fineGrid,
  settings,
  threads,
}: ResidualInputs): ResidualField {
  const prepared = correctionOf(fineGrid, coarseGrid, settings)
  const identity = (trendId: string, coarseId: string): string =>
    hashJson({
      form: 'residual/2',
      trend: trendId,
      coarse: coarseId,
      fineGrid,
      coarseGrid,
      ...settingsForHash(settings),
    })
  let kept: { day: Day; corrected: Promise<CorrectedDay> } | null = null

  async function compute(day: Day, read?: ReadOptions): Promise<CorrectedDay> {
    const whole = { grid: fineGrid, row: 0, col: 0, rows: fineGrid.rows, cols: fineGrid.cols }
    const values = new Float32Array(whole.rows * whole.cols)
    const reasons = new Uint8Array(whole.rows * whole.cols)
    const atOnce = Math.max(1, Math.floor(cellsPerRead / whole.cols))
    for (let row = 0; row < whole.rows; row += atOnce) {
      const part = await trend.read({ ...whole, row, rows: Math.min(atOnce, whole.rows - row) }, day, read)
      values.set(part.values, row * whole.cols)
      reasons.set(part.reasons, row * whole.cols)
    }
    const correction = await prepared.correct(mapInMemory(values, whole.cols), coarse, day, { ...read, threads })
    return { block: { rows: whole.rows, cols: whole.cols, values, reasons }, correction }
  }
  function correct(day: Day, read?: ReadOptions): Promise<CorrectedDay> {
    if (kept?.day !== day) {
      const corrected = compute(day, read)
      kept = { day, corrected }
      // A day that failed, or was stopped, is computed again when it is asked for again.
      corrected.catch(() => (kept = kept?.corrected === corrected ? null : kept))
    }
    return kept!.corrected
  }
  return {
    id: identity(trend.id, coarse.id),
    idOn: (day) => identity(trend.idOn(day), coarse.idOn(day)),
    name: trend.name,
    unit: trend.unit,
    kind: trend.kind,
    times: trend.times === 'static' && coarse.times === 'static' ? 'static' : 'any',
    nativeGrid: fineGrid,
    lineage: `${trend.lineage}; ${residualWords(settings, coarse.name)}`,
    correct,
    async read(window: GridWindow, day: Day, read?: ReadOptions): Promise<Block> {
      const { block } = await correct(day, read)
      const source = {
        grid: fineGrid,
        kind: trend.kind,
        read: (part: GridWindow) => Promise.resolve(cut(block, part)),
      }
      return resample(source, window, { minValidFraction: 0.5, signal: read?.signal })
    },
  }
}

/** The correction of maps on one grid to a coarse one; how the grids lie is found once, at the first map. */
export function correctionOf(
  fineGrid: Grid,
  coarseGrid: Grid,
  settings: ResidualSettings,
): {
  /** Corrects a day's trend in place. */
  correct(
    trend: FineMap,
    coarse: Field,
    day: Day,
    run?: ReadOptions & { readonly threads?: number },
  ): Promise<DayCorrection>
} {
  let cells: CoarseCells | null = null
  return {
    async correct(trend, coarse, day, run) {
      const window = coarseWindow(fineGrid, coarseGrid)
      const { values } = await coarse.read(window, day, run)
      if (values.every(Number.isNaN)) return null
      cells ??= coarseCellsOf(fineGrid, windowGrid(window))
      try {
        const found = await correctFineMap(trend, values, cells, {
          ...settings,
          threads: run?.threads,
          signal: run?.signal,
        })
        return { ...found, open: openCells(found, window) }
      } catch (thrown) {
        // Coarse values where the map has none tell nothing.
        if ((thrown as { code?: unknown }).code === 'too_few_rows') return null
        throw thrown
      }
    },
  }
}

/** The settings as they decide the numbers. */
export function settingsForHash({ method, neighbours, variogram, limits }: ResidualSettings): Record<string, unknown> {
  return {
    method,
    neighbours: neighbours ?? null,
    variogram: variogram ? formatVariogram(variogram, 17) : null,
    limits: limits ?? null,
  }
}

/** The correction as a sentence of a methods section. */
export function residualWords({ method, neighbours, variogram, limits }: ResidualSettings, coarse: string): string {
  if (method === 'none') return 'no residual correction'
  const { title, hasVariogram } = residualMethods[method]
  const details = [
    ...(hasVariogram ? [`${neighbours ?? 25} neighbours`] : []),
    ...(hasVariogram ? [variogram ? `variogram ${formatVariogram(variogram)}` : 'variogram of each day'] : []),
    ...(limits ? [`cut to ${limits[0]} … ${limits[1]}`] : []),
  ]
  return `corrected to the ${coarse} by the residual of its cells (coarse value − area mean of the fine map), brought to the fine grid by ${title}${details.length > 0 ? ` (${details.join(', ')})` : ''}`
}

function cut(block: Block, { row, col, rows, cols }: GridWindow): Block {
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols).fill(reasonCodes.none)
  for (let r = 0; r < rows; r++) {
    const from = (row + r) * block.cols + col
    values.set(block.values.subarray(from, from + cols), r * cols)
    reasons.set(block.reasons.subarray(from, from + cols), r * cols)
  }
  return { rows, cols, values, reasons }
}
