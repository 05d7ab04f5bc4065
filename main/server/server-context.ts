import type { Engine } from '../engine/engine.ts'
import type { EventBus } from './event-bus.ts'
import type { RunQueue } from './run-queue.ts'
import type { TaskBoard } from './task-board.ts'

/** Something made for an open project when it is first asked for, and closed before the project: the tiles' process, preview
 *  models, caches. One constant of this kind names it, so its identity is its name. */
export interface ProjectService<T> {
  open(engine: Engine, context: ServerContext): T
  close(service: T): void | Promise<void>
}

/** What every handler can reach. */
export interface ServerContext {
  /** The open project. @throws no_project when none is open */
  engine(): Engine
  /** The open project, null when none is. */
  readonly openEngine: Engine | null
  /** A service of the open project, made on the first call. @throws no_project */
  service<T>(definition: ProjectService<T>): T
  readonly events: EventBus
  readonly tasks: TaskBoard
  /** Runs of the open project: waiting, under way. */
  readonly runs: RunQueue
  /** Opens a project in place of the one that is open.
   *  @throws conflict while a run or a task of the other goes on */
  openProject(path: string, mode: 'write' | 'read' | 'auto'): Promise<Engine>
  /** Makes a project and opens it. @throws name_taken, not_found, bad_input */
  createProject(path: string, name: string): Promise<Engine>
  /** @throws conflict while a run or a task of it goes on */
  closeProject(): Promise<void>
  /** Asked before long work that ends in opening another project.
   *  @throws conflict while something goes on that leaving the open one would end */
  requireIdle(): void
  readonly mode: 'desktop' | 'browser'
  /** Folder of the user's settings, absolute. */
  readonly configFolder: string
}
