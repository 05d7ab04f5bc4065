import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { asLoamError } from '../../contract/index.ts'
import type { RunEvent } from '../../contract/index.ts'
import { leaveWithParent } from '../models/index.ts'
import { RunContext } from './run-context.ts'
import { RunLog } from './run-log.ts'
import type { FromRun, ToRun } from './run-session.ts'
import { cancelFile, pauseFile } from './run-session.ts'
import { runParts } from './run-parts.ts'
import { stepSeconds } from './estimate.ts'
import { WorkerPool } from './worker-pool.ts'
import { writeResults } from './write-results.ts'

/** The process of one run: hands its parts to workers, writes the log and the results. It ends with its parent; what it
 *  had finished stays in the store, so that starting it again goes on where it was. */
const stop = new AbortController()
const pause = new AbortController()
/** Parts under way may end before a run is paused: most take seconds, and their work would be lost. One that takes longer, as the
 *  training of a large forest, is stopped and computed anew, so that a pause soon gives back memory and cores. */
const mostPausingMs = 30_000
const tell = (message: FromRun): void => void process.send?.(message)

async function run(message: Extract<ToRun, { type: 'start' }>): Promise<void> {
  const { folder, workers, cacheBytes } = message
  const log = new RunLog(folder)
  const onEvent = (event: RunEvent): void => {
    log.write(event)
    tell({ type: 'event', event })
  }
  const context = await RunContext.open(folder, { cacheBytes: 0 })
  const pool = new WorkerPool(folder, { workers, cacheBytes })
  const watch = setInterval(() => {
    if (existsSync(join(folder, cancelFile))) stop.abort()
    else if (existsSync(join(folder, pauseFile))) pause.abort()
  }, 200)
  let atRest: Promise<unknown> | null = null
  const beginPause = (): void => {
    onEvent({ event: 'state', state: 'pausing', message: 'The parts under way are finished first.' })
    atRest = Promise.race([pool.drain(), wait(mostPausingMs, undefined, { ref: false })])
  }
  pause.signal.addEventListener('abort', beginPause)
  const endCancelled = (): void => {
    pool.kill()
    const state = { event: 'state', state: 'cancelled', message: 'Cancelled; what was finished is kept.' } as const
    log.write(state)
    log.close()
    tell({ type: 'failed', fault: { code: 'cancelled', message: state.message, details: {} } })
    process.exit(130)
  }
  stop.signal.addEventListener('abort', endCancelled)
  // Cancelled while the plan was being read.
  if (stop.signal.aborted) endCancelled()
  try {
    onEvent({ event: 'state', state: 'running', message: '' })
    if (pause.signal.aborted && !atRest) beginPause()
    const expectedSeconds = message.estimate ? stepSeconds(message.estimate) : {}
    await runParts(context, pool, { onEvent, expectedSeconds, signal: stop.signal })
    await writeResults(context)
    onEvent({ event: 'state', state: 'done', message: '' })
    tell({ type: 'done', peakMemoryBytes: Math.max(pool.peakMemoryBytes, process.resourceUsage().maxRSS * 1024) })
  } catch (thrown) {
    const fault = asLoamError(thrown)
    await atRest
    const state = fault.code === 'paused' ? 'paused' : fault.exitCode === 70 ? 'failed' : 'interrupted'
    onEvent({ event: 'state', state, message: fault.message })
    tell({ type: 'failed', fault: fault.toJSON() })
  } finally {
    clearInterval(watch)
    pool.kill()
    context.close()
    log.close()
  }
}

leaveWithParent()
process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToRun) => {
  if (message.type === 'cancel') stop.abort()
  else if (message.type === 'pause') pause.abort()
  else
    run(message)
      .catch((thrown: unknown) => tell({ type: 'failed', fault: asLoamError(thrown).toJSON() }))
      .finally(() => process.disconnect())
})
