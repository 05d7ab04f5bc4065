import type { Kind, SourceRole } from '../../contract/index.ts'

const maskWords = /(^|[_\W])(cloud|clouds|qa|qc|scl|mask|quality|flags?|water_?mask)([_\W\d]|$)/i
const moistureWords = /soil.?moist|(^|[_\W])(s?sm|swi|ssm\d*|smap|smos|ascat|amsr\w*|vwc)([_\W\d]|$)/i

/** The part a product most likely plays, by its unit, kind and name. Of several that hold soil moisture the caller takes the
 *  coarsest as the target. */
export function guessRole(
  name: string,
  variables: readonly { readonly name: string; readonly unit: string; readonly kind: Kind }[],
): SourceRole {
  const isMask = variables.every(
    (variable) => variable.kind === 'categorical' && maskWords.test(`${name} ${variable.name}`),
  )
  if (isMask) return 'mask'
  const isMoisture = variables.some(
    (variable) =>
      variable.kind === 'continuous' &&
      (variable.unit === 'm3 m-3' || moistureWords.test(variable.name) || moistureWords.test(name)),
  )
  return isMoisture ? 'target' : 'predictor'
}
