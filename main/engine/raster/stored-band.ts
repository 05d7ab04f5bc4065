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
  if (number > (await dataset.bands.countAsync())) return null
  const band = await dataset.bands.getAsync(number)
  const [type, block, structure] = await Promise.all([
    band.dataTypeAsync,
    band.blockSizeAsync,
    band.getMetadataAsync('IMAGE_STRUCTURE') as Promise<Record<string, string>>,
  ])
  return {
    band,
    type: type ?? '',
    blockRows: block.y,
    blockCols: block.x,
    isSignedByte: type === 'Byte' && structure.PIXELTYPE === 'SIGNEDBYTE',
  }
}
