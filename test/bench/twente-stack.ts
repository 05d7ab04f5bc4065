import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loam, loamJson } from './loam-command.ts'
import type { BenchRow } from './row.ts'

const maker = fileURLToPath(new URL('../../../shared/peers/make_problem.py', import.meta.url))

/** One Twente day, 8206 × 4204 × 10, from a table and a stack of bands to a map, file to file. Needs the problem maker of
 *  the shared peers and Debian's python3-numpy and python3-gdal. */
export async function bench(): Promise<BenchRow[]> {
  if (!existsSync(maker))
    return [{ figure: 'Twente day, file to file', loam: 'not run', note: 'the problem maker is not here' }]
  const folder = join(tmpdir(), 'loam-twente-problem')
  if (!existsSync(join(folder, 'done'))) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    execFileSync('/usr/bin/python3', [maker, folder, '--width', '8206', '--height', '4204', '--rows', '200000'])
    execFileSync('touch', [join(folder, 'done')])
  }
  const [model, map] = [join(folder, 'm.loammodel'), join(folder, 'sm.tif')]
  const train = await loam([
    'train',
    '--table',
    join(folder, 'train.csv'),
    '--target',
    'SM',
    '--trees',
    '126',
    '--min-leaf',
    '10',
    '--seed',
    '1',
    '--threads',
    '2',
    '--out',
    model,
  ])
  const predict = await loamJson<{ cells: number; validCells: number }>([
    'predict',
    '--model',
    model,
    '--raster',
    join(folder, 'predictors.tif'),
    '--out',
    map,
    '--threads',
    '2',
  ])
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`
  return [
    {
      figure: 'train 200 000 × 10, 126 trees, leaf 10, from CSV',
      loam: `${train.seconds.toFixed(1)} s`,
      note: `peak ${gigabytes(train.peakBytes)}; ${train.stdout.split('\n')[1]?.split('.  ')[0] ?? ''}`.slice(0, 160),
    },
    {
      figure: `predict ${predict.cells} cells × 10 × 126 trees, file to file`,
      loam: `${predict.wallSeconds.toFixed(1)} s, peak ${gigabytes(predict.peakBytes)}`,
      note: `${predict.validCells} cells with a value; map of ${((await stat(map)).size / 1e6).toFixed(0)} MB`,
    },
  ]
}
