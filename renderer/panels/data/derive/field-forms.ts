import type { FieldExpression, IndexName, KeepRule, VariogramRow } from '../../../../main/contract/index.ts'

/** The ways of deriving a field that have a form; anything else is written as a formula or in the recipe. */
export const fieldKinds = ['index', 'mask', 'fill', 'antecedent', 'terrain', 'kriged', 'formula'] as const
export type FieldKind = (typeof fieldKinds)[number]

export const kindWords: Readonly<Record<FieldKind, { readonly name: string; readonly hint: string }>> = {
  index: { name: 'Index of bands', hint: 'NDVI, EVI, LAI, NDWI, LSWI, NSDSI from reflectance' },
  mask: { name: 'Mask', hint: 'Takes cells out by classes, quality bits or values' },
  fill: { name: 'Fill gaps in time', hint: 'Between the nearest valid dates, not older than you allow' },
  antecedent: { name: 'Days before', hint: 'Sum or mean of the days before, such as antecedent rain' },
  terrain: { name: 'Terrain', hint: 'Slope and aspect from elevation' },
  kriged: { name: 'Kriged stations', hint: 'Station values of a day brought to every cell, with their error' },
  formula: { name: 'Formula', hint: 'Arithmetic of fields, cell by cell' },
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
  readonly name: string
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
  /** CRS to krige in, of a field that was opened again; null: as the map's suggests. */
  readonly crs: string | null
  readonly output: 'prediction' | 'variance'
  readonly formula: string
  readonly inputs: readonly { readonly name: string; readonly source: string }[]
  readonly unit: string
}

export const emptyForm: FieldForm = {
  kind: 'index',
  name: '',
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
  days: 7,
  statistic: 'sum',
  includeToday: false,
  terrain: 'slope',
  set: null,
  quantity: null,
  variogram: 'pooled',
  model: null,
  drift: null,
  crs: null,
  output: 'prediction',
  formula: '',
  inputs: [{ name: 'a', source: '' }],
  unit: '',
}

/** A station quantity as one text: `vwc|0.05|0.05`, depth left out where there is none. */
export const quantityKey = ({ name, depth }: { name: string; depth: readonly number[] | null }) =>
  [name, ...(depth ?? [])].join('|')

/** What a form says, as data; null while a part is missing. Rain of stations is written `weather:<set>|<variable>`.
 *  @param krigingCrs in which stations are kriged; null: their own */
export function expressionOf(form: FieldForm, krigingCrs: string | null = null): FieldExpression | null {
  const { input, by } = form
  const crs = form.crs ?? krigingCrs
  switch (form.kind) {
    case 'index': {
      const bands = bandsOf[form.index].map((band) => [band, form.bands[band]] as const)
      if (bands.some(([, source]) => !source)) return null
      return { index: form.index, bands: Object.fromEntries(bands) as Record<string, string> }
    }
    case 'mask': {
      const keep = keepOf(form)
      return input && by && keep ? { mask: input, by, keep } : null
    }
    case 'fill':
      return input ? { fillInTime: input, maxAgeDays: form.maxAgeDays } : null
    case 'antecedent': {
      const source = input && sourceOf(input)
      const { days, statistic, includeToday } = form
      return source ? { antecedent: source, days, statistic, includeToday } : null
    }
    case 'terrain':
      return input ? { terrain: form.terrain, elevation: input } : null
    case 'kriged': {
      if (!form.set || !form.quantity) return null
      const [variable, from, to] = form.quantity.split('|')
      return {
        kriged: form.set,
        variable,
        ...(from === undefined ? {} : { depth: [Number(from), Number(to)] as [number, number] }),
        variogram: form.model ? [...form.model] : form.variogram,
        ...(form.drift ? { drift: { drift: form.drift } } : {}),
        output: form.output,
        ...(crs === null ? {} : { crs }),
      }
    }
    case 'formula': {
      const inputs = form.inputs.filter(({ name, source }) => name !== '' && source !== '')
      if (form.formula.trim() === '' || inputs.length === 0) return null
      return {
        formula: form.formula,
        inputs: Object.fromEntries(inputs.map(({ name, source }) => [name, source])),
        unit: form.unit,
      }
    }
  }
}

function sourceOf(input: string): FieldExpression {
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

/** A name that says what it is, for a form that was not given one. */
export function suggestedName(form: FieldForm): string {
  const input = (form.input ?? '').replace(/^weather:/, '').replace(/\W+/g, '_')
  const words: Record<FieldKind, string> = {
    index: form.index.toLowerCase(),
    mask: `${input}_masked`,
    fill: `${input}_filled`,
    antecedent: `${input}_${form.days}d`,
    terrain: form.terrain,
    kriged: `${(form.quantity ?? '').split('|')[0]}_kriged${form.output === 'variance' ? '_variance' : ''}`,
    formula: 'formula',
  }
  const name = words[form.kind].replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '')
  return /^[A-Za-z_]/.test(name) ? name : `f_${name}`
}
