import type { FieldExpression, KrigedStations } from '../../../../main/contract/index.ts'
import { emptyForm, expressionOf, quantityKey } from './field-forms.ts'
import type { FieldForm, SourceOf } from './field-forms.ts'
import { writeExpression } from './written-expression.ts'

/** Puts what an input is made of somewhere and says what it is called there. */
export type NameOf = (input: FieldExpression) => string

/** The form filled in with an expression; as text where it says more than a form can show.
 *  @param nameOf called for each input
 *  @param source what the names it gave stand for */
export function formOf(expression: FieldExpression, nameOf: NameOf, source?: SourceOf): FieldForm {
  const parts = partsOf(expression, nameOf)
  if (parts) {
    const form = { ...emptyForm, ...parts }
    const again = expressionOf(form, undefined, source)
    if (again !== null && sameField(again, expression)) return form
  }
  return { ...emptyForm, kind: 'written', written: writeExpression(expression) }
}

/** Whether two expressions mean the same: the order of keys and defaults that are written out do not count. */
export function sameField(a: FieldExpression, b: FieldExpression): boolean {
  return inOrder(withDefaults(a)) === inOrder(withDefaults(b))
}

function withDefaults(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(withDefaults)
  const whole = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withDefaults(each)]))
  if ('kriged' in whole) {
    const { variogram = 'pooled', output = 'prediction' } = whole
    return { ...whole, variogram: variogram === 'auto' ? 'pooled' : variogram, output }
  }
  if ('constant' in whole && (whole.unit ?? '') === '') return whole.constant
  return 'antecedent' in whole ? { includeToday: false, ...whole } : whole
}

/** JSON with the keys of objects sorted; what is undefined is left out. */
export function inOrder(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

function partsOf(expression: FieldExpression, nameOf: NameOf): Partial<FieldForm> | null {
  if (typeof expression === 'number') return { kind: 'constant', constant: expression }
  if (typeof expression === 'string') return null
  const named = (table: Readonly<Record<string, FieldExpression>>) =>
    Object.entries(table).map(([key, each]) => [key, nameOf(each)] as const)
  if ('index' in expression)
    return { kind: 'index', index: expression.index, bands: Object.fromEntries(named(expression.bands)) }
  if ('mask' in expression) {
    const { values, bitsClear, min, max } = expression.keep
    return {
      kind: 'mask',
      input: nameOf(expression.mask),
      by: nameOf(expression.by),
      keep: values ? 'values' : bitsClear ? 'bits' : 'range',
      values: (values ?? []).join(', '),
      bitsClear: (bitsClear ?? []).join(', '),
      min: min ?? null,
      max: max ?? null,
    }
  }
  if ('fillInTime' in expression)
    return { kind: 'fill', input: nameOf(expression.fillInTime), maxAgeDays: expression.maxAgeDays }
  if ('isFilled' in expression) {
    const { isFilled, maxAgeDays } = expression
    return { kind: 'fill', fillGives: 'isFilled', input: nameOf(isFilled), maxAgeDays }
  }
  if ('antecedent' in expression) {
    const { antecedent, days, statistic, includeToday = false } = expression
    return { kind: 'antecedent', input: nameOf(antecedent), days, statistic, includeToday }
  }
  if ('terrain' in expression)
    return { kind: 'terrain', terrain: expression.terrain, input: nameOf(expression.elevation) }
  if ('kriged' in expression) return krigedParts(expression, nameOf)
  if ('fromStations' in expression) {
    const { fromStations, variable, depth, power, neighbours } = expression
    const quantity = quantityKey({ name: variable, depth: depth ?? null })
    return { kind: 'distance', set: fromStations, quantity, power: power ?? null, neighbours: neighbours ?? null }
  }
  if ('formula' in expression) {
    const { formula, unit } = expression
    const inputs = named(expression.inputs).map(([name, source]) => ({ name, source }))
    return { kind: 'formula', formula, unit, inputs }
  }
  if ('calendar' in expression) return { kind: 'calendar', calendar: expression.calendar }
  if ('coordinate' in expression) return { kind: 'coordinate', coordinate: expression.coordinate }
  if ('constant' in expression) return { kind: 'constant', constant: expression.constant, unit: expression.unit ?? '' }
  return null
}

function krigedParts(expression: KrigedStations, nameOf: NameOf): Partial<FieldForm> {
  const { kriged, variable, depth, variogram, drift, residualsOf, output, crs } = expression
  // Of several drifts the form has room for none: the field it makes then differs, and is written out.
  const [[driftName, onlyDrift] = ['drift', undefined], ...others] = Object.entries(drift ?? {})
  const hasOne = onlyDrift !== undefined && others.length === 0
  return {
    kind: 'kriged',
    set: kriged,
    quantity: quantityKey({ name: variable, depth: depth ?? null }),
    model: Array.isArray(variogram) ? variogram : null,
    variogram: variogram === 'perDay' ? 'perDay' : 'pooled',
    ...(hasOne ? { drift: nameOf(onlyDrift), driftName } : {}),
    ...(residualsOf === undefined ? {} : { isOfResiduals: true, residualsOf: nameOf(residualsOf) }),
    output: output ?? 'prediction',
    crs: crs ?? null,
  }
}
