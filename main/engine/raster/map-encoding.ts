import { LoamError, hasValue } from '../../contract/index.ts'
import type { Block } from '../../contract/index.ts'

export type MapEncodingName = 'float32' | 'int16'

/** Cells as they are stored: both bands in the one type that a GeoTIFF has. */
export interface EncodedBlock {
  readonly values: Float32Array | Int16Array
  readonly reasons: Float32Array | Int16Array
}

interface MapEncoding {
  /** GDAL's name of the type. */
  readonly dataType: 'Float32' | 'Int16'
  readonly bytesPerCell: number
  readonly nodata: number
  /** value = stored × scale. */
  readonly scale: number
  /** @param into arrays of at least the block's length, used again and again; the result is a part of them */
  encode(block: Block, into: EncodedBlock): EncodedBlock
  /** Arrays for `encode`. */
  make(cells: number): EncodedBlock
}

const int16Steps = 10_000

/** How the values of a map are stored. */
export const mapEncodings: Record<MapEncodingName, MapEncoding> = {
  float32: {
    dataType: 'Float32',
    bytesPerCell: 4,
    nodata: NaN,
    scale: 1,
    encode: (block, into) => ({
      values: withPlainNaN(block.values, into.values),
      reasons: codesOf(block, into.reasons),
    }),
    make: (cells) => ({ values: new Float32Array(cells), reasons: new Float32Array(cells) }),
  },
  int16: {
    dataType: 'Int16',
    bytesPerCell: 2,
    nodata: -32768,
    scale: 1 / int16Steps,
    encode: (block, into) => ({ values: toInt16(block, into.values), reasons: codesOf(block, into.reasons) }),
    make: (cells) => ({ values: new Int16Array(cells), reasons: new Int16Array(cells) }),
  },
}

/** A NaN has many bit patterns; one of them makes equal maps equal files. */
function withPlainNaN<T extends Float32Array | Int16Array>(values: Float32Array, into: T): T {
  const plain = into.subarray(0, values.length) as T
  for (let i = 0; i < values.length; i++) plain[i] = values[i] === values[i] ? values[i] : NaN
  return plain
}

function codesOf<T extends Float32Array | Int16Array>(block: Block, into: T): T {
  into.set(block.reasons)
  return into.subarray(0, block.reasons.length) as T
}

function toInt16<T extends Float32Array | Int16Array>(block: Block, into: T): T {
  const stored = into.subarray(0, block.values.length).fill(-32768) as T
  for (let i = 0; i < stored.length; i++) {
    if (!hasValue(block.reasons[i])) continue
    const steps = Math.round(block.values[i] * int16Steps)
    if (!(steps > -32768 && steps < 32768))
      throw new LoamError(
        'value_range',
        `A map value is ${block.values[i]}; the encoding "int16" holds values from −3.2767 to 3.2767 in steps of 0.0001. ` +
          `Set product.encoding to "float32".`,
        { value: block.values[i] },
      )
    stored[i] = steps
  }
  return stored
}
