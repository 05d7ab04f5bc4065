import type { FieldExpression, KrigedStations } from '../../../../main/contract/index.ts'
import { emptyForm, expressionOf, quantityKey } from './field-forms.ts'
import type { FieldForm } from './field-forms.ts'

/** The form filled in with a field that is there; null when it says more than the form can show, as an expression within another
 *  does: such a field is changed in the recipe's file. */
export function formOf(name: string, expression: FieldExpression): FieldForm | null {
  const partial = partsOf(expression)
  if (!partial) return null
  const form = { ...emptyForm, name, ...partial }
  const again = expressionOf(form)
  return again !== null && sameField(again, expression) ? form : null
}

/** Whether two expressions mean the same: the order of keys and defaults that are written out do not count. */
export function sameField(a: FieldExpression, b: FieldExpression): boolean {
  return inOrder(withDefaults(a)) === inOrder(withDefaults(b))
}

function withDefaults(expression: FieldExpression): unknown {
  if (typeof expression !== 'object') return expression
  if ('kriged' in expression) {
    const { variogram = 'pooled', output = 'prediction' } = expression
    return { ...expression, variogram: variogram === 'auto' ? 'pooled' : variogram, output }
  }
  return 'antecedent' in expression ? { includeToday: false, ...expression } : expression
}

/** JSON with the keys of objects sorted; what is undefined is left out. */
export function inOrder(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

function partsOf(expression: FieldExpression): Partial<FieldForm> | null {
  if (typeof expression !== 'object') return null
  if ('index' in expression) return { kind: 'index', index: expression.index, bands: namesOnly(expression.bands) }
  if ('mask' in expression) {
    const { values, bitsClear, min, max } = expression.keep
    return {
      kind: 'mask',
      input: nameOnly(expression.mask),
      by: nameOnly(expression.by),
      keep: values ? 'values' : bitsClear ? 'bits' : 'range',
      values: (values ?? []).join(', '),
      bitsClear: (bitsClear ?? []).join(', '),
      min: min ?? null,
      max: max ?? null,
    }
  }
  if ('fillInTime' in expression)
    return { kind: 'fill', input: nameOnly(expression.fillInTime), maxAgeDays: expression.maxAgeDays }
  if ('antecedent' in expression) {
    const { antecedent, days, statistic, includeToday = false } = expression
    const isWeather = typeof antecedent === 'object' && 'weather' in antecedent
    const input = isWeather ? `weather:${antecedent.weather}|${antecedent.variable}` : nameOnly(antecedent)
    return { kind: 'antecedent', input, days, statistic, includeToday }
  }
  if ('terrain' in expression)
    return { kind: 'terrain', terrain: expression.terrain, input: nameOnly(expression.elevation) }
  if ('kriged' in expression) return krigedParts(expression)
  if ('formula' in expression) {
    const { formula, unit } = expression
    const inputs = Object.entries(namesOnly(expression.inputs)).map(([name, source]) => ({ name, source }))
    return { kind: 'formula', formula, unit, inputs }
  }
  return null
}

function krigedParts({ kriged, variable, depth, variogram, drift, output, crs }: KrigedStations): Partial<FieldForm> {
  return {
    kind: 'kriged',
    set: kriged,
    quantity: quantityKey({ name: variable, depth: depth ?? null }),
    model: Array.isArray(variogram) ? variogram : null,
    variogram: variogram === 'perDay' ? 'perDay' : 'pooled',
    drift: nameOnly(drift?.drift ?? ''),
    output: output ?? 'prediction',
    crs: crs ?? null,
  }
}

const nameOnly = (expression: FieldExpression): string | null =>
  typeof expression === 'string' && expression !== '' ? expression : null

/** What is no name is left out: the form made of it then differs from the field. */
function namesOnly(table: Readonly<Record<string, FieldExpression>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([key, each]) => (typeof each === 'string' ? [[key, each] as const] : [])),
  )
}
