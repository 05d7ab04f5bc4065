import type { FieldExpression, IndexName, KeepRule, VariogramRow } from '../../../../main/contract/index.ts'
import { readWritten } from './written-expression.ts'

/** The ways of deriving a field. `written` is the expression itself as text, for what has no form. */
export const fieldKinds = [
  'index',
  'mask',
  'fill',
  'antecedent',
  'terrain',
  'kriged',
  'distance',
  'formula',
  'calendar',
  'coordinate',
  'constant',
  'written',
] as const
export type FieldKind = (typeof fieldKinds)[number]

export const kindWords: Readonly<Record<FieldKind, { readonly name: string; readonly hint: string }>> = {
  index: { name: 'Index of bands', hint: 'NDVI, EVI, LAI, NDWI, LSWI, NSDSI from reflectance' },
  mask: { name: 'Mask', hint: 'Takes cells out by classes, quality bits or values' },
  fill: { name: 'Fill gaps in time', hint: 'Between the nearest valid dates, not older than you allow' },
  antecedent: { name: 'Days before', hint: 'Sum or mean of the days before, such as antecedent rain' },
  terrain: { name: 'Terrain', hint: 'Slope and aspect from elevation' },
  kriged: { name: 'Kriged stations', hint: 'Station values of a day brought to every cell, with their error' },
  distance: { name: 'Stations by distance', hint: 'Station values weighted by inverse distance, without an error' },
  formula: { name: 'Formula', hint: 'Arithmetic of fields, cell by cell' },
  calendar: { name: 'Calendar', hint: 'Day, month or season, the same everywhere' },
  coordinate: { name: 'Coordinate', hint: 'East or north of the run’s fine grid' },
  constant: { name: 'Constant', hint: 'One number everywhere' },
  written: { name: 'Written out', hint: 'The expression as text, with everything a recipe can say' },
}

export const bandsOf: Readonly<Record<IndexName, readonly string[]>> = {
  NDVI: ['nir', 'red'],
  EVI: ['nir', 'red', 'blue'],
  LAI: ['nir', 'red', 'blue'],
  NDWI: ['green', 'nir'],
  LSWI: ['nir', 'swir1'],
  NSDSI: ['swir1', 'swir2'],
}

/** Everything the forms hold, so that switching between them loses nothing. */
export interface FieldForm {
  readonly kind: FieldKind
  readonly index: IndexName
  readonly bands: Readonly<Record<string, string>>
  readonly input: string | null
  readonly by: string | null
  readonly keep: 'values' | 'bits' | 'range'
  readonly values: string
  readonly bitsClear: string
  readonly min: number | null
  readonly max: number | null
  readonly maxAgeDays: number
  /** What filling gives: the values, or where they were filled. */
  readonly fillGives: 'values' | 'isFilled'
  readonly days: number
  readonly statistic: 'sum' | 'mean'
  readonly includeToday: boolean
  readonly terrain: 'slope' | 'aspect' | 'northness' | 'eastness'
  readonly set: string | null
  readonly quantity: string | null
  readonly variogram: 'pooled' | 'perDay'
  /** Numbers of a model that were typed; null: fitted as `variogram` says. */
  readonly model: readonly VariogramRow[] | null
  readonly drift: string | null
  /** By what name the drift stands in the expression. */
  readonly driftName: string
  readonly isOfResiduals: boolean
  /** Field whose residuals at the stations are kriged and added to it. */
  readonly residualsOf: string | null
  /** CRS to krige in, of a field that was opened again; null: as the map's suggests. */
  readonly crs: string | null
  readonly output: 'prediction' | 'variance'
  readonly formula: string
  readonly inputs: readonly { readonly name: string; readonly source: string }[]
  readonly unit: string
  readonly power: number | null
  readonly neighbours: number | null
  readonly calendar: Extract<FieldExpression, { calendar: unknown }>['calendar']
  readonly coordinate: 'x' | 'y'
  readonly constant: number | null
  /** Text of an expression, as it was typed. */
  readonly written: string
}

export const emptyForm: FieldForm = {
  kind: 'index',
  index: 'NDVI',
  bands: {},
  input: null,
  by: null,
  keep: 'values',
  values: '',
  bitsClear: '',
  min: null,
  max: null,
  maxAgeDays: 8,
  fillGives: 'values',
  days: 7,
  statistic: 'sum',
  includeToday: false,
  terrain: 'slope',
  set: null,
  quantity: null,
  variogram: 'pooled',
  model: null,
  drift: null,
  driftName: 'drift',
  isOfResiduals: false,
  residualsOf: null,
  crs: null,
  output: 'prediction',
  formula: '',
  inputs: [{ name: 'a', source: '' }],
  unit: '',
  power: null,
  neighbours: null,
  calendar: 'dayOfYear',
  coordinate: 'x',
  constant: null,
  written: '',
}

/** A station quantity as one text: `vwc|0.05|0.05`, depth left out where there is none. */
export const quantityKey = ({ name, depth }: { name: string; depth: readonly number[] | null }) =>
  [name, ...(depth ?? [])].join('|')

/** What an input of a form stands for; null while it is not made yet. */
export type SourceOf = (input: string) => FieldExpression | null

/** What a form says, as data; null while a part is missing. Rain of stations is written `weather:<set>|<variable>`.
 *  @param krigingCrs in which stations of a set are kriged; null: their own
 *  @param source what its inputs stand for; default names */
export function expressionOf(
  form: FieldForm,
  krigingCrs: (set: string) => string | null = () => null,
  source: SourceOf = sourceOf,
): FieldExpression | null {
  const read = (input: string | null): FieldExpression | null => (input ? source(input) : null)
  const input = read(form.input)
  switch (form.kind) {
    case 'index': {
      const bands = readAll(
        bandsOf[form.index].map((band) => [band, form.bands[band] ?? '']),
        source,
      )
      return bands && { index: form.index, bands }
    }
    case 'mask': {
      const by = read(form.by)
      const keep = keepOf(form)
      return input !== null && by !== null && keep ? { mask: input, by, keep } : null
    }
    case 'fill': {
      const { maxAgeDays, fillGives } = form
      if (input === null) return null
      return fillGives === 'isFilled' ? { isFilled: input, maxAgeDays } : { fillInTime: input, maxAgeDays }
    }
    case 'antecedent': {
      const { days, statistic, includeToday } = form
      return input === null ? null : { antecedent: input, days, statistic, includeToday }
    }
    case 'terrain':
      return input === null ? null : { terrain: form.terrain, elevation: input }
    case 'kriged':
      return krigedOf(form, krigingCrs, read)
    case 'distance': {
      const { power, neighbours } = form
      const quantity = quantityOf(form)
      if (!quantity) return null
      const { set, ...rest } = quantity
      return {
        fromStations: set,
        ...rest,
        ...(power === null ? {} : { power }),
        ...(neighbours === null ? {} : { neighbours }),
      }
    }
    case 'formula': {
      const named = form.inputs.filter((each) => each.name !== '' && each.source !== '')
      const inputs = readAll(
        named.map((each) => [each.name, each.source]),
        source,
      )
      if (form.formula.trim() === '' || named.length === 0 || !inputs) return null
      return { formula: form.formula, inputs, unit: form.unit }
    }
    case 'calendar':
      return { calendar: form.calendar }
    case 'coordinate':
      return { coordinate: form.coordinate }
    case 'constant':
      if (form.constant === null) return null
      return form.unit === '' ? form.constant : { constant: form.constant, unit: form.unit }
    case 'written':
      return readWritten(form.written).expression
  }
}

function krigedOf(
  form: FieldForm,
  krigingCrs: (set: string) => string | null,
  read: (input: string | null) => FieldExpression | null,
): FieldExpression | null {
  const quantity = quantityOf(form)
  const drift = read(form.drift)
  const residualsOf = form.isOfResiduals ? read(form.residualsOf) : null
  const isIncomplete = (form.drift && drift === null) || (form.isOfResiduals && residualsOf === null)
  if (!quantity || isIncomplete) return null
  const { set, ...rest } = quantity
  const crs = form.crs ?? krigingCrs(set)
  return {
    kriged: set,
    ...rest,
    variogram: form.model ? [...form.model] : form.variogram,
    ...(drift === null ? {} : { drift: { [form.driftName]: drift } }),
    ...(residualsOf === null ? {} : { residualsOf }),
    output: form.output,
    ...(crs === null ? {} : { crs }),
  }
}

/** Stations and what they measured; null while they are not chosen. */
function quantityOf({ set, quantity }: FieldForm): { set: string; variable: string; depth?: [number, number] } | null {
  if (!set || !quantity) return null
  const [variable, from, to] = quantity.split('|')
  return { set, variable, ...(from === undefined ? {} : { depth: [Number(from), Number(to)] }) }
}

function readAll(named: readonly (readonly [string, string])[], source: SourceOf) {
  const read = named.map(([name, input]) => [name, input === '' ? null : source(input)] as const)
  if (read.some(([, each]) => each === null)) return null
  return Object.fromEntries(read) as Record<string, FieldExpression>
}

/** A name, or what stations measured without depth, such as rain. */
export function sourceOf(input: string): FieldExpression {
  if (!input.startsWith('weather:')) return input
  const [weather, variable] = input.slice('weather:'.length).split('|')
  return { weather, variable }
}

const numbersIn = (text: string) =>
  text.split(/[\s,;]+/).flatMap((each) => (each !== '' && Number.isFinite(Number(each)) ? [Number(each)] : []))

function keepOf({ keep, values, bitsClear, min, max }: FieldForm): KeepRule | null {
  if (keep === 'values') return numbersIn(values).length > 0 ? { values: numbersIn(values) } : null
  if (keep === 'bits') return numbersIn(bitsClear).length > 0 ? { bitsClear: numbersIn(bitsClear) } : null
  if (min === null && max === null) return null
  return { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }
}

/** A name that says what it is, for a field that was not given one.
 *  @param input what the form's input is called, where it is a step of its own */
export function suggestedName(form: FieldForm, input: string = form.input ?? ''): string {
  const source = input.replace(/^weather:/, '').replace(/\W+/g, '_')
  const variable = (form.quantity ?? '').split('|')[0]
  const words: Record<FieldKind, string> = {
    index: form.index.toLowerCase(),
    mask: `${source}_masked`,
    fill: `${source}_filled`,
    antecedent: `${source}_${form.days}d`,
    terrain: form.terrain,
    kriged: `${variable}_kriged${form.output === 'variance' ? '_variance' : ''}`,
    distance: `${variable}_by_distance`,
    formula: 'formula',
    calendar: form.calendar,
    coordinate: form.coordinate,
    constant: 'constant',
    written: 'field',
  }
  const name = words[form.kind].replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '')
  return /^[A-Za-z_]/.test(name) ? name : `f_${name}`
}
