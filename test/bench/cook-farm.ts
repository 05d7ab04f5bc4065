import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScoreRow } from '../../main/contract/index.ts'
import { sharedData } from '../shared-data.ts'
import { loam, loamJson } from './loam-command.ts'
import type { BenchRow } from './row.ts'

const rasters = ['dem', 'twi', 'ndre_mean', 'ndre_sd', 'bt_030cm', 'bld_030cm']

/** Cook Farm: real probes, terrain, soil and weather; leave-location-out beside random, 365 daily maps at 10 m.
 *  Published: about .9 at random rows, .3 to .55 by location (Meyer et al. 2018). */
export async function bench(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-cook-farm-'))
  try {
    const project = join(folder, 'cook-farm.loam')
    await addCookFarm(project)
    const run = await loamJson<Outcome>(['run', project, 'resources/recipes/cook-farm.json'])
    const overall = run.scores.filter((row) => row.part === 'overall')
    const maps = run.files.filter((file) => file.kind === 'map')
    return [
      ...overall.map((row) => ({
        figure: `Cook Farm, ${row.subject}`,
        loam: `NSE R² ${of(row, 'nse')}, r² ${of(row, 'rSquared')}, RMSE ${of(row, 'rmse')}`,
        note: `n ${row.scores.n}, ${row.scores.groups} groups`,
      })),
      ...run.verdicts.map((verdict) => ({ figure: 'verdict', loam: verdict })),
      {
        figure: 'daily maps of 2011',
        loam: `${maps.length} COGs of 100 × 58 cells`,
        note: gdalinfoSays(maps[180].path),
      },
      {
        figure: 'wall time, peak memory of all processes',
        loam: `${run.wallSeconds.toFixed(1)} s, ${(run.peakBytes / 1e6).toFixed(0)} MB`,
      },
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Adds the Cook Farm data to a new project under the names of the recipe. */
export async function addCookFarm(project: string): Promise<void> {
  await loam(['new', project])
  for (const name of rasters)
    await loam([
      'add',
      'raster',
      project,
      sharedData(`cookfarm/grids/${name}.tif`),
      '--name',
      name,
      '--date-rule',
      'static',
    ])
  await loam([
    'add',
    'stations',
    project,
    sharedData('cookfarm/vw_daily.csv'),
    '--name',
    'probes',
    '--values',
    'vw',
    '--stations',
    sharedData('cookfarm/stations.csv'),
    '--crs',
    'EPSG:26911',
    '--unit',
    'm3 m-3',
    '--depth-unit',
    'm',
  ])
  await loam(['add', 'stations', project, sharedData('cookfarm/weather_daily.csv'), '--name', 'weather'])
}

interface Outcome {
  readonly scores: ScoreRow[]
  readonly verdicts: string[]
  readonly files: { kind: string; path: string }[]
}

function of(row: ScoreRow, measure: keyof ScoreRow['scores']['measures']): string {
  const { value, low, high } = row.scores.measures[measure]
  return low === null || high === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
}

function gdalinfoSays(path: string): string {
  const text = execFileSync('gdalinfo', ['-stats', path], {
    encoding: 'utf8',
    env: { ...process.env, GDAL_PAM_ENABLED: 'NO' },
  })
  const layout = /LAYOUT=(\w+)/.exec(text)?.[1]
  const size = /Size is (.*)/.exec(text)?.[1]
  const stats = /Minimum=.*/.exec(text)?.[0]
  return `gdalinfo: LAYOUT=${layout}, ${size}; ${stats}`
}
