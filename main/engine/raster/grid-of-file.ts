import type { Grid } from '../../contract/index.ts'
import { openGeoreferenced } from './georeference.ts'

/** The north-up grid of a raster file, or of one sub-dataset of it.
 *  @throws unsupported_grid when it has none; see `openRaster` */
export async function gridOfFile(path: string, subdataset = ''): Promise<Grid> {
  const { dataset, grid } = await openGeoreferenced(path, subdataset)
  dataset.close()
  return grid
}
