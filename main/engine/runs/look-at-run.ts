import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { RunEvent } from '../../contract/index.ts'
import type { Day } from '../../contract/index.ts'
import { layerPath, publishedLayers } from '../products/index.ts'
import type { Plan } from './plan.ts'
import { mapFileName } from './publish-map.ts'

export type LogLine = RunEvent & { readonly n: number }

export interface DayState {
  readonly day: Day
  readonly state: 'done' | 'waiting' | 'failed'
  /** Why it failed; else empty. */
  readonly message: string
}

export interface MapFile {
  readonly layer: string
  readonly path: string
  readonly bytes: number
}

/** What a run told so far, for people; a line that was cut off when the machine stopped is left out. */
export async function readRunLog(folder: string): Promise<LogLine[]> {
  const text = await readFile(join(folder, 'log.ndjson'), 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    try {
      const { n, ...event } = JSON.parse(line) as { n: number }
      const found = RunEvent.safeParse(event)
      return found.success ? [{ n, ...found.data }] : []
    } catch {
      return []
    }
  })
}

/** Names of the maps of each day, that of the mean first. */
export function planLayers(plan: Plan): string[] {
  return ['mean', ...publishedLayers(plan.recipe.product).map(({ name }) => name)]
}

/** The maps that lie in a run's folder, by day; a day is there when all of its layers are. */
export async function mapsOf(folder: string, plan: Plan): Promise<Map<Day, MapFile[]>> {
  const mapsFolder = join(folder, 'maps')
  const there = new Set(await readdir(mapsFolder).catch(() => []))
  const layers = publishedLayers(plan.recipe.product)
  const found = new Map<Day, MapFile[]>()
  for (const day of plan.productDays) {
    const name = mapFileName(plan.recipe.product.quantity, day)
    const names = [['mean', name], ...layers.map((layer) => [layer.name, layerPath(name, layer)])]
    if (names.some(([, file]) => !there.has(file))) continue
    const files = names.map(async ([layer, file]) => {
      const path = join(mapsFolder, file)
      return { layer, path, bytes: (await stat(path)).size }
    })
    found.set(day, await Promise.all(files))
  }
  return found
}

/** How each day of a run stands: its maps are there, or the last attempt failed on it, or it waits. */
export async function dayStates(folder: string, plan: Plan): Promise<DayState[]> {
  const [there, log] = await Promise.all([mapsOf(folder, plan), readRunLog(folder)])
  const begun = log.findLastIndex((line) => line.event === 'state' && line.state === 'running')
  const failed = new Map<string, string>()
  for (const line of log.slice(begun + 1)) {
    const match = line.event === 'warning' ? /^(\d{4}-\d{2}-\d{2}): (.*)$/s.exec(line.message) : null
    if (match) failed.set(match[1], match[2])
  }
  return plan.productDays.map((day) => {
    if (there.has(day)) return { day, state: 'done', message: '' }
    const message = failed.get(day)
    return message === undefined ? { day, state: 'waiting', message: '' } : { day, state: 'failed', message }
  })
}
