import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { asLoamError } from '../../contract/index.ts'
import type { ErrorCode, LoamError, RunEvent, RunState } from '../../contract/index.ts'
import { removeStaleTemporaries } from '../files/index.ts'
import type { Project, RunRecord } from '../project/index.ts'
import {
  RunContext,
  estimateRun,
  finishRun,
  freeReserve,
  keepReserve,
  placeInputs,
  readResults,
  runInProcess,
} from '../runs/index.ts'
import type { RunResults, StepEstimate } from '../runs/index.ts'

/** How much of the machine a run may use. */
export interface RunPower {
  /** Worker processes; default one per core. */
  readonly workers?: number
  /** Memory of one worker for decoded source blocks, bytes. */
  readonly cacheBytes?: number
}

export interface RunHooks {
  readonly signal: AbortSignal
  /** Asks for a pause: no further part is begun. */
  readonly pause?: AbortSignal
  readonly onEvent: (event: RunEvent) => void
  readonly onEstimate?: (estimate: StepEstimate) => void
}

export interface RunOutcome {
  readonly run: RunRecord
  readonly results: RunResults
  readonly peakMemoryBytes: number
  readonly seconds: number
}

export const defaultCacheBytes = 192e6

/** The power asked for, with defaults in place. */
export function wholePower({ workers = availableParallelism(), cacheBytes = defaultCacheBytes }: RunPower) {
  return { workers, cacheBytes }
}

/** What a planned run will take on this machine. */
export async function estimatePlanned(project: Project, id: string, power: RunPower): Promise<StepEstimate> {
  const { folder } = project.run(id)
  await placeInputs(folder, project)
  const context = await RunContext.open(folder, { cacheBytes: 0 })
  try {
    return await estimateRun(context, wholePower(power))
  } finally {
    context.close()
  }
}

/** Computes a planned run to its end, in processes of its own, and records what came out. Called again after a crash,
 *  a cancel or a full disk it goes on where it was. */
export async function startRun(project: Project, id: string, power: RunPower, hooks: RunHooks): Promise<RunOutcome> {
  const { folder } = project.run(id)
  const whole = wholePower(power)
  const startedAtMs = Date.now()
  try {
    await removeStaleTemporaries(join(folder, 'maps'), 0)
    // A pack comes without a store.
    await mkdir(join(project.storeFolder, 'parts'), { recursive: true })
    await keepReserve(project.storeFolder)
    const estimate = await estimatePlanned(project, id, whole)
    hooks.onEstimate?.(estimate)
    const state = hooks.pause?.aborted ? 'pausing' : 'running'
    project.updateRun(id, { state, message: '', startedAtMs, endedAtMs: null, estimate })
    const { peakMemoryBytes } = await runInProcess(folder, {
      ...whole,
      estimate,
      signal: hooks.signal,
      pause: hooks.pause,
      onEvent: (event) => {
        recordEvent(project, id, event)
        hooks.onEvent(event)
      },
    })
    await freeReserve(project.storeFolder)
    const results = await recordResults(project, id)
    return { run: project.run(id), results, peakMemoryBytes, seconds: (Date.now() - startedAtMs) / 1000 }
  } catch (thrown) {
    const fault = asLoamError(thrown)
    // Before the project is written to, which a full disk would refuse.
    await freeReserve(project.storeFolder)
    project.updateRun(id, { state: stateAfter(fault), message: fault.message, endedAtMs: Date.now() })
    throw fault
  }
}

/** Ends a run whose shares were computed by other processes: publishes what is whole, scores, records.
 *  @throws incomplete that names the missing days and shares */
export async function collectRun(project: Project, id: string, signal: AbortSignal): Promise<RunResults> {
  const context = await RunContext.open(project.run(id).folder, { cacheBytes: defaultCacheBytes })
  try {
    await finishRun(context, signal)
  } finally {
    context.close()
  }
  return recordResults(project, id)
}

function recordEvent(project: Project, id: string, event: RunEvent): void {
  if (event.event === 'state' && event.state === 'pausing')
    project.updateRun(id, { state: 'pausing', message: event.message })
  if (event.event === 'step') {
    const { step, state, total, reused, computed, seconds } = event
    project.putStep(id, { step, state, total, reused, computed, seconds })
  }
}

async function recordResults(project: Project, id: string): Promise<RunResults> {
  const results = await readResults(project.run(id).folder)
  // A run that is made whole again keeps what its test part said.
  const opened = project.scores(id).filter(({ part }) => part === 'test')
  project.putScores(id, [...results.scores, ...opened])
  for (const { path, sha256, bytes, kind, day } of results.files)
    project.putArtefact({ runId: id, kind, path, hash: sha256, bytes, day })
  const state = results.warnings.length > 0 ? 'done_with_warnings' : 'done'
  project.updateRun(id, { state, message: results.warnings.join('\n'), endedAtMs: Date.now() })
  return results
}

/** `interrupted` when resuming can help: the machine or the sources are mended from outside. */
function stateAfter(fault: LoamError): RunState {
  if (fault.code === 'cancelled' || fault.code === 'paused') return fault.code
  const isMendable = fault.exitCode === 74 || fault.exitCode === 75 || mendable.includes(fault.code)
  return isMendable ? 'interrupted' : 'failed'
}

const mendable: readonly ErrorCode[] = ['source_missing', 'input_changed', 'native_crash', 'out_of_memory']
