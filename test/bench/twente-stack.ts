import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
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
  const raster = join(folder, 'predictors.tif')
  const oneDay = () =>
    loamJson<{ cells: number; validCells: number }>(
      `predict --model ${model} --raster ${raster} --out ${map} --threads 2`.split(' '),
    )
  const predict = await oneDay()
  const peer = peerMap(folder)
  const days = await tenDays(folder, model, oneDay)
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
      ...(peer && {
        peer: `${peer.seconds.toFixed(1)} s, peak ${gigabytes(peer.peak_bytes)}`,
        ratio: `${(peer.seconds / predict.wallSeconds).toFixed(1)} ×`,
      }),
      note: `${predict.validCells} cells with a value; map of ${((await stat(map)).size / 1e6).toFixed(0)} MB; scikit-learn on whole arrays: read, predict, mask, write`,
    },
    days,
  ]
}

const python = '/usr/bin/python3'
const own = fileURLToPath(new URL('./peers', import.meta.url))

/** The study's own way, in a process of its own; null where it is not installed. */
function peerMap(folder: string): { seconds: number; peak_bytes: number } | null {
  try {
    execFileSync(python, ['-c', 'import sklearn, pandas'], { stdio: 'ignore' })
  } catch {
    return null
  }
  const args = [join(own, 'peer_map.py'), folder, join(folder, 'peer.tif'), '126', '10', '2']
  return JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as { seconds: number; peak_bytes: number }
}

/** Ten days with the same soil and slow predictors, mapped by one command. */
async function tenDays(
  folder: string,
  model: string,
  oneDay: () => Promise<{ wallSeconds: number; cpuSeconds: number }>,
): Promise<BenchRow> {
  const figure = '10 such days, soil and vegetation the same, per day'
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < 20e9) return { figure, loam: 'not run', note: 'needs 20 GB of free disk' }
  const [stacks, maps] = [join(folder, 'days'), join(folder, 'maps')]
  try {
    await mkdir(maps, { recursive: true })
    execFileSync(python, [join(own, 'make_days.py'), join(folder, 'predictors.tif'), stacks, '10'])
    const rasters = (await readdir(stacks)).sort().map((name) => join(stacks, name))
    // One day before and one after: the machine may be busier at one time than at the other.
    const before = await oneDay()
    const run = await loam(['predict', '--model', model, '--raster', ...rasters, '--out-dir', maps, '--threads', '2'])
    const after = await oneDay()
    const perDay = run.seconds / rasters.length
    const ratio = (2 * perDay) / (before.wallSeconds + after.wallSeconds)
    const ratioOfCpu = (2 * run.cpuSeconds) / rasters.length / (before.cpuSeconds + after.cpuSeconds)
    return {
      figure,
      loam: `${perDay.toFixed(1)} s, peak ${(run.peakBytes / 1e9).toFixed(2)} GB`,
      ratio: `${ratio.toFixed(2)} of one day alone`,
      note: `at most 0.8; in processor time ${ratioOfCpu.toFixed(2)}`,
    }
  } finally {
    await rm(stacks, { recursive: true, force: true })
    await rm(maps, { recursive: true, force: true })
  }
}
