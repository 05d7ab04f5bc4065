import { userInfo } from 'node:os'
import { ReportSettings } from '../contract/index.ts'
import type { Period, Recipe, ScoreRow, TestPartState } from '../contract/index.ts'
import { understandRasters } from './catalog/index.ts'
import type { UnderstandHooks, UnderstandOptions } from './catalog/index.ts'
import { createProject, openProject } from './project/index.ts'
import type { Project, RunRecord } from './project/index.ts'
import { writeReport } from './report/index.ts'
import type { ReportOptions } from './report/index.ts'
import {
  collectRun,
  discardRun,
  estimatePlanned,
  openTestPart,
  planRun,
  repeatRun,
  startRun,
  testPartOf,
} from './run-records/index.ts'
import type { RunHooks, RunOutcome, RunPower } from './run-records/index.ts'
import { exportRun } from './runs/index.ts'
import type { ExportChoice, RunResults, StepEstimate } from './runs/index.ts'
import { readIsmn, readStationTable } from './stations/index.ts'
import type { StationTableOptions } from './stations/index.ts'

export { loamVersion } from './files/index.ts'
export { askRun, checkStore, computeShare, ownerOf } from './run-records/index.ts'
export type { RunHooks, RunOutcome, RunPower, StoreReport } from './run-records/index.ts'

export interface ReportChoice extends Pick<ReportOptions, 'path' | 'signal'> {
  readonly settings?: ReportSettings
  readonly figures?: ReportOptions['figures']
}

export type AddStations =
  | { readonly format: 'ismn'; readonly name: string; readonly path: string }
  | {
      readonly format: 'table'
      readonly name: string
      readonly path: string | string[]
      readonly table: StationTableOptions
    }

/** An open project and everything that can be done with it. The rooms are wired here, by hand. */
export class Engine {
  readonly project: Project

  private constructor(project: Project) {
    this.project = project
  }

  /** Makes an empty project file and opens it for writing.
   *  @throws name_taken when the file is there */
  static async create(path: string, name?: string): Promise<Engine> {
    return new Engine(await createProject(path, { name: name ?? path.replace(/^.*[\\/]/, '').replace(/\.loam$/, '') }))
  }

  /** @throws project_locked when mode is `write` and another process holds it; bad_project; not_found */
  static async open(path: string, mode: 'read' | 'write'): Promise<Engine> {
    return new Engine(await openProject(path, { mode }))
  }

  async close(): Promise<void> {
    await this.project.close()
  }

  /** Reads what a folder or list of rasters holds and records it as a dataset. */
  async addRasters(options: UnderstandOptions, replace = false, hooks: UnderstandHooks = {}) {
    this.project.requireFreeName('dataset', options.name, { replace })
    const dataset = await understandRasters(options, hooks)
    await this.project.putDataset(dataset, { replace })
    return dataset
  }

  /** Reads a station table or ISMN files and records the set. */
  async addStations(options: AddStations, replace = false) {
    this.project.requireFreeName('station set', options.name, { replace })
    const { set, observations } =
      options.format === 'ismn'
        ? await readIsmn(options.path, { name: options.name })
        : await readStationTable(options.path, { ...options.table, name: options.name })
    await this.project.putStationSet(set, observations, { replace })
    return { set, observations }
  }

  /** Fixes a recipe's run: folder, plan, station inputs, record. Nothing is computed yet. */
  plan(recipe: Recipe): Promise<RunRecord> {
    return planRun(this.project, recipe)
  }

  /** What a planned run will take on this machine. */
  estimate(id: string, power: RunPower): Promise<StepEstimate> {
    return estimatePlanned(this.project, id, power)
  }

  /** Computes a planned run to its end, in processes of its own, and records what came out. Called again after a crash,
   *  a cancel or a full disk it goes on where it was. */
  run(id: string, power: RunPower, hooks: RunHooks): Promise<RunOutcome> {
    return startRun(this.project, id, power, hooks)
  }

  /** Ends a run whose shares were computed by other processes: publishes what is whole, scores, records.
   *  @throws incomplete that names the missing days and shares */
  collect(id: string, { signal }: RunHooks): Promise<RunResults> {
    return collectRun(this.project, id, signal)
  }

  /** Computes a finished run once more from its plan and says of every file whether its bytes are the same. */
  reproduce(id: string, power: RunPower, hooks: RunHooks) {
    return repeatRun(this.project, id, power, hooks)
  }

  /** Copies what a finished run made into a new folder. */
  exportRun(id: string, choice: ExportChoice, hooks: Parameters<typeof exportRun>[2]) {
    return exportRun(this.project.run(id).folder, choice, hooks)
  }

  /** Takes out a run that was planned and never started, with its folder.
   *  @throws conflict when it was started */
  discard(id: string): Promise<void> {
    return discardRun(this.project, id)
  }

  /** Writes a finished run as one self-contained HTML file. @returns its path. @throws incomplete */
  async report(id: string, choice: ReportChoice): Promise<string> {
    const { folder, createdAtMs, name } = this.project.run(id)
    const { settings = ReportSettings.parse({}), figures = [], path, signal } = choice
    const title = settings.title || `${this.project.info.name}: ${name}`
    const test = await this.testPart(id)
    return writeReport(folder, { run: id, title, createdAtMs, settings, figures, path, signal, test })
  }

  scores(id: string): ScoreRow[] {
    return this.project.scores(id)
  }

  /** The test part that a run's split seals, and whether it was opened; null without one. */
  testPart(id: string): Promise<TestPartState | null> {
    return testPartOf(this.project, id)
  }

  /** Opens the sealed test part of a finished run: scores it, and keeps in the project who did it, when and why.
   *  @throws conflict when the run has none, has not ended well, or it is open already; incomplete when its parts are gone */
  openTestPart(id: string, opening: { readonly reason: string; readonly who: string }): Promise<void> {
    return openTestPart(this.project, id, opening)
  }
}

/** Who uses this machine, for the record of what was done. */
export function accountName(): string {
  try {
    return userInfo().username
  } catch {
    // An account without an entry, as in some containers.
    return `account ${process.getuid?.() ?? 'unknown'}`
  }
}

/** The same recipe for other dates of maps. */
export function withDates(recipe: Recipe, period: Period | undefined): Recipe {
  return period ? { ...recipe, product: { ...recipe.product, period } } : recipe
}
