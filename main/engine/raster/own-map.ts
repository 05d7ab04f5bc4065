import { basename } from 'node:path'
import { LoamError, hasValue, sameGrid } from '../../contract/index.ts'
import type { Block, Grid } from '../../contract/index.ts'
import { openGeoreferenced } from './georeference.ts'
import type { Dataset, RasterBand } from './open-raster.ts'
import type { ReadWindow } from './raster-reader.ts'
import { throwIfStopped } from './read-strip.ts'

/** Tag of a map whose overviews were made by `aggregateLevels`; those of other files may be anything. */
export const overviewTag = 'LOAM_OVERVIEWS'
export const overviewRule = 'mean of valid cells, else most frequent reason'

/** A map of Loam's own: band 1 the value, band 2 why there is none. */
export interface OwnMap {
  /** Overviews that may be used: cells of level z cover 2^z × 2^z cells. 0 when the file has none of ours. */
  readonly levels: number
  /** Values and reasons of a window of a level; the window must lie inside it.
   *  @param as `reasons`: the codes themselves as values */
  read(level: number, window: ReadWindow, as: 'values' | 'reasons', signal?: AbortSignal): Promise<Block>
  close(): void
}

/** @param grid the grid it was written on
 *  @throws not_found, bad_raster; input_changed when it is on another grid */
export async function openOwnMap(path: string, grid: Grid): Promise<OwnMap> {
  const { dataset, grid: found } = await openGeoreferenced(path, '')
  if (!sameGrid(grid, found) || dataset.bands.count() < 2) {
    dataset.close()
    throw new LoamError(
      'input_changed',
      `${basename(path)} is not the map that was published: it has another grid or lacks its reasons. Run the recipe again.`,
      { file: path },
    )
  }
  const tags = dataset.getMetadata() as Record<string, string>
  const [values, reasons] = [dataset.bands.get(1), dataset.bands.get(2)]
  const scale = values.scale ?? 1
  const offset = values.offset ?? 0
  const levels = tags[overviewTag] === overviewRule ? usableLevels(values, reasons, grid) : 0
  // Taken out now: asking GDAL for a band waits for the reads under way.
  const bands = Array.from({ length: levels + 1 }, (_, level) =>
    [values, reasons].map((band) => (level === 0 ? band : band.overviews.get(level - 1))),
  )
  return {
    levels,
    async read(level, window, as, signal) {
      throwIfStopped(signal)
      const [ownValues, ownReasons] = bands[level]
      const { row, col, rows, cols } = window
      try {
        const [stored, codes] = await Promise.all([
          as === 'values' ? ownValues.pixels.readAsync(col, row, cols, rows) : null,
          ownReasons.pixels.readAsync(col, row, cols, rows),
        ])
        return decoded(rows, cols, stored, codes, scale, offset)
      } catch (thrown) {
        const { message } = thrown as Error
        throw new LoamError(
          'bad_raster',
          `${basename(path)} cannot be read at rows ${row} to ${row + rows - 1} (${message.split('\n')[0]}). The file is damaged; \`loam check\` and \`loam resume\` make it anew.`,
          { file: path, row, col },
        )
      }
    },
    close: () => closeQuietly(dataset),
  }
}

/** Overviews 1 … n that have the size they should. */
function usableLevels(values: RasterBand, reasons: RasterBand, grid: Grid): number {
  const count = Math.min(values.overviews.count(), reasons.overviews.count())
  for (let level = 1; level <= count; level++) {
    const { x, y } = values.overviews.get(level - 1).size
    if (x !== Math.ceil(grid.cols / 2 ** level) || y !== Math.ceil(grid.rows / 2 ** level)) return level - 1
  }
  return count
}

function decoded(
  rows: number,
  cols: number,
  stored: ArrayLike<number> | null,
  codes: ArrayLike<number>,
  scale: number,
  offset: number,
): Block {
  const values = new Float32Array(rows * cols)
  const reasons = new Uint8Array(rows * cols)
  if (stored === null) values.set(codes)
  else
    for (let i = 0; i < values.length; i++) {
      reasons[i] = codes[i]
      values[i] = hasValue(codes[i]) ? stored[i] * scale + offset : Number.NaN
    }
  return { rows, cols, values, reasons }
}

function closeQuietly(dataset: Dataset): void {
  try {
    dataset.close()
  } catch {
    // It was only read.
  }
}
