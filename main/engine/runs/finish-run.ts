import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { computePart } from './compute-part.ts'
import { DayFaults } from './day-faults.ts'
import type { Part } from './part-keys.ts'
import { publishWhenWhole } from './run-task.ts'
import { withLease } from './lease.ts'
import type { RunContext } from './run-context.ts'
import { writeResults } from './write-results.ts'

/** Ends a run that was computed in shares: publishes the days that became whole last and writes the results.
 *  @throws incomplete that names what is missing, so that only those shares are done again, or the days that may not be published */
export async function finishRun(run: RunContext, signal: AbortSignal): Promise<void> {
  const { parts, store } = run
  const compute = (part: Part): Promise<boolean> => computePart(run, part, { signal, threads: 1, onProgress: () => {} })
  const leases = join(run.folder, 'leases')
  await mkdir(leases, { recursive: true })
  const once = (part: Part, make: () => Promise<unknown>): Promise<void> =>
    withLease(leases, part.key, async () => void ((await store.has(part.key)) || (await make())), { signal })

  const missing: string[] = []
  const faults = new DayFaults(() => {}, new Set(['not_closed']))
  const there = await Promise.all(
    [parts.table, parts.model, ...parts.folds, ...(parts.applicability ? [parts.applicability] : [])].map((part) =>
      store.has(part.key),
    ),
  )
  if (there.includes(false)) missing.push('the model or its cross-validation')
  else
    for (const map of parts.maps)
      await faults.guard(map.day, async () => {
        if (!(await publishWhenWhole(run, map, compute, once))) missing.push(map.day)
      })
  if (missing.length > 0) throw notReady(missing, await undoneShares(leases))
  faults.throwIfAny(parts.maps.length)
  await writeResults(run)
}

/** Shares that did not end, of the division that was used last. */
async function undoneShares(leases: string): Promise<string> {
  const done = (await readdir(leases)).flatMap((name) => {
    const match = /^task-(\d+)-of-(\d+)\.done$/.exec(name)
    return match ? [{ task: Number(match[1]), of: Number(match[2]) }] : []
  })
  const of = done.at(-1)?.of
  if (of === undefined) return ''
  const ended = new Set(done.filter((share) => share.of === of).map((share) => share.task))
  const undone = Array.from({ length: of }, (_, task) => task).filter((task) => !ended.has(task))
  return undone.length > 0 ? ` Shares without an end, of ${of}: ${undone.join(', ')}.` : ''
}

function notReady(missing: readonly string[], shares: string): LoamError {
  const some = missing.slice(0, 10).join(', ') + (missing.length > 10 ? ` and ${missing.length - 10} more` : '')
  return new LoamError(
    'incomplete',
    `The run is not whole yet; missing: ${some}.${shares} Compute those shares with \`loam part\`, then collect again.`,
    { missing },
  )
}
