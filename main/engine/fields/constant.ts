import { reasonCodes } from '../../contract/index.ts'
import { uniformBlock } from './blocks.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'

/** The same number everywhere and always. */
export function constant(expression: { constant: number; unit?: string }, at: Compiling): CompiledField {
  const { constant: value, unit = '1' } = expression
  const identity = { form: 'constant/1', value }
  return makeField(
    {
      unit,
      kind: 'continuous',
      times: 'static',
      nativeGrid: null,
      isUniform: true,
      lineage: unit === '1' ? `the constant ${value}` : `the constant ${value} ${unit}`,
      identity,
      identityOn: () => identity,
      absence: () => reasonCodes.none,
      compute: async (window) => uniformBlock(window, value),
    },
    at,
  )
}
