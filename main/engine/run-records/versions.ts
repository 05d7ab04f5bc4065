import { loamVersion } from '../files/index.ts'
import { gdalVersion } from '../raster/index.ts'

/** Programs a run's numbers depend on. */
export function engineVersions(): Record<string, string> {
  return { loam: loamVersion(), gdal: gdalVersion, node: process.versions.node }
}
