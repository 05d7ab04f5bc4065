import { LoamError } from '../../contract/index.ts'
import type { EmpiricalVariogram } from './empirical-variogram.ts'
import { fitVariogram } from './fit-variogram.ts'
import type { FittedVariogram, PartToFit } from './fit-variogram.ts'

/** What a fit alone chooses from. Without Gaussian: fitted without a nugget it makes systems that cannot be solved. */
const steadyParts: readonly PartToFit[] = [{ shape: 'sph' }, { shape: 'exp' }, { shape: 'mat', smoothness: 1.5 }]

/** The candidate, each with a nugget, that comes closest to a sample variogram by weighted squares; of equals the first. Cheaper
 *  than leaving stations out (chooseVariogram), and computed at once, so that a field can name its model before it is read.
 *  @throws too_few_rows when none can be fitted; bad_input when all values are equal */
export function bestFit(
  empirical: EmpiricalVariogram,
  candidates: readonly PartToFit[] = steadyParts,
): FittedVariogram {
  const fits = candidates.map((part) => fitVariogram(empirical, [{ shape: 'nug' }, part]))
  const best = fits.reduce((a, b) => (b.weightedSquares < a.weightedSquares ? b : a))
  if (!best.model.some(({ partialSill }) => partialSill > 0))
    throw new LoamError('bad_input', 'All values are equal, so they have no variogram. Give its model.')
  return best
}
