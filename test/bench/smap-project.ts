import { join } from 'node:path'
import { sharedData } from '../shared-data.ts'
import { loam } from './loam-command.ts'

/** A project of SMAP at 9 km and ERA5-Land over Western Australia, for the recipe `smap-36-to-9km`. @returns its path */
export async function smapProject(folder: string): Promise<string> {
  const place = 'smap9km_era5land_west_australia'
  const project = join(folder, 'smap.loam')
  await loam(['new', project])
  await loam(['add', 'raster', project, sharedData(`${place}/smap_9km_daily.nc`), '--name', 'smap'])
  await loam(['add', 'raster', project, sharedData(`${place}/era5land_swvl1_daily_2020-01.nc`), '--name', 'era5land'])
  return project
}
