import type { RasterDescription } from '../raster/index.ts'
import type { StationDescription } from '../stations/index.ts'
import type { Understood } from './understand-rasters.ts'

/** What Loam found in a file and takes it for. Plain JSON. */
export type FileDescription =
  | {
      readonly kind: 'raster'
      readonly path: string
      readonly raster: RasterDescription
      /** The dataset the file alone would make; null when it makes none as it is. */
      readonly understood: Understood | null
      /** Why it makes none; null when it does. */
      readonly refusal: string | null
    }
  | { readonly kind: 'stations'; readonly path: string; readonly stations: StationDescription }
