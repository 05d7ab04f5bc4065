import { LoamError } from '../../contract/index.ts'
import { variance } from '../numeric/index.ts'
import type { CoarseCells } from './coarse-cells.ts'
import { deconvolveVariogram } from './deconvolve-variogram.ts'
import { latticeVariogram } from './lattice-variogram.ts'
import { formatVariogram, variogramPart } from './variogram-model.ts'
import type { VariogramModel } from './variogram-model.ts'

/** Fewer residuals, or lags of pairs, tell no range. */
const leastResiduals = 20
const leastLags = 3
/** Range where the residuals tell none, in sides of a coarse cell. */
const usualRange = 3

export interface ResidualVariogram {
  /** Of points for area-to-point kriging, of coarse cells for kriging their centres. */
  readonly model: VariogramModel
  /** How it was found, in words. */
  readonly words: string
}

/** The variogram of residuals on a coarse grid: fitted to their sample variogram, and for points deconvolved. Where they tell none
 *  (too few, or all equal), spherical with a range of three coarse cells: the estimate then depends on its range alone.
 *  @param layers residuals of one or more dates, NaN missing */
export function residualVariogram(
  layers: readonly Float64Array[],
  cells: Pick<CoarseCells, 'coarse' | 'cellSize'>,
  support: 'points' | 'cells',
): ResidualVariogram {
  const { rows, cols } = cells.coarse
  const residuals = layers.flatMap((values) => Array.from(values).filter((value) => !Number.isNaN(value)))
  const known = residuals.length
  const cutoffCells = Math.min(12, Math.max(3, Math.round(Math.hypot(rows, cols) / 3)))
  const sample = latticeVariogram(layers, rows, cols, cells.cellSize, cutoffCells)
  const side = Math.sqrt(cells.cellSize.width * cells.cellSize.height)
  if (known < leastResiduals || sample.bins.length < leastLags)
    return usual(`${known} residuals tell no variogram`, side, residuals)
  try {
    const { model, areal, deviation } = deconvolveVariogram(sample, cells.cellSize)
    if (support === 'cells')
      return { model: areal.model, words: `fitted to ${known} residuals: ${formatVariogram(areal.model, 4)}` }
    return {
      model,
      words: `deconvolved from ${known} residuals: ${formatVariogram(model, 4)}, regularised within ${(100 * deviation).toFixed(0)} % of their ${formatVariogram(areal.model, 4)}`,
    }
  } catch (thrown) {
    if (thrown instanceof LoamError) return usual('the residuals tell no variogram', side, residuals)
    throw thrown
  }
}

function usual(why: string, side: number, residuals: readonly number[]): ResidualVariogram {
  const partialSill = residuals.length > 1 ? variance(residuals) || 1 : 1
  const model = [variogramPart({ shape: 'sph', partialSill, range: usualRange * side })]
  return { model, words: `${why}: spherical with a range of three coarse cells` }
}
