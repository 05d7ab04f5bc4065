import { randomBytes } from 'node:crypto'
import type { ChildProcess } from 'node:child_process'
import type { FromServerProcess, ToServerProcess } from '../contract/index.ts'
import type { PipeEnd } from './forward-request.ts'

export interface EngineWatchOptions {
  /** Starts the server's process with an IPC channel. */
  readonly spawn: () => ChildProcess
  /** A pipe no other process has; each start gets a new one. */
  readonly newSocketPath: () => string
  readonly projectPath: string | null
  readonly onRuns?: (underWay: number) => void
  readonly onProject?: (path: string | null) => void
  /** It crashed too often; nothing more is tried. */
  readonly onGivenUp?: (message: string) => void
}

/** More crashes than this within the time, and starting it once more would only crash again. */
const mostCrashes = 5
const crashMemoryMs = 60_000

/** Keeps the engine's process going: starts it, starts it anew after a crash with the same project, and lets the window wait
 *  meanwhile. */
export class EngineWatch {
  readonly #options: EngineWatchOptions
  #child: ChildProcess | null = null
  #pipe: Promise<PipeEnd>
  #projectPath: string | null
  #crashes: number[] = []
  #isClosing = false
  underWay = 0

  constructor(options: EngineWatchOptions) {
    this.#options = options
    this.#projectPath = options.projectPath
    this.#pipe = this.#start(false)
  }

  /** The running server; waits while it starts. Rejects when it was given up. */
  readonly pipe = (): Promise<PipeEnd> => this.#pipe

  /** Ends the process in good order: a run is interrupted, or paused when that was chosen, and can be resumed. */
  async close({ pause = false } = {}): Promise<void> {
    this.#isClosing = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    send(child, { type: 'close', pause })
    await gone
  }

  #start(isRestart: boolean): Promise<PipeEnd> {
    const child = this.#options.spawn()
    this.#child = child
    const pipe = { socketPath: this.#options.newSocketPath(), token: randomBytes(32).toString('base64url') }
    let why: string | null = null
    const started = new Promise<PipeEnd>((resolve, reject) => {
      child.on('message', (message: FromServerProcess) => {
        if (message.type === 'ready') resolve(pipe)
        else if (message.type === 'failed') {
          why = message.message
          reject(new Error(why))
        } else this.#heard(message)
      })
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        why ??= signal ?? `exit ${code}`
        reject(new Error(`the engine ended: ${why}`))
        this.#ended(child, why)
      })
      send(child, { type: 'start', ...pipe, projectPath: this.#projectPath, isRestart })
    })
    // Whoever asks for the pipe is told; that nobody asks yet is no fault.
    started.catch(() => undefined)
    return started
  }

  #heard(message: Extract<FromServerProcess, { type: 'project' | 'runs' }>): void {
    if (message.type === 'project') {
      this.#projectPath = message.path
      this.#options.onProject?.(message.path)
    } else {
      this.underWay = message.underWay
      this.#options.onRuns?.(message.underWay)
    }
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#isClosing || child !== this.#child) return
    const now = Date.now()
    this.#crashes = [...this.#crashes.filter((at) => now - at < crashMemoryMs), now]
    if (this.#crashes.length > mostCrashes) {
      this.#options.onGivenUp?.(`The engine ended ${this.#crashes.length} times within a minute: ${how}`)
      return
    }
    this.#pipe = this.#start(true)
  }
}

function send(child: ChildProcess, message: ToServerProcess): void {
  // One that died a moment ago cannot be told; its exit tells the rest.
  if (child.connected) child.send(message, () => {})
}
