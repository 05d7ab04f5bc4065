import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashFile } from '../../main/engine/files/index.ts'
import { addCookFarm } from './cook-farm.ts'
import { loam } from './loam-command.ts'
import type { BenchRow } from './row.ts'

/** A run holds this much back for the moment the disk is full. */
const reserveBytes = 64 * 2 ** 20
const dates = '2011-05-01..2011-06-30'

/** A disk (tmpfs) that fills up while maps are written: what the run says, what lies there, and whether it goes on to the
 *  same bytes when space is back. */
export async function bench(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-full-'))
  const disk = join(folder, 'disk')
  try {
    const calm = join(folder, 'calm')
    await mkdir(calm)
    await mkdir(disk)
    await addCookFarm(join(calm, 'p.loam'))
    await loam(['run', join(calm, 'p.loam'), 'resources/recipes/cook-farm.json', '--dates', dates])
    const expected = await hashes(calm)
    const mapBytes = await bytesBelow(join(calm, 'p-runs', 'r0001', 'maps'))
    const allBytes = await bytesBelow(calm)

    try {
      execFileSync('mount', [
        '-t',
        'tmpfs',
        '-o',
        `size=${Math.round(allBytes * 2 + reserveBytes + 4e6)}`,
        'tmpfs',
        disk,
      ])
    } catch {
      return [{ figure: 'full disk at product writing', loam: 'not run', note: 'needs the right to mount a tmpfs' }]
    }
    await addCookFarm(join(disk, 'p.loam'))
    // Room for all but half of the maps.
    const free = Number(
      execFileSync('stat', ['-f', '-c', '%a %S', disk], { encoding: 'utf8' })
        .trim()
        .split(' ')
        .reduce((a, b) => String(Number(a) * Number(b))),
    )
    const needed = allBytes - (await bytesBelow(disk)) + reserveBytes - mapBytes / 2
    await writeFile(join(disk, 'ballast'), Buffer.alloc(Math.max(0, Math.round(free - needed)), 1))
    const full = await loam(['run', join(disk, 'p.loam'), 'resources/recipes/cook-farm.json', '--dates', dates], {
      mayFail: true,
    })
    const left = (await readdir(disk, { recursive: true })).filter((file) => file.endsWith('.tmp'))
    const partial = (await readdir(join(disk, 'p-runs', 'r0001', 'maps')).catch(() => [])).filter((file) =>
      file.endsWith('.tif'),
    )
    for (const map of partial)
      execFileSync('gdalinfo', ['-checksum', join(disk, 'p-runs', 'r0001', 'maps', map)], {
        env: { ...process.env, GDAL_PAM_ENABLED: 'NO' },
      })
    await rm(join(disk, 'ballast'))
    const resumed = await loam(['resume', join(disk, 'p.loam')], { mayFail: true })
    const isSame = resumed.code === 0 && JSON.stringify(await hashes(disk)) === JSON.stringify(expected)
    return [
      { figure: 'full disk at product writing', loam: `exit ${full.code}: ${full.stderr.trim().split('\n').at(-1)}` },
      { figure: 'what lay there then', loam: `${partial.length} maps, all readable; ${left.length} temporary files` },
      {
        figure: 'resumed after space was freed',
        loam: `exit ${resumed.code}, ${isSame ? 'same bytes as undisturbed' : 'OTHER BYTES'}`,
      },
    ]
  } finally {
    try {
      execFileSync('umount', [disk], { stdio: 'ignore' })
    } catch {
      // It was never mounted.
    }
    await rm(folder, { recursive: true, force: true })
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map((file) => stat(join(file.parentPath, file.name)).then(({ blocks }) => blocks * 512)),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function hashes(folder: string): Promise<[string, string][]> {
  const maps = join(folder, 'p-runs', 'r0001', 'maps')
  const names = (await readdir(maps)).sort()
  return Promise.all(names.map(async (name): Promise<[string, string]> => [name, await hashFile(join(maps, name))]))
}
