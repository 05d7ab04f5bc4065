import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loam } from '../fronts/loam-process.ts'
import { writeTinyFarm } from '../fronts/tiny-farm.ts'
import { temporaryFolder } from '../temporary-folder.ts'

let made: Promise<string> | null = null

async function makeFarm(): Promise<string> {
  const farm = mkdtempSync(join(tmpdir(), 'loam-window-'))
  await writeTinyFarm(farm)
  const table = ['sources/probes.csv', '--name', 'probes', '--values', 'sm', '--stations', 'sources/places.csv']
  const lines = [
    ['new', 'farm.loam'],
    ['add', 'raster', 'farm.loam', 'sources/dem.tif', '--name', 'dem'],
    ['add', 'raster', 'farm.loam', 'sources/green.tif', '--name', 'green', '--date-rule', 'static'],
    ['add', 'stations', 'farm.loam', ...table, '--crs', 'EPSG:32632', '--unit', 'm3 m-3'],
  ]
  for (const line of lines) {
    const { code, stderr } = await loam(line, farm)
    if (code !== 0) throw new Error(`loam ${line.join(' ')}: ${stderr}`)
  }
  return farm
}

/** A copy of a small farm's project for one test: two rasters, twelve probes at two depths, twenty days. @returns its path */
export async function farmProject(): Promise<string> {
  made ??= makeFarm()
  const folder = join(temporaryFolder(), 'farm')
  cpSync(await made, folder, { recursive: true, preserveTimestamps: true })
  return join(folder, 'farm.loam')
}
