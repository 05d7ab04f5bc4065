/** How stored numbers become values, as the file's metadata tells. */
export interface Packing {
  readonly scale: number
  readonly offset: number
  readonly nodata: number[]
  /** Values after scale and offset. */
  readonly validRange: [number, number] | null
  readonly unit: string
  readonly notes: string[]
}

export interface StoredFacts {
  readonly driver: string
  readonly type: string
  readonly noDataValue: number | null
  readonly scale: number | null
  readonly offset: number | null
  readonly unitType: string | null
  /** The band's own attributes by their plain names (`_FillValue`, `valid_range`). */
  readonly attributes: Readonly<Record<string, string>>
}

/** Reads `_FillValue`, `missing_value`, `scale_factor`, `add_offset`, `valid_range`, `valid_min`, `valid_max`,
 *  `flag_values` and GDAL's own band facts. Fill and range are given on the stored number.
 *  Source: CF Conventions 1.11, sections 2.5 and 8.1. */
export function packingOf(facts: StoredFacts): Packing {
  const { attributes } = facts
  const notes: string[] = []
  const isInteger = !facts.type.startsWith('Float')
  let scale = facts.scale ?? first(attributes.scale_factor) ?? 1
  const offset = facts.offset ?? first(attributes.add_offset) ?? 0
  if (scale === 0 || !Number.isFinite(scale)) {
    notes.push(`The file gives a scale of ${scale}, which cannot be; 1 is taken.`)
    scale = 1
  }
  if (facts.driver === 'HDF4Image' && isInteger && Math.abs(scale) >= 100) {
    // MOD13 and other MODIS land products write the divisor: NDVI 0.5 is stored as 5000 with scale_factor 10000.
    notes.push(`The file gives scale_factor ${scale} for whole numbers; as in MODIS files value = stored / ${scale}.`)
    scale = 1 / scale
  }
  const nodata = new Set<number>()
  for (const number of [
    facts.noDataValue ?? NaN,
    ...numbers(attributes._FillValue),
    ...numbers(attributes.missing_value),
  ])
    if (!Number.isNaN(number)) nodata.add(facts.type === 'Float32' ? Math.fround(number) : number)

  const isUnsigned = attributes._Unsigned === 'true'
  const stored = (number: number): number => (isUnsigned && number < 0 && facts.type === 'Byte' ? number + 256 : number)
  const range = numbers(attributes.valid_range)
  const low = stored(range[0] ?? first(attributes.valid_min) ?? NaN)
  const high = stored(range[1] ?? first(attributes.valid_max) ?? NaN)
  let validRange: [number, number] | null = null
  if (!Number.isNaN(low) || !Number.isNaN(high)) {
    const from = (Number.isNaN(low) ? -Infinity : low) * scale + offset
    const to = (Number.isNaN(high) ? Infinity : high) * scale + offset
    validRange = from <= to ? [from, to] : [to, from]
    for (const flag of numbers(attributes.flag_values).map(stored)) if (flag < low || flag > high) nodata.add(flag)
  }
  return { scale, offset, nodata: [...nodata], validRange: finite(validRange), unit: unitOf(facts), notes }
}

/** A range without an end on one side keeps the largest float there: JSON has no infinity. */
function finite(range: [number, number] | null): [number, number] | null {
  if (!range) return null
  const most = Number.MAX_VALUE
  return [Math.max(range[0], -most), Math.min(range[1], most)]
}

function unitOf(facts: StoredFacts): string {
  const unit = (facts.unitType || facts.attributes.units || '').trim()
  return /^(none|n\/a|unitless|dimensionless|-)$/i.test(unit) ? '1' : unit
}

/** `{1,2}`, `1, 2` or `1 2` as numbers. */
function numbers(text: string | undefined): number[] {
  if (text === undefined) return []
  return text
    .replace(/[{}]/g, ' ')
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => Number(part.replace(/[fsLub]+$/i, (suffix) => (/^(inf|nan)/i.test(part) ? suffix : ''))))
    .filter((number) => !Number.isNaN(number))
}

function first(text: string | undefined): number | undefined {
  return numbers(text)[0]
}
