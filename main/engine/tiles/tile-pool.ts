import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { LoamError } from '../../contract/index.ts'
import { childEntry } from '../files/index.ts'
import type { LayerPlan } from './layer-plan.ts'
import { nextJob } from './next-job.ts'
import type { FromTiles, TileSettings, TileWork, ToTiles, WorkKind } from './tile-messages.ts'

interface Job {
  readonly id: number
  readonly askedAtMs: number
  readonly kind: WorkKind
  readonly ask: unknown
  readonly layer: string | null
  /** What is asked, in words, for the message of a crash. */
  readonly what: string
  /** Was under way when the process died: it may be the one that killed it, so it is tried once more, alone. */
  isSuspect: boolean
  isStopped: boolean
  readonly resolve: (answer: never) => void
  readonly reject: (fault: unknown) => void
}

interface Child {
  readonly process: ChildProcess
  /** Layers it was told. */
  readonly layers: Set<string>
  stderr: string
}

/** GDAL decodes on threads, so one tile is read while another is averaged; more would only share the cores. */
const atOnce = 3
/** A stopped request that goes on for longer holds the process; it is ended. */
const graceMs = 10_000
/** See `runs/worker-pool.ts`. */
const steadyHeap = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' }

/** A child process that computes tiles, started when it is first needed and again after it died. The newest picture goes first:
 *  it is what the user looks at now; of one picture, what was asked for first. A crash costs the one request that causes it. */
export class TilePool {
  readonly #settings: TileSettings
  readonly #plans: (layer: string) => { plan: LayerPlan; crs: string | undefined }
  /** Oldest first. */
  readonly #waiting: Job[] = []
  readonly #underWay = new Map<number, Job>()
  #child: Child | null = null
  #lastId = 0
  #isClosed = false

  /** @param plans gives the plan of a layer that is asked about */
  constructor(settings: TileSettings, plans: (layer: string) => { plan: LayerPlan; crs: string | undefined }) {
    this.#settings = settings
    this.#plans = plans
  }

  /** Process id of the child, for tests and the memory shown; null while there is none. */
  get pid(): number | null {
    return this.#child?.process.pid ?? null
  }

  /** Starts the process, which takes a moment, before there is work for it. */
  warm(): void {
    if (!this.#isClosed) this.#child ??= this.#fork()
  }

  /** @throws what the work throws; native_crash when the process dies of it; cancelled */
  ask<K extends WorkKind>(
    kind: K,
    ask: TileWork[K]['ask'],
    { layer = null, what, signal }: { layer?: string | null; what: string; signal?: AbortSignal },
  ): Promise<TileWork[K]['answer']> {
    if (signal?.aborted || this.#isClosed) return Promise.reject(stopped())
    return new Promise((resolve, reject) => {
      const job: Job = {
        id: ++this.#lastId,
        askedAtMs: performance.now(),
        kind,
        ask,
        layer,
        what,
        isSuspect: false,
        isStopped: false,
        resolve: (answer) => {
          signal?.removeEventListener('abort', stop)
          resolve(answer)
        },
        reject: (fault) => {
          signal?.removeEventListener('abort', stop)
          reject(fault)
        },
      }
      const stop = (): void => this.#stop(job)
      signal?.addEventListener('abort', stop, { once: true })
      this.#waiting.push(job)
      this.#dispatch()
    })
  }

  /** A layer that nobody will ask about under its id. */
  forget(layer: string): void {
    if (this.#child?.layers.delete(layer)) this.#send(this.#child, { type: 'close', layer })
  }

  /** Ends the process and refuses what waits. */
  close(): void {
    this.#isClosed = true
    for (const job of [...this.#waiting.splice(0), ...this.#underWay.values()]) job.reject(stopped())
    this.#underWay.clear()
    this.#child?.process.kill('SIGKILL')
    this.#child = null
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && !this.#isClosed) {
      // Suspects one by one, so that a second death tells which it was; before all others, as they have waited longest.
      const suspect = this.#waiting.findIndex((job) => job.isSuspect)
      const running = this.#underWay.size
      if (suspect >= 0 ? running > 0 : running >= atOnce || [...this.#underWay.values()].some((job) => job.isSuspect))
        return
      const [job] = suspect >= 0 ? this.#waiting.splice(suspect, 1) : this.#waiting.splice(nextJob(this.#waiting), 1)
      this.#start(job)
    }
  }

  #start(job: Job): void {
    try {
      const child = (this.#child ??= this.#fork())
      if (job.layer !== null && !child.layers.has(job.layer)) {
        const { plan, crs } = this.#plans(job.layer)
        child.layers.add(job.layer)
        this.#send(child, { type: 'open', layer: job.layer, plan, crs })
      }
      this.#underWay.set(job.id, job)
      if (this.#underWay.size === 1) hold(child.process, true)
      this.#send(child, { type: 'ask', id: job.id, kind: job.kind, ask: job.ask })
    } catch (thrown) {
      job.reject(thrown)
    }
  }

  #send(child: Child, message: ToTiles): void {
    // A child that is gone is heard of by its exit.
    if (child.process.connected) child.process.send(message, () => {})
  }

  #stop(job: Job): void {
    job.isStopped = true
    job.reject(stopped())
    const place = this.#waiting.indexOf(job)
    if (place >= 0) this.#waiting.splice(place, 1)
    const child = this.#child
    if (!child || !this.#underWay.has(job.id)) return
    this.#send(child, { type: 'stop', id: job.id })
    setTimeout(() => {
      if (this.#child === child && this.#underWay.has(job.id)) child.process.kill('SIGKILL')
    }, graceMs).unref()
  }

  #fork(): Child {
    const child: Child = {
      process: fork(childEntry('tile-process'), [], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        execArgv: [],
        serialization: 'advanced',
        env: { ...process.env, ...steadyHeap },
      }),
      layers: new Set(),
      stderr: '',
    }
    hold(child.process, false)
    child.process.stderr?.on('data', (text: Buffer) => {
      child.stderr = (child.stderr + text.toString()).slice(-2000)
    })
    ;(child.process.stderr as { unref?: () => void } | null)?.unref?.()
    child.process.on('message', (message: FromTiles) => this.#heard(child, message))
    child.process.on('error', () => {})
    child.process.on('exit', (code, killedBy) => this.#died(child, killedBy ?? `exit ${code}`))
    this.#send(child, { type: 'start', settings: this.#settings })
    return child
  }

  #heard(child: Child, message: FromTiles): void {
    const job = this.#underWay.get(message.id)
    if (!job) return
    this.#underWay.delete(message.id)
    if (this.#underWay.size === 0) hold(child.process, false)
    if ('fault' in message) job.reject(LoamError.fromJSON(message.fault))
    else job.resolve(message.answer as never)
    this.#dispatch()
  }

  #died(child: Child, why: string): void {
    if (this.#child !== child) return
    this.#child = null
    const jobs = [...this.#underWay.values()].filter((job) => !job.isStopped)
    this.#underWay.clear()
    for (const job of jobs) {
      if (job.isSuspect)
        // It ran alone, and for the second time.
        job.reject(
          new LoamError(
            'native_crash',
            `The process that reads rasters for the map ended twice (${why}) over ${job.what}. The rest of the map is not affected. A file of it is probably damaged; get it again.${child.stderr === '' ? '' : `\n${child.stderr}`}`,
          ),
        )
      else {
        job.isSuspect = true
        this.#waiting.push(job)
      }
    }
    this.#dispatch()
  }
}

/** Whether a child keeps this process alive. */
function hold(child: ChildProcess, isBusy: boolean): void {
  if (isBusy) {
    child.ref()
    child.channel?.ref()
  } else {
    child.unref()
    child.channel?.unref()
  }
}

function stopped(): LoamError {
  return new LoamError('cancelled', 'Stopped on request.')
}
