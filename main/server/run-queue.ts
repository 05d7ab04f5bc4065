import { LoamError, asLoamError } from '../contract/index.ts'
import type { RunEvent } from '../contract/index.ts'
import type { Engine, RunPower } from '../engine/engine.ts'
import type { RunRecord } from '../engine/project/index.ts'
import { readPlan } from '../engine/runs/index.ts'
import type { Plan } from '../engine/runs/index.ts'
import type { EventBus } from './event-bus.ts'

/** How far a run is, while it waits or goes on. */
export interface LiveRun {
  readonly id: string
  /** 0: under way; n: n-th in the queue. */
  readonly place: number
  /** The newest progress of its present step; null before the first. */
  readonly progress: Extract<RunEvent, { event: 'progress' }> | null
}

interface Waiting {
  readonly id: string
  readonly power: RunPower
}

interface UnderWay {
  readonly id: string
  readonly stop: AbortController
  readonly pause: AbortController
  progress: LiveRun['progress']
  readonly end: Promise<void>
}

const keptPlans = 16
const pausedMessage = 'Paused when Loam was closed; resume goes on there.'
const closedMessage = 'Loam was closed while it ran. What was finished is kept; resume goes on there.'

/** The runs of an open project: one is computed at a time, the others wait in the order they were started. */
export class RunQueue {
  /** Runs that were under way when a process that held the project was killed; oldest first. */
  readonly killed: readonly string[]
  readonly #engine: Engine
  readonly #events: EventBus
  readonly #plans = new Map<string, Plan>()
  #waiting: Waiting[] = []
  #active: UnderWay | null = null
  #isClosed = false
  #pausesAtClose = false

  constructor(engine: Engine, events: EventBus) {
    this.#engine = engine
    this.#events = events
    const { project } = engine
    const wasUnderWay = ({ state }: RunRecord): boolean => state === 'running' || state === 'cancelling'
    // Nobody else holds a project that is open for writing here, so a run that says it is under way was killed.
    if (project.mode === 'write')
      for (const { id, state } of project.runs())
        if (state === 'pausing')
          project.updateRun(id, { state: 'paused', message: pausedMessage, endedAtMs: Date.now() })
    this.killed =
      project.mode === 'write'
        ? project
            .runs()
            .filter(wasUnderWay)
            .map(({ id }) => id)
        : []
    for (const id of this.killed)
      project.updateRun(id, {
        state: 'interrupted',
        message: 'Loam ended while it ran. What was finished is kept; resume goes on there.',
        endedAtMs: Date.now(),
      })
  }

  /** Runs that wait or go on, the one under way first. */
  live(): LiveRun[] {
    const active = this.#active ? [{ id: this.#active.id, place: 0, progress: this.#active.progress }] : []
    return [...active, ...this.#waiting.map(({ id }, i) => ({ id, place: i + 1, progress: null }))]
  }

  /** What a run computes from. It never changes, and reading it checks its hash over every source file, so it is kept.
   *  @throws not_found, bad_project */
  async plan({ id, planId, folder }: RunRecord): Promise<Plan> {
    const kept = this.#plans.get(id)
    if (kept?.id === planId) return kept
    const plan = await readPlan(folder)
    this.#plans.set(id, plan)
    if (this.#plans.size > keptPlans) this.#plans.delete(this.#plans.keys().next().value!)
    return plan
  }

  /** Starts or resumes a planned run as soon as no other goes on; answers at once.
   *  @throws conflict when it waits or goes on already, or is done; project_locked in a project open for reading */
  start(id: string, power: RunPower): RunRecord {
    const { project } = this.#engine
    const run = project.run(id)
    if (this.live().some((live) => live.id === id))
      throw new LoamError('conflict', `Run ${id} is started already. Watch it, or cancel it first.`, { run: id })
    if (run.state === 'done' || run.state === 'done_with_warnings')
      throw new LoamError('conflict', `Run ${id} is done. To compute it once more, reproduce it.`, { run: id })
    project.updateRun(id, { state: 'waiting', message: '' })
    this.#waiting.push({ id, power })
    this.#next()
    this.#events.tell({ type: 'runs' })
    return project.run(id)
  }

  /** Asks a run to stop and answers at once; one that waits leaves the queue.
   *  @throws conflict when it neither waits nor goes on */
  cancel(id: string): RunRecord {
    const { project } = this.#engine
    if (this.#active?.id === id) {
      project.updateRun(id, { state: 'cancelling', message: '' })
      this.#active.stop.abort(new LoamError('cancelled', 'Cancelled; what was finished is kept.'))
    } else if (this.#leaveQueue(id))
      project.updateRun(id, { state: 'cancelled', message: 'Cancelled before it began.' })
    else throw new LoamError('conflict', `Run ${id} is not under way, so there is nothing to cancel.`, { run: id })
    this.#events.tell({ type: 'runs' })
    return project.run(id)
  }

  /** Asks a run to pause and answers at once: the parts under way end first; one that waits leaves the queue.
   *  @throws conflict when it neither waits nor goes on, or is cancelled already */
  pause(id: string): RunRecord {
    const { project } = this.#engine
    if (this.#active?.id === id && !this.#active.stop.signal.aborted) {
      project.updateRun(id, { state: 'pausing', message: 'The parts under way are finished first.' })
      this.#active.pause.abort()
    } else if (this.#leaveQueue(id)) project.updateRun(id, { state: 'paused', message: 'Paused before it began.' })
    else throw new LoamError('conflict', `Run ${id} is not under way, so there is nothing to pause.`, { run: id })
    this.#events.tell({ type: 'runs' })
    return project.run(id)
  }

  /** What waits or goes on when this is closed shall be paused rather than interrupted: somebody chose so. */
  pauseAtClose(): void {
    this.#pausesAtClose = true
    for (const { id } of this.#waiting)
      this.#engine.project.updateRun(id, { state: 'paused', message: 'Paused before it began.' })
  }

  #leaveQueue(id: string): boolean {
    const before = this.#waiting.length
    this.#waiting = this.#waiting.filter((waiting) => waiting.id !== id)
    return this.#waiting.length < before
  }

  /** Stops what goes on, so that it can be resumed, and waits for its processes to end. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#waiting = []
    this.#active?.stop.abort(new LoamError('cancelled', closedMessage))
    await this.#active?.end
  }

  #next(): void {
    const next = this.#active || this.#isClosed ? undefined : this.#waiting.shift()
    if (!next) return
    const { id, power } = next
    const { project } = this.#engine
    project.updateRun(id, { state: 'running', message: '', startedAtMs: Date.now(), endedAtMs: null })
    const [stop, pause] = [new AbortController(), new AbortController()]
    const onEvent = (event: RunEvent): void => {
      if (event.event === 'progress') active.progress = event
      // Another process may have asked for it.
      if (event.event === 'state') this.#events.tell({ type: 'runs' })
      this.#events.tell({ type: 'run', run: id, event })
    }
    const onEstimate = (): void => this.#events.tell({ type: 'runs' })
    const end = this.#engine.run(id, power, { signal: stop.signal, pause: pause.signal, onEvent, onEstimate }).then(
      () => undefined,
      (thrown: unknown) => this.#failed(id, thrown),
    )
    const active: UnderWay = {
      id,
      stop,
      pause,
      progress: null,
      end: end.then(() => {
        this.#active = null
        this.#events.tell({ type: 'runs' })
        this.#next()
      }),
    }
    this.#active = active
  }

  /** The engine has recorded what stopped the run; here only what it cannot know is added. */
  #failed(id: string, thrown: unknown): void {
    const { project } = this.#engine
    const fault = asLoamError(thrown)
    // A Ctrl-C in a terminal reaches the run's own process too, which then ends before it is asked.
    if (this.#isClosed && (fault.code === 'cancelled' || fault.code === 'native_crash'))
      project.updateRun(
        id,
        this.#pausesAtClose
          ? { state: 'paused', message: pausedMessage }
          : { state: 'interrupted', message: closedMessage },
      )
    const { state, message } = project.run(id)
    this.#events.tell({ type: 'run', run: id, event: { event: 'state', state, message } })
    if (fault.code === 'internal')
      process.stderr.write(`loam: run ${id}: ${fault.message}\n${String(fault.details.stack ?? '')}\n`)
  }
}
