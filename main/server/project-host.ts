import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { LoamError } from '../contract/index.ts'
import { Engine } from '../engine/engine.ts'
import { EventBus } from './event-bus.ts'
import { rememberProject, updateRemembered } from './recent-projects.ts'
import { RunQueue } from './run-queue.ts'
import type { ProjectService, ServerContext } from './server-context.ts'
import { TaskBoard } from './task-board.ts'

interface Hosted {
  readonly engine: Engine
  readonly runs: RunQueue
  readonly services: Map<ProjectService<unknown>, unknown>
}

/** Holds the one open project and what lives with it. */
export class ProjectHost implements ServerContext {
  readonly events = new EventBus()
  readonly tasks = new TaskBoard(this.events)
  readonly mode: 'desktop' | 'browser'
  readonly configFolder: string
  #hosted: Hosted | null = null
  /** Opening and closing wait for each other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ mode, configFolder }: { mode: 'desktop' | 'browser'; configFolder: string }) {
    this.mode = mode
    this.configFolder = configFolder
  }

  get openEngine(): Engine | null {
    return this.#hosted?.engine ?? null
  }

  engine(): Engine {
    return this.#needed().engine
  }

  get runs(): RunQueue {
    return this.#needed().runs
  }

  service<T>(definition: ProjectService<T>): T {
    const { engine, services } = this.#needed()
    const key = definition as ProjectService<unknown>
    if (!services.has(key)) services.set(key, definition.open(engine, this))
    return services.get(key) as T
  }

  /** @param mode `auto`: for writing, and for reading when another process holds it or its place is write-protected */
  openProject(path: string, mode: 'write' | 'read' | 'auto'): Promise<Engine> {
    return this.#inTurn(async () => {
      const present = this.#hosted?.engine
      if (present?.project.mode === 'write' && mode !== 'read' && present.project.path === realPath(path))
        return present
      return this.#replace(path, () => openAs(path, mode))
    })
  }

  createProject(path: string, name: string): Promise<Engine> {
    return this.#inTurn(() => {
      // Before what is open is left: it may be the very one.
      if (existsSync(path))
        throw new LoamError('name_taken', `There is already a file ${path}. Open it, or choose another name.`, { path })
      return this.#replace(path, () => Engine.create(path, name))
    })
  }

  closeProject(): Promise<void> {
    return this.#inTurn(async () => {
      this.requireIdle()
      await this.#close()
    })
  }

  /** Ends everything: runs become resumable, tasks are cancelled. */
  async close(): Promise<void> {
    await Promise.all([this.#hosted?.runs.close(), this.tasks.close()])
    await this.#inTurn(() => this.#close())
  }

  async #close(): Promise<void> {
    await this.#leave()
    this.events.tell({ type: 'project', path: null })
  }

  requireIdle(): void {
    if (!this.#hosted) return
    const { name } = this.#hosted.engine.project.info
    const runs = this.runs.live().map(({ id }) => `run ${id}`)
    const [first] = [...runs, ...this.tasks.ofProject()]
    if (first)
      throw new LoamError(
        'conflict',
        `${name} is busy (${first}). Cancel that or let it end before the project is closed or another is opened.`,
      )
  }

  async #replace(path: string, open: () => Promise<Engine>): Promise<Engine> {
    const present = this.#hosted?.engine.project
    this.requireIdle()
    // Never twice in this process: closing the second would drop the locks of the first. Any other is opened first, so that
    // the present one stays when that fails.
    if (present?.path === realPath(path)) await this.#leave()
    const engine = await open()
    await this.#leave()
    this.#hosted = { engine, runs: new RunQueue(engine, this.events), services: new Map() }
    this.events.tell({ type: 'project', path: engine.project.path })
    await rememberProject(this.configFolder, engine.project).catch(tellNotKept)
    return engine
  }

  async #leave(): Promise<void> {
    const hosted = this.#hosted
    if (!hosted) return
    await Promise.all([hosted.runs.close(), this.tasks.leaveProject()])
    await updateRemembered(this.configFolder, hosted.engine.project).catch(tellNotKept)
    this.#hosted = null
    for (const [definition, service] of hosted.services) await definition.close(service)
    await hosted.engine.close()
  }

  #needed(): Hosted {
    if (this.#hosted) return this.#hosted
    throw new LoamError('no_project', 'No project is open. Open one or make a new one first.')
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work)
    this.#turn = result.catch(() => undefined)
    return result
  }
}

/** The list of recent projects is a convenience: a settings folder that cannot be written keeps nobody from working. */
function tellNotKept(thrown: unknown): void {
  process.stderr.write(`loam: recent projects are not kept: ${(thrown as Error).message}\n`)
}

async function openAs(path: string, mode: 'write' | 'read' | 'auto'): Promise<Engine> {
  if (mode !== 'auto') return Engine.open(path, mode)
  try {
    return await Engine.open(path, 'write')
  } catch (thrown) {
    const isHeld = thrown instanceof LoamError && (thrown.code === 'project_locked' || thrown.code === 'io_failed')
    if (!isHeld) throw thrown
    return Engine.open(path, 'read')
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    // Opening it says what is wrong.
    return resolve(path)
  }
}
