import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Grid } from '../../contract/index.ts'
import { publish, requireOutputPlace, syncFile, temporaryPathFor, writingFault } from '../files/index.ts'
import { gdal } from './gdal.ts'
import type { MapWindow } from './map-writer.ts'
import { throwIfStopped } from './read-strip.ts'
import { describedCopy } from './vrt-description.ts'
import type { BandDescription } from './vrt-description.ts'

export interface ValueFileOptions {
  readonly grid: Grid
  readonly bands: readonly BandDescription[]
  readonly tags?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Writes a GeoTIFF of float32 bands, NaN where there is no value, window by window in memory that does not grow with the
 *  file. `fill` writes every window once, in any order; the file then gets its name, or there is none.
 *  For results of one's own; the maps of a run, with reasons and a check, go through MapWriter.
 *  @throws what `fill` throws; not_found, disk_full, io_failed, cancelled */
export async function writeValueFile(
  path: string,
  { grid, bands, tags = {}, signal }: ValueFileOptions,
  fill: (write: (window: MapWindow, values: readonly Float32Array[]) => Promise<void>) => Promise<void>,
): Promise<void> {
  await requireOutputPlace(path, [])
  const cellsPath = `${temporaryPathFor(resolve(path))}.cells`
  try {
    const cells = await gdal.openAsync(cellsPath, 'w', 'GTiff', grid.cols, grid.rows, bands.length, 'Float32', {
      INTERLEAVE: 'BAND',
      BIGTIFF: 'IF_SAFER',
    })
    try {
      await fill(async ({ row, col, rows, cols }, values) => {
        for (let b = 0; b < bands.length; b++)
          await cells.bands.get(b + 1).pixels.writeAsync<Float32Array>(col, row, cols, rows, values[b])
      })
      await cells.flushAsync()
    } finally {
      cells.close()
    }
    await publish(path, async (temporary) => {
      throwIfStopped(signal)
      const source = gdal.open(
        describedCopy({ grid, cellsPath, dataType: 'Float32', nodata: NaN, bands, metadata: tags }),
        'r',
        ['VRT'],
      )
      try {
        const copy = await gdal.drivers.get('GTiff').createCopyAsync(temporary, source, {
          TILED: 'YES',
          COMPRESS: 'DEFLATE',
          PREDICTOR: '3',
          BIGTIFF: 'IF_SAFER',
          NUM_THREADS: '2',
        })
        await copy.flushAsync()
        copy.close()
      } finally {
        source.close()
      }
      await syncFile(temporary)
    })
  } catch (thrown) {
    throw writingFault(path, thrown)
  } finally {
    await rm(cellsPath, { force: true })
  }
}
