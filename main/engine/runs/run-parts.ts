import type { RunEvent, StepName } from '../../contract/index.ts'
import { DayFaults } from './day-faults.ts'
import type { MapPart, Part } from './part-keys.ts'
import { dropTiles, settleMap } from './publish-map.ts'
import { checkInputs } from './run-context.ts'
import type { RunContext } from './run-context.ts'
import { RunProgress } from './run-progress.ts'

/** Whoever computes parts: a pool of processes, or this process itself. */
export interface PartRunner {
  readonly workers: number
  compute(part: Part, threads?: number, onProgress?: (fraction: number) => void): Promise<boolean>
}

/** Computes every part of a run that is not in the store yet, in steps. What is there is reused, whoever computed it.
 *  A day that fails does not stop the others.
 *  @throws incomplete when days failed, with their reasons; else the fault that stopped the run */
export async function runParts(
  run: RunContext,
  runner: PartRunner,
  options: {
    readonly onEvent: (event: RunEvent) => void
    readonly expectedSeconds?: Readonly<Partial<Record<StepName, number>>>
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { parts } = run
  const { signal, onEvent } = options
  const progress = new RunProgress(onEvent, options.expectedSeconds)
  progress.plan('prepare', 1)
  progress.plan('samples', parts.samples.length)
  progress.plan('train', parts.applicability ? 2 : 1)
  progress.plan('crossValidate', parts.folds.length)
  const tileCount = parts.maps.reduce((sum, map) => sum + map.tiles.length, 0)
  progress.plan('predict', tileCount)
  progress.plan('publish', parts.maps.length)
  progress.plan('validate', parts.pairs.length)

  progress.start('prepare')
  await checkInputs(run.plan.datasets)
  progress.computed('prepare')
  progress.finish('prepare')

  const compute = async (step: StepName, part: Part, threads = 1): Promise<void> => {
    signal.throwIfAborted()
    const isNew = await runner.compute(part, threads, (fraction) => progress.partly(step, fraction))
    if (isNew) progress.computed(step)
    else progress.reuse(step)
  }
  const absent = async <P extends Part>(list: readonly P[]): Promise<P[]> => {
    const there = await Promise.all(list.map((part) => run.store.has(part.key)))
    return list.filter((_, i) => !there[i])
  }

  const missingFolds = await absent(parts.folds)
  const needsModel = !(await run.store.has(parts.model.key))
  const needsArea = parts.applicability !== null && !(await run.store.has(parts.applicability.key))
  const needsTable = (needsModel || needsArea || missingFolds.length > 0) && !(await run.store.has(parts.table.key))

  progress.start('samples')
  const missingSamples = needsTable ? await absent(parts.samples) : []
  progress.reuse('samples', parts.samples.length - missingSamples.length)
  await inParallel(missingSamples, runner.workers, (part) => compute('samples', part))
  progress.finish('samples')

  progress.start('train')
  if (needsTable) await runner.compute(parts.table)
  await compute('train', parts.model, runner.workers)
  if (parts.applicability) await compute('train', parts.applicability, runner.workers)
  progress.finish('train')

  progress.start('crossValidate')
  progress.reuse('crossValidate', parts.folds.length - missingFolds.length)
  await inParallel(missingFolds, runner.workers, (part) => compute('crossValidate', part))
  progress.finish('crossValidate')

  const faults = new DayFaults(onEvent)
  const pairsOf = new Map<string, Part[]>()
  for (const pair of parts.pairs) pairsOf.set(pair.map, [...(pairsOf.get(pair.map) ?? []), pair])
  progress.start('predict')
  progress.start('publish')
  if (parts.pairs.length > 0) progress.start('validate')

  const oneDay = async (map: MapPart): Promise<void> => {
    if (await settleMap(run, map)) {
      progress.reuse('predict', map.tiles.length)
      progress.reuse('publish')
    } else {
      await Promise.all(map.tiles.map((tile) => compute('predict', tile)))
      await compute('publish', map)
    }
    await dropTiles(run, map)
    await Promise.all((pairsOf.get(map.key) ?? []).map((pair) => compute('validate', pair)))
  }
  // Few days at a time, so that no more tiles lie on the disk than the workers need to stay busy.
  await inParallel(parts.maps, runner.workers + 1, (map) => faults.guard(map.day, () => oneDay(map)))
  for (const step of ['predict', 'publish', 'validate'] as const) progress.finish(step)
  faults.throwIfAny(parts.maps.length)
}

/** Runs `work` over items, at most `limit` at once. After the first failure no further item is begun, and the failure is
 *  thrown when those under way have ended. */
async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  let fault: unknown
  let isFailed = false
  const lane = async (): Promise<void> => {
    while (next < items.length && !isFailed) {
      const item = items[next++]
      try {
        await work(item)
      } catch (thrown) {
        if (!isFailed) fault = thrown
        isFailed = true
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  if (isFailed) throw fault
}
