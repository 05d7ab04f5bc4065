import { reasonCodes } from '../../contract/index.ts'
import type { Dataset } from './open-raster.ts'
import { readStored } from './read-stored.ts'
import { hasMask, storedBand } from './stored-band.ts'

export interface BandSample {
  /** Of the cells looked at, after scale and offset; null when none has a value. */
  readonly minimum: number | null
  readonly maximum: number | null
  /** Cells looked at and those of them with a value. */
  readonly seen: number
  readonly valid: number
  /** The different values when there are at most 40 of them. */
  readonly distinct: number[] | null
}

const mostDistinct = 40
/** Cells of one read while looking through a band. */
const cellsPerRead = 1024 * 1024

/** Reads a band, or its first, middle and last blocks when it is large, to see that it can be read and what it holds.
 *  @param mostCells how many cells may be read; the whole band when it has no more
 *  @throws bad_raster when a block cannot be decoded: the file is cut short or damaged */
export async function sampleBand(
  dataset: Dataset,
  place: { path: string; subdataset: string; band: number },
  rule: { scale: number; offset: number; nodata: readonly number[] },
  mostCells: number,
): Promise<BandSample> {
  const band = await storedBand(dataset, place.band, hasMask(dataset, place.path))
  if (!band) return { minimum: null, maximum: null, seen: 0, valid: 0, distinct: null }
  const { x: cols, y: rows } = dataset.rasterSize
  let [minimum, maximum, seen, valid] = [Infinity, -Infinity, 0, 0]
  const distinct = new Set<number>()
  for (const window of windowsToSee(rows, cols, band.blockRows, band.blockCols, mostCells)) {
    const length = window.rows * window.cols
    const { values, reasons } = await readStored(band, place, { ...rule, validRange: null }, window)
    seen += length
    for (let i = 0; i < length; i++) {
      if (reasons[i] !== reasonCodes.none) continue
      valid++
      const value = values[i]
      if (value < minimum) minimum = value
      if (value > maximum) maximum = value
      if (distinct.size <= mostDistinct) distinct.add(value)
    }
  }
  return {
    minimum: valid > 0 ? minimum : null,
    maximum: valid > 0 ? maximum : null,
    seen,
    valid,
    distinct: distinct.size <= mostDistinct ? [...distinct].sort((a, b) => a - b) : null,
  }
}

interface Window {
  row: number
  col: number
  rows: number
  cols: number
}

function* windowsToSee(
  rows: number,
  cols: number,
  blockRows: number,
  blockCols: number,
  mostCells: number,
): Generator<Window> {
  if (rows * cols <= mostCells) {
    const step = Math.max(1, Math.floor(cellsPerRead / cols / blockRows)) * blockRows
    for (let row = 0; row < rows; row += step) yield { row, col: 0, rows: Math.min(step, rows - row), cols }
    return
  }
  const [down, across] = [Math.ceil(rows / blockRows), Math.ceil(cols / blockCols)]
  const corners = new Map<string, [number, number]>()
  for (const corner of [
    [0, 0],
    [Math.floor(down / 2), Math.floor(across / 2)],
    [down - 1, across - 1],
  ] as [number, number][])
    corners.set(corner.join(), corner)
  for (const [blockRow, blockCol] of corners.values()) {
    const row = blockRow * blockRows
    const col = blockCol * blockCols
    const width = Math.min(blockCols, cols - col)
    const height = Math.min(blockRows, rows - row)
    // Of a huge block the last rows tell as much.
    const seen = Math.max(1, Math.min(height, Math.floor(cellsPerRead / width)))
    yield { row: row + height - seen, col, rows: seen, cols: width }
  }
}
