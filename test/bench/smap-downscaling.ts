import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScoreRow } from '../../main/contract/index.ts'
import { sharedData } from '../shared-data.ts'
import { loam, loamJson } from './loam-command.ts'
import type { BenchRow } from './row.ts'

/** SMAP 9 km over Western Australia averaged to 36 km and trained back to 9 km with ERA5-Land. The 9 km maps are a
 *  retrieval themselves, so this is consistency with them. */
export async function bench(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-smap-'))
  const place = 'smap9km_era5land_west_australia'
  try {
    const project = join(folder, 'smap.loam')
    await loam(['new', project])
    await loam(['add', 'raster', project, sharedData(`${place}/smap_9km_daily.nc`), '--name', 'smap'])
    await loam(['add', 'raster', project, sharedData(`${place}/era5land_swvl1_daily_2020-01.nc`), '--name', 'era5land'])
    const run = await loamJson<{ scores: ScoreRow[]; verdicts: string[]; warnings: string[] }>([
      'run',
      project,
      'resources/recipes/smap-36-to-9km.json',
    ])
    const measure = (row: ScoreRow, name: 'rmse' | 'pearsonR' | 'bias'): string =>
      row.scores.measures[name].value.toFixed(4)
    return [
      ...run.scores
        .filter((row) => row.part === 'overall')
        .map((row) => ({
          figure: `${row.validation}: ${row.subject}`,
          loam: `RMSE ${measure(row, 'rmse')}, R ${measure(row, 'pearsonR')}, bias ${measure(row, 'bias')}`,
          note: `n ${row.scores.n}, ${row.scores.groups} groups`,
        })),
      ...run.verdicts.map((verdict) => ({ figure: 'verdict', loam: verdict })),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
