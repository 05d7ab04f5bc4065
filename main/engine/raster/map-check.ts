import { createHash } from 'node:crypto'
import { hasValue } from '../../contract/index.ts'
import { gdal } from './gdal.ts'

/** A window of a map and the SHA-256 of its cells: stored values, then reason codes as bytes. */
export interface CheckedWindow {
  readonly row: number
  readonly col: number
  readonly rows: number
  readonly cols: number
  readonly sha256: string
}

export interface MapCheck {
  readonly path: string
  readonly rows: number
  readonly cols: number
  readonly dataType: 'Float32' | 'Int16'
  readonly nodata: number | null
  readonly windows: readonly CheckedWindow[]
}

type Cells = Float32Array | Int16Array

/** SHA-256 (hex) over stored values and reason codes. */
export function hashOfCells(values: Cells, reasons: Uint8Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .update(reasons)
    .digest('hex')
}

/** Opens a map anew and reads every cell of it, overviews too.
 *  @returns null when all windows hold the cells they are said to hold, else what is wrong, as a clause */
export async function faultInMap(check: MapCheck): Promise<string | null> {
  const dataset = await gdal.openAsync(check.path, 'r', ['GTiff'])
  try {
    const { x, y } = dataset.rasterSize
    if (x !== check.cols || y !== check.rows || dataset.bands.count() !== 2)
      return `it has ${y} × ${x} cells and ${dataset.bands.count()} bands, not ${check.rows} × ${check.cols} and 2`
    const [values, reasons] = [dataset.bands.get(1), dataset.bands.get(2)]
    const mostCells = check.windows.reduce((most, { rows, cols }) => Math.max(most, rows * cols), 0)
    const allStored = check.dataType === 'Float32' ? new Float32Array(mostCells) : new Int16Array(mostCells)
    const allCodes = new Uint8Array(mostCells)
    for (const window of check.windows) {
      const cells = window.rows * window.cols
      const stored = allStored.subarray(0, cells)
      const codes = allCodes.subarray(0, cells)
      await values.pixels.readAsync<Cells>(window.col, window.row, window.cols, window.rows, stored)
      await reasons.pixels.readAsync<Uint8Array>(window.col, window.row, window.cols, window.rows, codes)
      if (hashOfCells(stored, codes) !== window.sha256)
        return `the cells from row ${window.row}, column ${window.col} on are not those that were written`
    }
    return await faultInOverviews(values, reasons, check)
  } finally {
    dataset.close()
  }
}

type Band = InstanceType<typeof gdal.RasterBand>

/** Overviews are made like the map, so in each cell a value and a reason exclude each other; a lost block breaks that. */
async function faultInOverviews(values: Band, reasons: Band, check: MapCheck): Promise<string | null> {
  const allStored = new Float32Array(512 * 512)
  const allCodes = new Float32Array(512 * 512)
  for (let level = 0; level < values.overviews.count(); level++) {
    const [valueBand, reasonBand] = [values.overviews.get(level), reasons.overviews.get(level)]
    const { x, y } = valueBand.size
    for (let row = 0; row < y; row += 512)
      for (let col = 0; col < x; col += 512) {
        const [rows, cols] = [Math.min(512, y - row), Math.min(512, x - col)]
        const stored = allStored.subarray(0, rows * cols)
        const codes = allCodes.subarray(0, rows * cols)
        await valueBand.pixels.readAsync<Float32Array>(col, row, cols, rows, stored)
        await reasonBand.pixels.readAsync<Float32Array>(col, row, cols, rows, codes)
        for (let i = 0; i < stored.length; i++) {
          const isThere = check.nodata === null ? !Number.isNaN(stored[i]) : stored[i] !== check.nodata
          if (isThere !== hasValue(codes[i])) return `overview ${level + 1} is damaged at row ${row}, column ${col}`
        }
      }
  }
  return null
}
