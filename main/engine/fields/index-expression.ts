import { LoamError, reasonCodes } from '../../contract/index.ts'
import type { Block, FieldExpression, IndexName } from '../../contract/index.ts'
import type { CompiledField, Compiling } from './compiled-field.ts'
import { cellwise } from './formula.ts'
import { nearNames } from './near-names.ts'

type Index = Extract<FieldExpression, { index: string }>

interface IndexRow {
  readonly bands: readonly string[]
  readonly formula: string
  readonly unit: string
  /** What two reflectances of 0 or more can give; beyond it one was negative. null: no such bound. */
  readonly range: readonly [number, number] | null
}

const evi = '2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)'

/** Indices of reflectance (0–1). MOD09A1 bands: red 1, nir 2, blue 3, green 4, swir1 6, swir2 7.
 *  Sources: NDVI Tucker (1979); EVI Huete et al. (2002); LAI from EVI Boegh et al. (2002); NDWI McFeeters (1996);
 *  LSWI Xiao et al. (2002); NSDSI Yue et al. (2019). */
export const indexRows: Record<IndexName, IndexRow> = {
  NDVI: { bands: ['nir', 'red'], formula: '(nir - red) / (nir + red)', unit: '1', range: [-1, 1] },
  EVI: { bands: ['nir', 'red', 'blue'], formula: evi, unit: '1', range: null },
  LAI: { bands: ['nir', 'red', 'blue'], formula: `3.618 * (${evi}) - 0.118`, unit: 'm2 m-2', range: null },
  NDWI: { bands: ['green', 'nir'], formula: '(green - nir) / (green + nir)', unit: '1', range: [-1, 1] },
  LSWI: { bands: ['nir', 'swir1'], formula: '(nir - swir1) / (nir + swir1)', unit: '1', range: [-1, 1] },
  NSDSI: { bands: ['swir1', 'swir2'], formula: '(swir1 - swir2) / swir1', unit: '1', range: null },
}

/** An index of reflectance bands by its name, computed on the finest band's grid before any averaging.
 *  @throws bad_recipe for a missing or superfluous band; on reading value_range when a band is no reflectance */
export function indexExpression(expression: Index, at: Compiling): CompiledField {
  const row = indexRows[expression.index]
  checkBandNames(expression, row, at)
  const inputs = row.bands.map((name) => at.inner(expression.bands[name], `bands.${name}`))
  const name = (i: number): string => `"${row.bands[i]}" of field "${at.path}" (${inputs[i].lineage})`
  return cellwise(row.formula, row.bands, inputs, at, {
    unit: row.unit,
    kind: 'continuous',
    lineage: `${expression.index} from ${describeBands(row.bands, inputs)}`,
    range: row.range,
    screen: { name: 'reflectance/1', apply: (block, i) => keepReflectance(block, name(i), at.path) },
  })
}

function checkBandNames(expression: Index, row: IndexRow, at: Compiling): void {
  const given = Object.keys(expression.bands)
  const missing = row.bands.filter((band) => !given.includes(band))
  const extra = given.filter((band) => !row.bands.includes(band))
  if (missing.length === 0 && extra.length === 0) return
  const near = extra.flatMap((band) =>
    nearNames(band, missing).map((wanted) => ` "${band}" may be meant as "${wanted}".`),
  )
  const faults = [
    missing.length ? `lacks ${missing.join(', ')}` : '',
    extra.length ? `does not know ${extra.join(', ')}` : '',
  ].filter(Boolean)
  throw new LoamError(
    'bad_recipe',
    `Field "${at.path}": ${expression.index} ${faults.join(' and ')}. It needs the bands ${row.bands.join(', ')}, as reflectance 0–1.${near.join('')} Give these under \`bands\`, and no others.`,
    { field: at.path, needed: [...row.bands], missing, extra },
  )
}

/** What a measured reflectance may be: noise below 0, sun glint and bright cloud above 1. */
const plausible: readonly [number, number] = [-0.2, 1.6]
/** No scaled reflectance reaches this, not even a saturated pixel (Sentinel-2's largest number means 6.55): numbers
 *  beyond are stored integers or per cent. */
const impossible: readonly [number, number] = [-1, 10]

/** A lone implausible value is a bad cell and loses it; an impossible one means that the band is not in reflectance,
 *  and stops the work, because every index of it would be wrong without looking so. */
function keepReflectance(block: Block, band: string, path: string): Block {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  const { values } = block
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i]
    if (values[i] > high) high = values[i]
  }
  if (low < impossible[0] || high > impossible[1])
    throw new LoamError(
      'value_range',
      `Band ${band} holds values from ${Number(low.toPrecision(6))} to ${Number(high.toPrecision(6))}; reflectance of 0 to 1 was needed. The stored numbers are probably not scaled: set the variable's scale (and offset), for example scale 0.0001, when adding the dataset, and check its nodata.`,
      { field: path, low, high },
    )
  if (!(low < plausible[0] || high > plausible[1])) return block
  const kept = { ...block, values: values.slice(), reasons: block.reasons.slice() }
  for (let i = 0; i < values.length; i++)
    if (values[i] < plausible[0] || values[i] > plausible[1]) {
      kept.values[i] = Number.NaN
      kept.reasons[i] = reasonCodes.out_of_range
    }
  return kept
}

/** "nir, red of dataset s2 (10 m)" when all bands are plain series of one dataset, else each with its own story. */
function describeBands(names: readonly string[], inputs: readonly CompiledField[]): string {
  const origins = inputs.map((input) => input.origin)
  const [first] = origins
  if (first && origins.every((origin) => origin?.dataset === first.dataset))
    return `${origins.map((origin) => origin!.variable).join(', ')} of dataset ${first.dataset} (${first.cell})`
  return names.map((name, i) => `${name} = ${inputs[i].lineage}`).join('; ')
}
