import type { Reason } from '../../contract/index.ts'

/** Why a cell has no value, for a person. */
const words: Readonly<Record<Reason, string>> = {
  none: '',
  no_data: 'The source holds no value here.',
  masked: 'Removed by a mask: cloud, water or a quality flag.',
  outside_source: 'The source does not reach this place.',
  no_scene: 'The source has no scene on this date.',
  too_old: 'The nearest observations in time are older than the age limit.',
  too_few_valid: 'Less of the cell is covered by valid source cells than the rule asks.',
  not_finite: 'The formula has no finite result here, such as a division by zero.',
  out_of_range: 'The value is outside the range its unit allows.',
  too_few_neighbours: 'Too few neighbours to interpolate from.',
  outside_applicability: 'Unlike the training data: the model is outside its area of applicability.',
  no_observation: 'The station has no value on this date.',
}

export function reasonText(reason: Reason | null): string {
  return reason === null ? '' : words[reason]
}
