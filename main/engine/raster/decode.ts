import { reasonCodes } from '../../contract/index.ts'
import type { StoredBand } from './stored-band.ts'

const { no_data, not_finite, out_of_range } = reasonCodes

/** Number types that float32 holds exactly; the others are read as doubles, so that nodata is compared unrounded. */
const fitsFloat32 = new Set(['Byte', 'Int8', 'Int16', 'UInt16', 'Float32'])

/** The array GDAL fills: `values` itself where that loses nothing. */
export function readingArray(dataType: string, values: Float32Array): Float32Array | Float64Array {
  return fitsFloat32.has(dataType) ? values : new Float64Array(values.length)
}

export interface DecodeRule {
  readonly scale: number
  readonly offset: number
  readonly nodata: readonly number[]
  readonly validRange: readonly [number, number] | null
}

/** Turns stored numbers into values with reasons: nodata is compared on the stored number, scale and offset are applied
 *  in double, the result is rounded to float32 once.
 *  @param raw stored numbers; may be `values` itself */
export function decode(
  raw: Float32Array | Float64Array,
  band: StoredBand,
  rule: DecodeRule,
  values: Float32Array,
  reasons: Uint8Array,
): void {
  if (band.isSignedByte) for (let i = 0; i < raw.length; i++) if (raw[i] > 127) raw[i] -= 256
  // In a float32 band, a nodata of 1e20 is stored as the float32 nearest to it.
  const stored = band.type === 'Float32' ? rule.nodata.map(Math.fround) : rule.nodata.slice()
  const missing = stored.filter((number) => !Number.isNaN(number))
  const { scale, offset } = rule
  const isScaled = scale !== 1 || offset !== 0
  const [low, high] = rule.validRange ?? [-Infinity, Infinity]
  const first = missing.length > 0 ? missing[0] : NaN
  const hasMore = missing.length > 1
  for (let i = 0; i < raw.length; i++) {
    const number = raw[i]
    if (number !== number || number === first || (hasMore && missing.includes(number))) {
      values[i] = NaN
      reasons[i] = no_data
      continue
    }
    const value = isScaled ? number * scale + offset : number
    if (value >= low && value <= high && Math.abs(value) <= 3.4028234663852886e38) {
      values[i] = value
      reasons[i] = 0
    } else {
      values[i] = NaN
      reasons[i] = Math.abs(value) <= 3.4028234663852886e38 ? out_of_range : not_finite
    }
  }
}
