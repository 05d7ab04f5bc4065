import { rm } from 'node:fs/promises'
import { hasValue } from '../../contract/index.ts'
import type { Grid, Kind } from '../../contract/index.ts'
import { aggregateLevels } from './aggregate-levels.ts'
import { gdal } from './gdal.ts'
import { mapEncodings } from './map-encoding.ts'
import type { MapEncodingName } from './map-encoding.ts'
import { throwIfStopped } from './read-strip.ts'

type Dataset = InstanceType<typeof gdal.Dataset>

/** Cells a side of the part that is averaged at a time; cells of the coarsest level may not be longer. */
const partSide = 1024
const mostLevels = Math.log2(partSide)
/** The coarsest level has at most so many cells a side: what one tile of the map on screen holds. */
const coarsestSide = 256

/** Levels of overviews of a grid. */
export function overviewLevels({ rows, cols }: Grid): number {
  const needed = Math.ceil(Math.log2(Math.max(rows, cols) / coarsestSide))
  return Math.min(mostLevels, Math.max(0, needed))
}

/** Writes the overviews of unpacked map cells into plain files beside them, each level computed from the cells themselves:
 *  the mean by kind of those with a value, else their most frequent reason. GDAL has one rule for both bands, and a mean of
 *  reason codes is no reason.
 *  @param cells opened for reading or writing, its blocks flushed
 *  @returns paths of the files, level 1 first; the caller removes them */
export async function writeOverviews(
  cells: Dataset,
  cellsPath: string,
  options: { readonly grid: Grid; readonly encoding: MapEncodingName; readonly kind: Kind },
  signal?: AbortSignal,
): Promise<string[]> {
  const { grid, encoding, kind } = options
  const levels = overviewLevels(grid)
  const { dataType, nodata, scale, encode, make } = mapEncodings[encoding]
  const paths = Array.from({ length: levels }, (_, i) => `${cellsPath}.${i + 1}`)
  const files: Dataset[] = []
  try {
    for (const [i, path] of paths.entries()) {
      const [rows, cols] = [grid.rows, grid.cols].map((size) => Math.ceil(size / 2 ** (i + 1)))
      files.push(
        await gdal.openAsync(path, 'w', 'GTiff', cols, rows, 2, dataType, { TILED: 'YES', BIGTIFF: 'IF_SAFER' }),
      )
    }
    const buffer = make(partSide * partSide)
    const [stored, codes] = [cells.bands.get(1), cells.bands.get(2)]
    if (levels > 0)
      for (let row = 0; row < grid.rows; row += partSide)
        for (let col = 0; col < grid.cols; col += partSide) {
          throwIfStopped(signal)
          const rows = Math.min(partSide, grid.rows - row)
          const cols = Math.min(partSide, grid.cols - col)
          const values = new Float32Array(rows * cols)
          const reasons = new Uint8Array(rows * cols)
          await stored.pixels.readAsync(col, row, cols, rows, values)
          await codes.pixels.readAsync(col, row, cols, rows, reasons)
          for (let i = 0; i < values.length; i++)
            values[i] = hasValue(reasons[i]) && values[i] !== nodata ? values[i] * scale : Number.NaN
          for (const [i, block] of aggregateLevels({ rows, cols, values, reasons }, kind, levels).entries()) {
            const level = i + 1
            const encoded = encode(block, buffer)
            const place = [col >> level, row >> level, block.cols, block.rows] as const
            await files[i].bands.get(1).pixels.writeAsync<Float32Array | Int16Array>(...place, encoded.values)
            await files[i].bands.get(2).pixels.writeAsync<Float32Array | Int16Array>(...place, encoded.reasons)
          }
        }
    for (const file of files) await file.flushAsync()
    return paths
  } catch (thrown) {
    await removeOverviews(paths)
    throw thrown
  } finally {
    for (const file of files) file.close()
  }
}

export async function removeOverviews(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true })
}
