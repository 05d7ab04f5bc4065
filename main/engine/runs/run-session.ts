import { fork } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { RunEvent } from '../../contract/index.ts'
import { childEntry } from '../files/index.ts'
import type { StepEstimate } from './estimate.ts'

export type ToRun =
  | {
      readonly type: 'start'
      readonly folder: string
      readonly workers: number
      readonly cacheBytes: number
      readonly estimate: StepEstimate | null
    }
  | { readonly type: 'cancel' }
  | { readonly type: 'pause' }

export type FromRun =
  | { readonly type: 'event'; readonly event: RunEvent }
  | { readonly type: 'done'; readonly peakMemoryBytes: number }
  | { readonly type: 'failed'; readonly fault: { code: string; message: string; details: Record<string, unknown> } }

/** A file of this name in a run's folder asks the run to stop: how another process cancels it. */
export const cancelFile = 'cancel'
/** The same for a pause. */
export const pauseFile = 'pause'
const graceMs = 800

/** Runs a planned run in a process of its own and waits for its end.
 *  @param options.signal cancels: the run's processes are gone within a second
 *  @param options.pause no further part is begun; its processes are gone when those under way have ended
 *  @returns the largest resident memory of any of its processes, bytes
 *  @throws what stopped it; `cancelled`; `paused`; `native_crash` when the process itself died */
export async function runInProcess(
  folder: string,
  options: {
    readonly workers: number
    readonly cacheBytes: number
    readonly estimate: StepEstimate | null
    readonly signal: AbortSignal
    readonly pause?: AbortSignal
    readonly onEvent: (event: RunEvent) => void
  },
): Promise<{ peakMemoryBytes: number }> {
  for (const file of [cancelFile, pauseFile]) await rm(join(folder, file), { force: true })
  const { workers, cacheBytes, estimate, signal, pause, onEvent } = options
  const child = fork(childEntry('run-process'), [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] })
  let stderr = ''
  child.stderr?.on('data', (text: Buffer) => {
    stderr = (stderr + text.toString()).slice(-4000)
  })
  const send = (message: ToRun): void => void (child.connected && child.send(message, () => {}))
  let killer: NodeJS.Timeout | undefined
  const cancel = (): void => {
    send({ type: 'cancel' })
    killer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  }
  const askToPause = (): void => send({ type: 'pause' })
  try {
    return await new Promise((resolve, reject) => {
      let end: (() => void) | null = null
      child.on('message', (message: FromRun) => {
        if (message.type === 'event') onEvent(message.event)
        else if (message.type === 'done') end = () => resolve({ peakMemoryBytes: message.peakMemoryBytes })
        else end = () => reject(LoamError.fromJSON(message.fault))
      })
      child.on('exit', (code, killedBy) => {
        if (signal.aborted) reject(new LoamError('cancelled', 'Cancelled; what was finished is kept.'))
        else if (end) end()
        else
          reject(
            new LoamError(
              'native_crash',
              `The run's process ended (${killedBy ?? `exit ${code}`}). What was finished is safe; resume the run to go on.\n${stderr}`,
            ),
          )
      })
      child.on('error', reject)
      signal.addEventListener('abort', cancel, { once: true })
      if (signal.aborted) cancel()
      send({ type: 'start', folder, workers, cacheBytes, estimate })
      pause?.addEventListener('abort', askToPause, { once: true })
      if (pause?.aborted) askToPause()
    })
  } finally {
    clearTimeout(killer)
    signal.removeEventListener('abort', cancel)
    pause?.removeEventListener('abort', askToPause)
  }
}

/** Asks a run of another process to stop. */
export async function requestCancel(folder: string): Promise<void> {
  await writeFile(join(folder, cancelFile), '')
}

/** Asks a run of another process to pause. */
export async function requestPause(folder: string): Promise<void> {
  await writeFile(join(folder, pauseFile), '')
}
