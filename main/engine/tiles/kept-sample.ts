import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { asLoamError } from '../../contract/index.ts'
import type { Day, TiledLayer } from '../../contract/index.ts'
import type { OpenLayer } from './open-layers.ts'
import type { TilePool } from './tile-pool.ts'

type Sampled = TiledLayer['sampled']

/** Dates on which a layer that is defined on every one is looked at: one in each season. */
const samplingDays = ['2019-01-15', '2019-04-15', '2019-07-15', '2019-10-15'] as Day[]

/** What a sample of a layer's cells says of its range. Kept on disk beside the pyramids: starting again reads no cell before the
 *  first tile.
 *  @param path null keeps nothing
 *  @returns undefined when reading it kills the process: the tiles that are sound can still be drawn, each of the others says so
 *  itself */
export async function keptSample(
  { layer }: OpenLayer,
  path: string | null,
  pool: TilePool,
  signal?: AbortSignal,
): Promise<Sampled | undefined> {
  const kept = path && (await readFile(path, 'utf8').catch(() => null))
  const before = kept ? parsed(kept) : undefined
  if (before !== undefined) return before
  try {
    const ask = { layer: layer.id, days: samplingDays }
    const sampled = await pool.ask('sample', ask, { layer: layer.id, what: `a sample of "${layer.name}"`, signal })
    if (path)
      // A convenience: a disk that cannot be written costs a moment at the next start.
      await mkdir(dirname(path), { recursive: true })
        .then(() => writeFile(path, JSON.stringify(sampled)))
        .catch(() => {})
    return sampled
  } catch (thrown) {
    if (asLoamError(thrown).code !== 'native_crash') throw thrown
    return undefined
  }
}

/** @returns undefined when the file was cut short; it is made again */
function parsed(text: string): Sampled | undefined {
  try {
    return JSON.parse(text) as Sampled
  } catch {
    return undefined
  }
}
