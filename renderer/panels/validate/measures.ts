import type { Measure, MeasureName } from '../../../main/contract/index.ts'
import { formatNumber } from '../../widgets/format.ts'

export interface MeasureText {
  readonly name: MeasureName
  readonly title: string
  /** In the unit of the target. */
  readonly isInUnit: boolean
  /** Definition, formula and sign. */
  readonly definition: string
}

/** Order and words of the measures; `predicted` is p, `observed` is o. */
export const measureTexts: readonly MeasureText[] = [
  { name: 'bias', title: 'bias', isInUnit: true, definition: 'mean(p − o). Positive: too wet.' },
  { name: 'rmse', title: 'RMSE', isInUnit: true, definition: '√mean((p − o)²). Smaller is better.' },
  {
    name: 'ubrmse',
    title: 'ubRMSE',
    isInUnit: true,
    definition: '√(RMSE² − bias²): the error without the bias. Smaller is better.',
  },
  { name: 'mae', title: 'MAE', isInUnit: true, definition: 'mean|p − o|. Smaller is better.' },
  { name: 'pearsonR', title: 'R', isInUnit: false, definition: "Pearson's correlation of p and o, −1 to 1." },
  { name: 'slope', title: 'slope', isInUnit: false, definition: 'of o on p by least squares; 1 is best.' },
  {
    name: 'nse',
    title: 'NSE',
    isInUnit: false,
    definition: '1 − Σ(p − o)² / Σ(o − mean o)²: 1 is perfect, 0 is as good as the mean, negative is worse.',
  },
  { name: 'rSquared', title: 'r²', isInUnit: false, definition: 'R squared: shared variance, blind to bias.' },
  {
    name: 'kge',
    title: 'KGE',
    isInUnit: false,
    definition: '1 − √((R − 1)² + (σp/σo − 1)² + (μp/μo − 1)²) (Gupta et al. 2009); 1 is perfect.',
  },
]

/** Those a table has room for; the others follow from them. */
export const shownMeasures = measureTexts.filter(({ name }) => name !== 'slope' && name !== 'rSquared')

/** `.041 [.038, .044]`; without an interval only the value. */
export function measureText({ value, low, high }: Measure, decimals = 3): string {
  const interval = intervalText({ value, low, high }, decimals)
  return `${formatNumber(value, decimals)}${interval && ` ${interval}`}`
}

/** `[.038, .044]`; empty without an interval. */
export function intervalText({ low, high }: Measure, decimals = 3): string {
  return low === null || high === null ? '' : `[${formatNumber(low, decimals)}, ${formatNumber(high, decimals)}]`
}

/** Fewer pairs are too few to judge by. */
export const fewPairs = 20
