import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addDays } from '../../main/contract/index.ts'
import type { Day } from '../../main/contract/index.ts'
import { Engine } from '../../main/engine/engine.ts'

export const longSeriesDays = 100_000
/** Dates of station tables lie between 1800 and 2200. Each day's value is its number: row i of the table has 0.2 + 10⁻⁶ i. */
export const longSeriesFirst = '1900-01-01' as Day

/** A project of one station with 100 000 daily observations, read from a file as a user's would be. @returns its path */
export async function longSeriesProject(folder: string): Promise<string> {
  const lines = ['station,easting,northing,date,sm']
  for (let i = 0; i < longSeriesDays; i++)
    lines.push(`old,500100,5799900,${addDays(longSeriesFirst, i)},${(0.2 + 1e-6 * i).toFixed(6)}`)
  const path = join(folder, 'old.csv')
  writeFileSync(path, `${lines.join('\n')}\n`)
  const project = join(folder, 'long.loam')
  const engine = await Engine.create(project)
  try {
    await engine.addStations({
      format: 'table',
      name: 'long',
      path,
      table: { columns: { values: ['sm'] }, crs: 'EPSG:32632', unit: 'm3 m-3' },
    })
  } finally {
    await engine.close()
  }
  return project
}
