import { LoamError } from '../contract/index.ts'
import type { Day, KrigedStations, KrigingProof } from '../contract/index.ts'
import { compileField, krigingDiagnosis } from '../engine/fields/index.ts'
import type { FieldContext } from '../engine/fields/index.ts'
import { semivariance } from '../engine/geostatistics/index.ts'
import { metresPerUnit } from '../engine/raster/index.ts'

/** Points of the model's line. */
const linePoints = 80

/** The sample variogram, the model and leave-one-out of a kriged field on a day, as a window draws them.
 *  @throws what compiling and kriging the field throws; too_few_rows when the day has no model */
export async function proveKriging(
  expression: KrigedStations,
  day: Day,
  context: FieldContext,
  signal?: AbortSignal,
): Promise<KrigingProof> {
  const field = compileField('field', { ...expression, output: 'prediction' }, context)
  const diagnosis = await krigingDiagnosis(field, day, signal)
  if (!diagnosis) throw new LoamError('bad_recipe', 'The field is not kriged, so it has no variogram.')
  const { crs, empirical, model, scores } = diagnosis
  const { n, bias, rmse, meanSquaredZ } = scores
  // At lag 0 a variogram is 0 whatever its nugget: the line begins just beside it.
  const lags = Array.from({ length: linePoints }, (_, i) => (empirical.cutoff * (i + 0.05)) / (linePoints - 0.95))
  return {
    crs,
    lengthUnit: expression.greatCircle || metresPerUnit(crs) === 1 ? 'm' : 'CRS units',
    unit: field.unit,
    model,
    bins: empirical.bins.filter(({ pairs }) => pairs > 0),
    line: lags.map((lag) => ({ lag, semivariance: semivariance(model, lag) })),
    leaveOneOut: { n, bias, rmse, meanSquaredZ },
  }
}
