import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { staysOnMainThread } from './open-raster.ts'
import type { Dataset, RasterBand } from './open-raster.ts'

/** What reading needs to know of a band, asked once: every question to GDAL waits for the reads under way. */
export interface StoredBand {
  readonly band: RasterBand
  /** Band of 0 (no value) and 255; null when the file has no mask. */
  readonly mask: RasterBand | null
  readonly type: string
  /** Natural block, cells. */
  readonly blockRows: number
  readonly blockCols: number
  /** A Byte band that really holds −128 … 127: GDAL before 3.7 has no type for it. */
  readonly isSignedByte: boolean
  /** Read it with `read`, not `readAsync`; see `staysOnMainThread`. */
  readonly isHere: boolean
}

const perDataset = 2

/** True when cells are masked by a mask or alpha band inside the file. To be asked before the first read.
 *  @throws unsupported_format for a mask in a second file, which GDAL would open whatever it is */
export function hasMask(dataset: Dataset, path: string): boolean {
  if (existsSync(`${path}.msk`))
    throw new LoamError(
      'unsupported_format',
      `${basename(path)} has its mask in a second file, ${basename(path)}.msk. Loam reads masks inside a file: gdal_translate ` +
        `--config GDAL_TIFF_INTERNAL_MASK YES ${basename(path)} with_mask.tif.`,
      { file: path },
    )
  return dataset.bands.count() > 0 && (dataset.bands.get(1).getMaskFlags() & perDataset) !== 0
}

/** @returns null when the dataset has no such band */
export async function storedBand(dataset: Dataset, number: number, isMasked: boolean): Promise<StoredBand | null> {
  const isHere = staysOnMainThread(dataset.driver.description)
  const count = isHere ? dataset.bands.count() : await dataset.bands.countAsync()
  if (number > count) return null
  const band = isHere ? dataset.bands.get(number) : await dataset.bands.getAsync(number)
  const [type, block, structure] = isHere
    ? [band.dataType, band.blockSize, band.getMetadata('IMAGE_STRUCTURE')]
    : await Promise.all([band.dataTypeAsync, band.blockSizeAsync, band.getMetadataAsync('IMAGE_STRUCTURE')])
  return {
    band,
    mask: isMasked ? band.getMaskBand() : null,
    type: type ?? '',
    blockRows: block.y,
    blockCols: block.x,
    isSignedByte: type === 'Byte' && (structure as Record<string, string>).PIXELTYPE === 'SIGNEDBYTE',
    isHere,
  }
}
