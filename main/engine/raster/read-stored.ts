import { reasonCodes } from '../../contract/index.ts'
import { decode, readingArray } from './decode.ts'
import type { DecodeRule } from './decode.ts'
import type { StoredWindow } from './layout.ts'
import type { StoredBand } from './stored-band.ts'
import { unreadable } from './unreadable.ts'

export interface Decoded {
  readonly values: Float32Array
  readonly reasons: Uint8Array
}

/** Reads and decodes a window of stored cells, into `into` when given.
 *  @throws bad_raster when GDAL cannot decode it */
export async function readStored(
  band: StoredBand,
  place: { path: string; subdataset: string; band: number },
  rule: DecodeRule,
  window: StoredWindow,
  into?: Decoded,
): Promise<Decoded> {
  const { row, col, rows, cols } = window
  const values = into?.values ?? new Float32Array(rows * cols)
  const reasons = into?.reasons ?? new Uint8Array(rows * cols)
  const raw = readingArray(band.type, values)
  const mask = band.mask ? new Uint8Array(rows * cols) : null
  try {
    const { pixels } = band.band
    if (band.isHere) pixels.read(col, row, cols, rows, raw)
    else await pixels.readAsync(col, row, cols, rows, raw)
    if (band.mask && mask) await band.mask.pixels.readAsync(col, row, cols, rows, mask)
  } catch (fault) {
    throw unreadable(place, window, fault)
  }
  decode(raw, band, rule, values, reasons)
  if (mask)
    for (let i = 0; i < mask.length; i++)
      if (mask[i] === 0) {
        values[i] = NaN
        reasons[i] = reasonCodes.no_data
      }
  return { values, reasons }
}
