import { join } from 'node:path'
import { Engine } from '../../main/engine/engine.ts'
import { writeTinyFarm } from './tiny-farm.ts'

/** Writes the tiny farm's files and records them in `<folder>/farm.loam`: rasters `dem` and `green`, stations `probes`.
 *  @returns the project, open for writing */
export async function recordTinyFarm(folder: string): Promise<Engine> {
  await writeTinyFarm(folder)
  const source = (name: string): string => join(folder, 'sources', name)
  const engine = await Engine.create(join(folder, 'farm.loam'))
  try {
    for (const name of ['dem', 'green'])
      await engine.addRasters({ name, paths: [source(`${name}.tif`)], dateRule: 'static' })
    const table = { columns: { values: ['sm'] }, stationsFile: source('places.csv'), crs: 'EPSG:32632', unit: 'm3 m-3' }
    await engine.addStations({ format: 'table', name: 'probes', path: source('probes.csv'), table })
    return engine
  } catch (thrown) {
    await engine.close()
    throw thrown
  }
}
