import { basename } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { tidy } from './open-raster.ts'

/** The error for cells that GDAL could not decode. */
export function unreadable(
  place: { path: string; subdataset: string; band: number },
  window: { row: number; col: number; rows: number },
  fault: unknown,
): LoamError {
  const { path, subdataset, band } = place
  return new LoamError(
    'bad_raster',
    `${basename(path)}${subdataset === '' ? '' : ` (${subdataset})`}, band ${band}: rows ${window.row} to ` +
      `${window.row + window.rows - 1} could not be read: ${tidy(fault, path)}. Loam needs the whole file; it is damaged or ` +
      `cut short. Get it again.`,
    { file: path, subdataset, band, row: window.row, col: window.col },
  )
}
