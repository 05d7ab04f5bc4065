import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { LoamError } from '../../contract/index.ts'
import { childEntry } from '../files/index.ts'
import type { Part } from './part-keys.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

export interface PoolOptions {
  /** Worker processes. */
  readonly workers: number
  /** Memory of one worker for decoded source blocks. */
  readonly cacheBytes: number
}

interface Task {
  readonly part: Part
  readonly threads: number
  readonly onProgress: (fraction: number) => void
  readonly resolve: (computed: boolean) => void
  readonly reject: (fault: unknown) => void
  attempts: number
}

interface Worker {
  readonly child: ChildProcess
  task: Task | null
  startedAt: number
  heardAt: number
  stderr: string
}

/** glibc keeps one heap per thread and freed map buffers in it: 690 MB after a few maps of 34 million cells. Two heaps,
 *  and large buffers given back at once, hold it at 390 MB. */
const steadyHeap = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' }
const stallFloorMs = 60_000
const stallFactor = 20

/** Child processes that compute parts, one at a time each. A worker that dies or hangs costs its part one more try, alone
 *  on a new worker; a second death ends in `native_crash` that names the part. */
export class WorkerPool {
  private readonly folder: string
  private readonly options: PoolOptions
  private readonly crew = new Set<Worker>()
  private readonly queue: Task[] = []
  private readonly seconds: number[] = []
  private readonly watch: NodeJS.Timeout
  private isClosed = false
  private whenIdle: (() => void) | null = null
  readonly workers: number
  /** Largest resident memory any worker told, bytes. */
  peakMemoryBytes = 0

  constructor(folder: string, options: PoolOptions) {
    this.folder = folder
    this.options = options
    this.workers = options.workers
    this.watch = setInterval(() => this.killStalled(), 1000)
    this.watch.unref()
  }

  /** Computes one part on the next free worker.
   *  @returns false when the part was already there */
  compute(part: Part, threads = 1, onProgress: (fraction: number) => void = () => {}): Promise<boolean> {
    if (this.whenIdle) return Promise.reject(paused())
    return new Promise((resolve, reject) => {
      this.queue.push({ part, threads, onProgress, resolve, reject, attempts: 0 })
      this.dispatch()
    })
  }

  /** Hands out nothing more: what waits, and what is asked for later, is refused as `paused`; what is under way goes on.
   *  @returns when nothing is under way any more */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.whenIdle = resolve
      for (const task of this.queue.splice(0)) task.reject(paused())
      this.tellIdle()
    })
  }

  /** Forgets what waits and kills what runs; nothing half-written stays, because parts are published whole. */
  kill(): void {
    this.isClosed = true
    clearInterval(this.watch)
    const waiting = this.queue.splice(0)
    for (const task of waiting) task.reject(new LoamError('cancelled', 'Stopped on request.'))
    for (const worker of this.crew) {
      worker.task?.reject(new LoamError('cancelled', 'Stopped on request.'))
      worker.task = null
      worker.child.kill('SIGKILL')
    }
    this.crew.clear()
  }

  private tellIdle(): void {
    if ([...this.crew].every((worker) => worker.task === null)) this.whenIdle?.()
  }

  private dispatch(): void {
    if (this.whenIdle) return this.tellIdle()
    if (this.isClosed) return
    while (this.queue.length > 0) {
      let worker = [...this.crew].find((each) => each.task === null)
      if (!worker) {
        if (this.crew.size >= this.options.workers) return
        worker = this.start()
      }
      const task = this.queue.shift()!
      task.attempts++
      worker.task = task
      worker.startedAt = worker.heardAt = Date.now()
      send(worker.child, { type: 'compute', part: task.part, threads: task.threads })
    }
  }

  private start(): Worker {
    const child = fork(childEntry('worker-process'), [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: { ...process.env, ...steadyHeap },
    })
    const worker: Worker = { child, task: null, startedAt: Date.now(), heardAt: Date.now(), stderr: '' }
    this.crew.add(worker)
    child.stderr?.on('data', (text: Buffer) => {
      worker.stderr = (worker.stderr + text.toString()).slice(-4000)
    })
    child.on('message', (message: FromWorker) => {
      worker.heardAt = Date.now()
      const task = worker.task
      if (message.type === 'ready' || !task) return
      if (message.type === 'progress') return task.onProgress(message.fraction)
      worker.task = null
      if (message.type === 'done') {
        this.peakMemoryBytes = Math.max(this.peakMemoryBytes, message.peakMemoryBytes)
        this.seconds.push((Date.now() - worker.startedAt) / 1000)
        task.resolve(message.computed)
      } else task.reject(LoamError.fromJSON(message.fault))
      this.dispatch()
    })
    child.on('exit', (code, signal) => this.lost(worker, code, signal))
    send(child, { type: 'open', folder: this.folder, cacheBytes: this.options.cacheBytes })
    return worker
  }

  private lost(worker: Worker, code: number | null, signal: string | null): void {
    if (!this.crew.delete(worker)) return
    const task = worker.task
    worker.task = null
    if (task && this.whenIdle) task.reject(paused())
    else if (task && task.attempts < 2) this.queue.unshift(task)
    else if (task) {
      const { part } = task
      const day = 'day' in part ? ` of ${part.day}` : ''
      task.reject(
        new LoamError(
          'native_crash',
          `The process that computed a ${part.kind} part${day} ended twice (${signal ?? `exit ${code}`}). The other parts are safe. Resume the run; if it happens again, report it with the text below.\n${worker.stderr}`,
          { part: part.key, kind: part.kind },
        ),
      )
    }
    this.dispatch()
  }

  private killStalled(): void {
    const sorted = [...this.seconds].sort((a, b) => a - b)
    const median = sorted[sorted.length >> 1] ?? 0
    // Training tells its progress, so silence that long means a hang whatever the part.
    const limit = Math.max(stallFloorMs * (sorted.length ? 1 : 10), median * 1000 * stallFactor)
    for (const worker of this.crew) if (worker.task && Date.now() - worker.heardAt > limit) worker.child.kill('SIGKILL')
  }
}

function paused(): LoamError {
  return new LoamError('paused', 'Paused; what was finished is kept, and resume goes on there.')
}

function send(child: ChildProcess, message: ToWorker): void {
  // A worker that died a moment ago cannot be told; its exit event gives the part to another.
  if (child.connected) child.send(message, () => {})
}
