import { join } from 'node:path'
import type { UnderstandOptions } from '../catalog/index.ts'
import type { StationTableOptions } from '../stations/index.ts'

/** A station table of the sample, as the engine adds it to a project. */
export interface StationTableSource {
  readonly format: 'table'
  readonly name: string
  readonly path: string
  readonly table: StationTableOptions
}

/** How each product of a generated virtual catchment is added to a project, under the names its recipe uses. */
export function virtualCatchmentSources(folder: string): {
  rasters: UnderstandOptions[]
  stations: StationTableSource[]
} {
  const series = (name: string, dateRule: string): UnderstandOptions => ({
    name,
    paths: [join(folder, name)],
    pattern: '*.tif',
    dateRule,
  })
  const soil = (name: string): UnderstandOptions => ({
    name,
    paths: [join(folder, 'soil', `${name}.tif`)],
    dateRule: 'static',
  })
  return {
    rasters: [
      series('coarse', 'YYYYMMDD'),
      series('s1', 'YYYYMMDD'),
      series('s2', 'YYYYMMDD'),
      series('lst', 'YYYYDDD'),
      { name: 'precipitation', paths: [join(folder, 'precipitation', 'precipitation.nc')], dateRule: 'netcdf' },
      soil('clay'),
      soil('sand'),
      soil('bulk_density'),
      series('truth', 'YYYYMMDD'),
    ],
    stations: [
      {
        format: 'table',
        name: 'stations',
        path: join(folder, 'stations', 'readings.csv'),
        table: {
          stationsFile: join(folder, 'stations', 'stations.csv'),
          timeZone: 'UTC',
          // Spikes carry the flag D.
          daily: { statistic: 'mean', minCount: 12, flags: ['G'], timeZone: 'UTC' },
        },
      },
      {
        format: 'table',
        name: 'wells',
        path: join(folder, 'wells', 'levels.csv'),
        table: {
          stationsFile: join(folder, 'wells', 'wells.csv'),
          crs: 'EPSG:32632',
          daily: { statistic: 'mean', minCount: 1, flags: null, timeZone: 'UTC' },
        },
      },
    ],
  }
}
