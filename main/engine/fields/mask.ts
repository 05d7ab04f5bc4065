import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { FieldExpression, KeepRule } from '../../contract/index.ts'
import { makeField, readAs } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { inherit } from './derive.ts'

type Mask = Extract<FieldExpression, { mask: unknown }>

/** A field with cells removed by another one: those where the rule does not hold (`masked`), and those where the other
 *  has no value (its reason), as nothing is known of them. */
export function mask(expression: Mask, at: Compiling): CompiledField {
  const field = at.inner(expression.mask, 'mask')
  const by = at.inner(expression.by, 'by')
  const { keep } = expression
  // Classes and bit flags have no mean: they go to another grid by nearest or most frequent class, whatever they call themselves.
  const isClass = Boolean(keep.values ?? keep.bitsClear ?? keep.bitsSet)
  const byKind = isClass ? 'categorical' : by.kind
  const holds = rememberClasses(compileRule(keep, at.path, by.lineage))
  const method = { form: 'mask/1', keep }
  return makeField(
    {
      ...inherit([field, by], at),
      unit: field.unit,
      kind: field.kind,
      lineage: `${field.lineage}, kept only where ${by.origin ? `${by.origin.variable} of dataset ${by.origin.dataset}` : by.lineage} is ${describeRule(keep)}`,
      identity: { ...method, field: field.id, by: by.id },
      identityOn: (day) => ({ ...method, field: field.idOn(day), by: by.idOn(day) }),
      async compute(window, day, signal) {
        const [block, flags] = await Promise.all([
          readAs(field, field.kind, window, day, signal),
          readAs(by, byKind, window, day, signal),
        ])
        const values = block.values.slice()
        const reasons = block.reasons.slice()
        const { none, masked } = reasonCodes
        for (let i = 0; i < values.length; i++) {
          if (reasons[i] !== none) continue
          if (flags.reasons[i] !== none) reasons[i] = flags.reasons[i]
          else if (!holds(flags.values[i])) reasons[i] = masked
          else continue
          values[i] = Number.NaN
        }
        return { rows: window.rows, cols: window.cols, values, reasons }
      },
    },
    at,
  )
}

/** Whole numbers from here on are no longer all different in float32, so their lowest bits are lost. */
const exactBelow = 2 ** 24

function compileRule(keep: KeepRule, path: string, by: string): (flag: number) => boolean {
  const values = keep.values ? Float32Array.from(keep.values) : null
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = keep
  const clear = bits(keep.bitsClear)
  const set = bits(keep.bitsSet)
  const hasBits = Boolean(keep.bitsClear ?? keep.bitsSet)
  return (flag) => {
    if (values && !values.includes(flag)) return false
    if (!(flag >= min && flag <= max)) return false
    if (!hasBits) return true
    if (Math.abs(flag) >= exactBelow || !Number.isInteger(flag))
      throw new LoamError(
        'value_range',
        `Field "${path}": ${by} holds ${flag}, but bits can be read only from whole numbers below ${exactBelow} (24 bits). Use a layer with fewer bits, or \`values\`, \`min\` and \`max\`.`,
        { field: path, found: flag },
      )
    return (flag & clear) === 0 && (flag & set) === set
  }
}

const rememberedClasses = 65_536

/** The rule, asked once for each class: flags are small whole numbers, and a look-up is a tenth of the rule's cost. */
function rememberClasses(holds: (flag: number) => boolean): (flag: number) => boolean {
  const known = new Uint8Array(rememberedClasses)
  return (flag) => {
    if (!(flag >= 0 && flag < rememberedClasses && Number.isInteger(flag))) return holds(flag)
    if (known[flag] === 0) known[flag] = holds(flag) ? 2 : 1
    return known[flag] === 2
  }
}

function bits(numbers: readonly number[] | undefined): number {
  return (numbers ?? []).reduce((pattern, bit) => pattern | (1 << bit), 0)
}

function describeRule(keep: KeepRule): string {
  const parts = [
    keep.values ? `in {${keep.values.join(', ')}}` : '',
    keep.min !== undefined ? `at least ${keep.min}` : '',
    keep.max !== undefined ? `at most ${keep.max}` : '',
    keep.bitsClear ? `with bits ${keep.bitsClear.join(', ')} clear` : '',
    keep.bitsSet ? `with bits ${keep.bitsSet.join(', ')} set` : '',
  ]
  return parts.filter(Boolean).join(' and ')
}
