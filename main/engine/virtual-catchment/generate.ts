import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { Day, Grid } from '../../contract/index.ts'
import { canonicalJson, publishBytes } from '../files/index.ts'
import { makeLandscape } from './landscape.ts'
import { dayAt, makePlace } from './place.ts'
import { makeWeather, lastSceneDays } from './weather.ts'
import { runWaterBalance } from './water-balance.ts'
import { DailyProducts, writeStaticProducts } from './write-products.ts'

export interface VirtualCatchmentOptions {
  seed?: number
  /** Cells of 10 m along a side: a multiple of 100, at least 200. */
  size?: number
  /** Days of maps, 5 to 120. */
  days?: number
  signal?: AbortSignal
  onProgress?: (progress: { what: string; done: number; total: number }) => void
}

export interface VirtualCatchment {
  readonly folder: string
  readonly fineGrid: Grid
  readonly firstDay: Day
  readonly lastDay: Day
  /** True when the folder already held it and nothing was written. */
  readonly reused: boolean
}

/** Raised whenever the same options would give other numbers. */
const version = 1
const markerName = 'virtual-catchment.json'
const products = ['soil', 'precipitation', 's1', 's2', 'lst', 'coarse', 'wells', 'stations', 'truth']
/** Products are written from this many days before the first map on, so that gaps can be filled from both sides. */
const firstSceneDay = -5

/** Writes the virtual catchment: a SYNTHETIC landscape with a known fine truth, seen through satellites, a coarse
 *  product, soil maps, wells and stations that err the way real ones do. The same options give the same numbers.
 *  A folder that already holds it complete is left as it is.
 *  @throws bad_input for a size or number of days it cannot make; name_taken when the folder holds other things under
 *          the names of its products */
export async function generateVirtualCatchment(
  folder: string,
  options: VirtualCatchmentOptions = {},
): Promise<VirtualCatchment> {
  const { seed = 2018, size = 1000, days = 30, signal, onProgress } = options
  if (size % 100 !== 0 || size < 200 || size > 4000)
    throw new LoamError(
      'bad_input',
      `A virtual catchment of ${size} cells a side was asked for; it needs a multiple of 100 from 200 to 4000. Choose such a size.`,
      { size },
    )
  if (!Number.isInteger(days) || days < 5 || days > 120)
    throw new LoamError(
      'bad_input',
      `${days} days were asked for; the virtual catchment has 5 to 120. Choose such a number.`,
      { days },
    )

  const place = makePlace({ seed, size, days })
  const marker = (complete: boolean): string =>
    canonicalJson({
      what: 'SYNTHETIC data made by Loam (virtual catchment): not measurements of any real place',
      version,
      seed,
      size,
      days,
      complete,
    })
  const markerPath = join(folder, markerName)
  const catchment = { folder, fineGrid: place.fineGrid, firstDay: place.firstDay, lastDay: dayAt(place, days - 1) }
  const found = existsSync(markerPath) ? await readFile(markerPath, 'utf8') : null
  if (found === marker(true)) return { ...catchment, reused: true }
  if (found === null) refuseForeign(folder)
  await mkdir(folder, { recursive: true })
  await publishBytes(markerPath, marker(false))
  for (const product of products) {
    await rm(join(folder, product), { recursive: true, force: true })
    await mkdir(join(folder, product))
  }
  const total = days + lastSceneDays - firstSceneDay + 1
  onProgress?.({ what: 'landscape and weather', done: 0, total })
  const landscape = makeLandscape(place)
  const weather = makeWeather(place)
  await writeStaticProducts(folder, place, landscape, weather)
  const daily = new DailyProducts(folder, place, landscape, weather)
  await runWaterBalance(landscape, weather, days + lastSceneDays, async (truth) => {
    if (signal?.aborted) throw new LoamError('cancelled', 'Stopped on request.')
    if (truth.t < firstSceneDay) return
    await daily.write(truth)
    onProgress?.({ what: dayAt(place, truth.t), done: truth.t - firstSceneDay + 1, total })
  })
  await daily.finish()
  await publishBytes(markerPath, marker(true))
  return { ...catchment, reused: false }
}

/** A folder of one of the names that Loam did not make is never emptied. */
function refuseForeign(folder: string): void {
  const taken = products.filter((product) => existsSync(join(folder, product)))
  if (taken.length > 0)
    throw new LoamError(
      'name_taken',
      `${folder} has ${taken.join(', ')} in it, and no ${markerName} that says Loam made them. The virtual catchment needs these names; give it another folder.`,
      { folder, taken },
    )
}
