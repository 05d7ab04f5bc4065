import { LoamError, asLoamError } from '../contract/index.ts'
import type { Task } from '../contract/index.ts'
import type { EventBus } from './event-bus.ts'

export interface TaskProgress {
  readonly doing?: string
  readonly done?: number
  readonly total?: number
}

/** What the work of a task is given. */
export interface TaskHooks {
  readonly signal: AbortSignal
  report(progress: TaskProgress): void
}

const keptTasks = 100
/** Progress is told at most this often. */
const quietMs = 100

interface Entry {
  task: Task
  readonly stop: AbortController
  toldAt: number
  readonly end: Promise<void>
  readonly isOfProject: boolean
}

/** Long work besides runs: begun here, told over the events, cancelled by its id. */
export class TaskBoard {
  readonly #entries = new Map<string, Entry>()
  readonly #events: EventBus
  #number = 0

  constructor(events: EventBus) {
    this.#events = events
  }

  /** Begins work and answers at once. What `work` resolves to becomes the task's result, as JSON.
   *  @param options.isOfProject false: it goes on when the open project is closed */
  begin(
    title: string,
    work: (hooks: TaskHooks) => Promise<unknown>,
    { isOfProject = true }: { readonly isOfProject?: boolean } = {},
  ): Task {
    const id = `t${++this.#number}`
    const stop = new AbortController()
    const task: Task = {
      id,
      title,
      doing: '',
      done: 0,
      total: 0,
      state: 'running',
      result: null,
      fault: null,
      startedAtMs: Date.now(),
      endedAtMs: null,
    }
    const report = (progress: TaskProgress): void => {
      const now = Date.now()
      const isQuiet = now - entry.toldAt < quietMs && progress.doing === entry.task.doing
      entry.task = { ...entry.task, ...progress }
      if (!isQuiet) this.#tell(entry, now)
    }
    const end = Promise.resolve()
      .then(() => work({ signal: stop.signal, report }))
      .then(
        (result) => this.#end(entry, { state: 'done', result: result ?? null }),
        (thrown: unknown) => {
          const fault = asLoamError(thrown)
          const isCancelled = stop.signal.aborted || fault.code === 'cancelled'
          this.#end(entry, { state: isCancelled ? 'cancelled' : 'failed', fault: fault.toJSON() })
        },
      )
    const entry: Entry = { task, stop, toldAt: 0, end, isOfProject }
    this.#entries.set(id, entry)
    this.#tell(entry, Date.now())
    return entry.task
  }

  /** Newest first. */
  list(): Task[] {
    return Array.from(this.#entries.values(), ({ task }) => task).reverse()
  }

  /** Asks a task to stop and answers at once; one that is over stays as it is.
   *  @throws unknown_name */
  cancel(id: string): Task {
    const entry = this.#entries.get(id)
    if (!entry)
      throw new LoamError('unknown_name', `There is no task ${id}. It may be long over; ask for the list.`, { id })
    if (entry.task.state !== 'running') return entry.task
    entry.task = { ...entry.task, state: 'cancelling' }
    entry.stop.abort(new LoamError('cancelled', 'Stopped on request.'))
    this.#tell(entry, Date.now())
    return entry.task
  }

  /** Titles of what goes on with the open project. */
  ofProject(): string[] {
    return this.#underWay(({ isOfProject }) => isOfProject).map(({ task }) => task.title)
  }

  /** Cancels what goes on with the open project and waits for its end. */
  leaveProject(): Promise<void> {
    return this.#stop(({ isOfProject }) => isOfProject)
  }

  /** Cancels all and waits for their ends. */
  close(): Promise<void> {
    return this.#stop(() => true)
  }

  #underWay(isMeant: (entry: Entry) => boolean): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.task.endedAtMs === null && isMeant(entry))
  }

  async #stop(isMeant: (entry: Entry) => boolean): Promise<void> {
    const stopped = this.#underWay(isMeant)
    for (const { task } of stopped) this.cancel(task.id)
    await Promise.all(stopped.map(({ end }) => end))
  }

  #tell(entry: Entry, now: number): void {
    entry.toldAt = now
    this.#events.tell({ type: 'task', task: entry.task })
  }

  #end(entry: Entry, change: Partial<Task>): void {
    entry.task = { ...entry.task, ...change, endedAtMs: Date.now() }
    this.#tell(entry, Date.now())
    for (const [id, { task }] of this.#entries) {
      if (this.#entries.size <= keptTasks) break
      if (task.endedAtMs !== null) this.#entries.delete(id)
    }
  }
}
