import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block, FieldExpression } from '../../contract/index.ts'
import { firstReasons } from './blocks.ts'
import { makeField } from './compiled-field.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { inherit, readInputs } from './derive.ts'
import { compileFormula } from './evaluate-formula.ts'
import { parseFormula } from './formula-syntax.ts'

type Formula = Extract<FieldExpression, { formula: string }>

/** Free arithmetic over named inputs, cell by cell. A cell that misses any input has no value, also where the formula
 *  would not have looked at it.
 *  @throws bad_recipe for a fault in the formula or an input it does not use */
export function formula(expression: Formula, at: Compiling): CompiledField {
  // Sorted, so that the order of keys in a recipe's JSON decides nothing.
  const names = Object.keys(expression.inputs).sort()
  const { used } = parseFormula(expression.formula, names, at.path)
  const unused = names.filter((name) => !used.has(name))
  if (unused.length)
    throw new LoamError(
      'bad_recipe',
      `Field "${at.path}": formula "${expression.formula}" does not use its input ${unused.join(', ')}. Remove it from \`inputs\`, or use it.`,
      { field: at.path, unused },
    )
  const inputs = names.map((name) => at.inner(expression.inputs[name], `inputs.${name}`))
  const listed = names.map((name, i) => `${name} = ${inputs[i].lineage}`).join('; ')
  return cellwise(expression.formula, names, inputs, at, {
    unit: expression.unit,
    kind: expression.kind ?? 'continuous',
    lineage: names.length ? `${expression.formula} (${listed})` : expression.formula,
  })
}

/** A formula's field, its inputs compiled.
 *  @param screen replaces an input's block before it is used, such as values that cannot be
 *  @param range values outside have no value (`out_of_range`) */
export function cellwise(
  text: string,
  names: readonly string[],
  inputs: readonly CompiledField[],
  at: Compiling,
  result: Pick<CompiledField, 'unit' | 'kind' | 'lineage'> & {
    readonly screen?: { readonly name: string; readonly apply: (block: Block, input: number) => Block }
    readonly range?: readonly [number, number] | null
  },
): CompiledField {
  const evaluate = compileFormula(parseFormula(text, names, at.path).tree, names)
  const { screen, range = null, unit, kind, lineage } = result
  const method = { form: 'formula/1', formula: text.replace(/\s+/g, ''), names, screen: screen?.name ?? null, range }
  return makeField(
    {
      ...inherit(inputs, at),
      unit,
      kind,
      lineage,
      identity: { ...method, inputs: inputs.map((input) => input.id) },
      identityOn: (day) => ({ ...method, inputs: inputs.map((input) => input.idOn(day)) }),
      async compute(window, day, signal) {
        const read = await readInputs(inputs, window, day, signal)
        const blocks = screen ? read.map(screen.apply) : read
        const cells = window.rows * window.cols
        const values = new Float32Array(cells)
        const reasons = firstReasons(blocks, cells)
        evaluate(
          blocks.map((block) => block.values),
          values,
        )
        const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
        const { none, not_finite, out_of_range } = reasonCodes
        for (let i = 0; i < cells; i++) {
          if (reasons[i] === none) {
            if (!Number.isFinite(values[i])) reasons[i] = not_finite
            else if (values[i] < low || values[i] > high) reasons[i] = out_of_range
          }
          if (reasons[i] !== none) values[i] = Number.NaN
        }
        return { rows: window.rows, cols: window.cols, values, reasons }
      },
    },
    at,
  )
}
