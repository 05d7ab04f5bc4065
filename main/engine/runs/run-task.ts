import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { RunEvent } from '../../contract/index.ts'
import { publishBytes } from '../files/index.ts'
import { computePart } from './compute-part.ts'
import { DayFaults } from './day-faults.ts'
import { withLease } from './lease.ts'
import type { MapPart, Part } from './part-keys.ts'
import { dropTiles, settleMap } from './publish-map.ts'
import { checkInputs } from './run-context.ts'
import type { RunContext } from './run-context.ts'
import { RunProgress } from './run-progress.ts'

/** Computes share `task` of `of` of a run, in this process. Shares need no order and may run at the same time on machines
 *  that see one folder: what several need (the model, a day's map) is computed by the first that comes, under a lease;
 *  the others wait for it. A share done twice does no harm. */
export async function runTask(
  run: RunContext,
  share: { readonly task: number; readonly of: number },
  options: { readonly threads: number; readonly signal: AbortSignal; readonly onEvent: (event: RunEvent) => void },
): Promise<void> {
  const { task, of } = share
  if (!Number.isInteger(of) || of < 1 || !Number.isInteger(task) || task < 0 || task >= of)
    throw new LoamError('usage', `--task ${task} --of ${of} is no share: --task counts from 0 to ${of - 1}.`)
  const { parts, store } = run
  const { signal, threads, onEvent } = options
  const progress = new RunProgress(onEvent)
  await checkInputs(run.plan.datasets)

  const compute = (part: Part): Promise<boolean> => computePart(run, part, { signal, threads, onProgress: () => {} })
  const each = async (step: Parameters<RunProgress['plan']>[0], list: readonly Part[]): Promise<void> => {
    progress.plan(step, list.length)
    progress.start(step)
    for (const part of list)
      if (await compute(part)) progress.computed(step)
      else progress.reuse(step)
    progress.finish(step)
  }
  const leases = join(run.folder, 'leases')
  await mkdir(leases, { recursive: true })
  const once = async (part: Part, make: () => Promise<unknown>): Promise<void> => {
    if (await store.has(part.key)) return
    await withLease(leases, part.key, async () => void ((await store.has(part.key)) || (await make())), { signal })
  }

  const needsTable = async (): Promise<boolean> => !(await store.has(parts.table.key))
  if (await needsTable()) await each('samples', shareOf(parts.samples, share))
  await once(parts.table, async () => {
    for (const part of parts.samples) await compute(part)
    await compute(parts.table)
  })
  progress.plan('train', 1)
  progress.start('train')
  await once(parts.model, () => compute(parts.model))
  const { applicability } = parts
  if (applicability) await once(applicability, () => compute(applicability))
  progress.finish('train')
  await each('crossValidate', shareOf(parts.folds, share))

  const tiles = parts.maps.flatMap((map) => map.tiles.map((tile) => ({ map, tile })))
  const mine = shareOf(tiles, share)
  const days = new Set<MapPart>(mine.map(({ map }) => map))
  const open = new Set<MapPart>()
  // A share that did its work ends well; that a day may not be published is told here, and again by who collects.
  const faults = new DayFaults(onEvent, new Set(['not_closed']))
  for (const map of days) await faults.guard(map.day, async () => void ((await settleMap(run, map)) || open.add(map)))
  await each(
    'predict',
    mine.filter(({ map }) => open.has(map)).map(({ tile }) => tile),
  )
  for (const map of days)
    if (!faults.failed.has(map.day))
      await faults.guard(map.day, async () => void (await publishWhenWhole(run, map, compute, once)))
  await publishBytes(join(run.folder, 'leases', `task-${task}-of-${of}.done`), `${run.plan.id}\n`)
}

/** Publishes a day whose tiles are all there and compares it with its references.
 *  @returns false when tiles of other shares are still missing */
export async function publishWhenWhole(
  run: RunContext,
  map: MapPart,
  compute: (part: Part) => Promise<boolean>,
  once: (part: Part, make: () => Promise<unknown>) => Promise<void>,
): Promise<boolean> {
  if (!(await settleMap(run, map))) {
    const there = await Promise.all(map.tiles.map((tile) => run.store.has(tile.key)))
    if (there.includes(false)) return false
    await once(map, () => compute(map))
  }
  await dropTiles(run, map)
  for (const pair of run.parts.pairs) if (pair.map === map.key) await once(pair, () => compute(pair))
  return true
}

/** The contiguous share of a list that belongs to a task; sizes differ by one at most. */
export function shareOf<T>(list: readonly T[], { task, of }: { readonly task: number; readonly of: number }): T[] {
  return list.slice(Math.floor((list.length * task) / of), Math.floor((list.length * (task + 1)) / of))
}
