import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Grid } from '../../../main/contract/index.ts'
import { writeGeoTiff } from '../../../main/engine/raster/index.ts'
import type { GeoTiffBand } from '../../../main/engine/raster/index.ts'

export const tinyGrid: Grid = { crs: 'EPSG:32631', transform: [500_000, 10, 0, 5_000_000, 0, -10], rows: 2, cols: 2 }

export const tinyFolder = (): string => mkdtempSync(join(tmpdir(), 'loam-catalog-'))

/** Writes 2 × 2 rasters into a new folder, one for each file name; each band holds the number of its file. */
export async function tinySeries(
  names: readonly string[],
  changes: { grid?: (name: string) => Grid; bands?: (name: string) => GeoTiffBand[] } = {},
): Promise<string> {
  const folder = tinyFolder()
  for (const [i, name] of names.entries())
    await writeGeoTiff(join(folder, name), {
      grid: changes.grid?.(name) ?? tinyGrid,
      bands: changes.bands?.(name) ?? [{ name: '', values: new Float32Array(4).fill(i) }],
    })
  return folder
}
