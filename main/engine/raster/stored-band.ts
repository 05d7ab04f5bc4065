import { staysOnMainThread } from './open-raster.ts'
import type { Dataset, RasterBand } from './open-raster.ts'

/** What reading needs to know of a band, asked once: every question to GDAL waits for the reads under way. */
export interface StoredBand {
  readonly band: RasterBand
  readonly type: string
  /** Natural block, cells. */
  readonly blockRows: number
  readonly blockCols: number
  /** A Byte band that really holds −128 … 127: GDAL before 3.7 has no type for it. */
  readonly isSignedByte: boolean
}

/** @returns null when the dataset has no such band */
export async function storedBand(dataset: Dataset, number: number): Promise<StoredBand | null> {
  const isHere = staysOnMainThread(dataset.driver.description)
  const count = isHere ? dataset.bands.count() : await dataset.bands.countAsync()
  if (number > count) return null
  const band = isHere ? dataset.bands.get(number) : await dataset.bands.getAsync(number)
  const [type, block, structure] = isHere
    ? [band.dataType, band.blockSize, band.getMetadata('IMAGE_STRUCTURE')]
    : await Promise.all([band.dataTypeAsync, band.blockSizeAsync, band.getMetadataAsync('IMAGE_STRUCTURE')])
  return {
    band,
    type: type ?? '',
    blockRows: block.y,
    blockCols: block.x,
    isSignedByte: type === 'Byte' && (structure as Record<string, string>).PIXELTYPE === 'SIGNEDBYTE',
  }
}
