import type { Grid } from '../../contract/index.ts'
import { georeference } from './georeference.ts'
import { openRaster } from './open-raster.ts'

/** The north-up grid of a raster file, or of one sub-dataset of it.
 *  @throws unsupported_grid when it has none; see `openRaster` */
export async function gridOfFile(path: string, subdataset = ''): Promise<Grid> {
  const dataset = await openRaster(path, subdataset)
  try {
    return (await georeference(dataset, path, subdataset)).grid
  } finally {
    dataset.close()
  }
}
