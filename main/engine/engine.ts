import { mkdir, rename, rm } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, userInfo } from 'node:os'
import { join } from 'node:path'
import { LoamError, ReportSettings, asLoamError } from '../contract/index.ts'
import type {
  ErrorCode,
  Period,
  RasterDataset,
  Recipe,
  RunEvent,
  RunState,
  ScoreRow,
  TestPartState,
} from '../contract/index.ts'
import { understandRasters } from './catalog/index.ts'
import type { UnderstandHooks, UnderstandOptions } from './catalog/index.ts'
import { hashFile, packageRoot, removeStaleTemporaries } from './files/index.ts'
import { createProject, openProject } from './project/index.ts'
import type { Project, RunRecord } from './project/index.ts'
import { gdalVersion } from './raster/index.ts'
import { writeReport } from './report/index.ts'
import type { ReportOptions } from './report/index.ts'
import {
  PartStore,
  RunContext,
  estimateRun,
  exportRun,
  freeReserve,
  keepReserve,
  finishRun,
  makePlan,
  openingSubject,
  openingsOf,
  placeInputs,
  projectSources,
  readPlan,
  readResults,
  reproduceRun,
  requestCancel,
  requestPause,
  runFolder,
  runInProcess,
  runTask,
  scoreTestPart,
  testPartKey,
  testPartWords,
  writeOpening,
  writePlan,
} from './runs/index.ts'
import type { ExportChoice, RunResults, StepEstimate } from './runs/index.ts'
import { sealedReason } from './samples/index.ts'
import { readIsmn, readStationTable } from './stations/index.ts'
import type { StationTableOptions } from './stations/index.ts'

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

export interface ReportChoice extends Pick<ReportOptions, 'path' | 'signal'> {
  readonly settings?: ReportSettings
  readonly figures?: ReportOptions['figures']
}

export interface RunOutcome {
  readonly run: RunRecord
  readonly results: RunResults
  readonly peakMemoryBytes: number
  readonly seconds: number
}

const defaultCacheBytes = 192e6

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
  async plan(recipe: Recipe): Promise<RunRecord> {
    const { project } = this
    const datasets = new Map<string, RasterDataset>()
    const wanted = JSON.stringify(recipe)
    // Files are looked for only where they are needed; the other names are there to be told.
    for (const { name } of project.datasets())
      datasets.set(name, wanted.includes(`"${name}`) ? await project.dataset(name) : project.storedDataset(name))
    const { stations } = projectSources(project)

    const id = project.nextRunId()
    const folder = runFolder(project.path, id)
    const versions = engineVersions()
    const store = project.storeFolder
    const { plan, inputs } = makePlan(recipe, { datasets, stations }, { project: project.path, store, versions })
    await mkdir(join(folder, 'inputs'), { recursive: true })
    await mkdir(join(store, 'parts'), { recursive: true })
    const { id: planId } = await writePlan(folder, plan, inputs)
    const recipeHash = project.putRecipe(recipe)
    return project.createRun({ id, recipeHash, planId, folder, versions })
  }

  /** What a planned run will take on this machine. */
  async estimate(id: string, power: RunPower): Promise<StepEstimate> {
    const { folder } = this.project.run(id)
    await placeInputs(folder, this.project)
    const context = await RunContext.open(folder, { cacheBytes: 0 })
    try {
      const { workers = availableParallelism(), cacheBytes = defaultCacheBytes } = power
      return await estimateRun(context, { workers, cacheBytes })
    } finally {
      context.close()
    }
  }

  /** Computes a planned run to its end, in processes of its own, and records what came out. Called again after a crash,
   *  a cancel or a full disk it goes on where it was. */
  async run(id: string, power: RunPower, hooks: RunHooks): Promise<RunOutcome> {
    const { project } = this
    const { folder } = project.run(id)
    const workers = power.workers ?? availableParallelism()
    const cacheBytes = power.cacheBytes ?? defaultCacheBytes
    const startedAtMs = Date.now()
    try {
      await removeStaleTemporaries(join(folder, 'maps'), 0)
      // A pack comes without a store.
      await mkdir(join(project.storeFolder, 'parts'), { recursive: true })
      await keepReserve(project.storeFolder)
      const estimate = await this.estimate(id, { workers, cacheBytes })
      hooks.onEstimate?.(estimate)
      const state = hooks.pause?.aborted ? 'pausing' : 'running'
      project.updateRun(id, { state, message: '', startedAtMs, endedAtMs: null, estimate })
      const { peakMemoryBytes } = await runInProcess(folder, {
        workers,
        cacheBytes,
        estimate,
        signal: hooks.signal,
        pause: hooks.pause,
        onEvent: (event) => {
          if (event.event === 'state' && event.state === 'pausing')
            project.updateRun(id, { state: 'pausing', message: event.message })
          if (event.event === 'step') {
            const { step, state, total, reused, computed, seconds } = event
            project.putStep(id, { step, state, total, reused, computed, seconds })
          }
          hooks.onEvent(event)
        },
      })
      await freeReserve(project.storeFolder)
      const results = await this.recordResults(id)
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
  async collect(id: string, hooks: RunHooks): Promise<RunResults> {
    const context = await RunContext.open(this.project.run(id).folder, { cacheBytes: defaultCacheBytes })
    try {
      await finishRun(context, hooks.signal)
    } finally {
      context.close()
    }
    return this.recordResults(id)
  }

  /** Computes a finished run once more from its plan and says of every file whether its bytes are the same. */
  async reproduce(id: string, power: RunPower, hooks: RunHooks) {
    const { folder, versions: made } = this.project.run(id)
    const { workers = availableParallelism(), cacheBytes = defaultCacheBytes } = power
    const { signal, onEvent } = hooks
    const compared = await reproduceRun(folder, this.project, { workers, cacheBytes, signal, onEvent })
    const now = engineVersions()
    const programs = [...new Set([...Object.keys(made), ...Object.keys(now)])]
    const changedVersions = programs
      .filter((program) => made[program] !== now[program])
      .map((program) => ({ program, was: made[program] ?? '', is: now[program] ?? null }))
    return { compared, changedVersions }
  }

  /** Copies what a finished run made into a new folder. */
  exportRun(id: string, choice: ExportChoice, hooks: Parameters<typeof exportRun>[2]) {
    return exportRun(this.project.run(id).folder, choice, hooks)
  }

  /** Takes out a run that was planned and never started, with its folder.
   *  @throws conflict when it was started */
  async discard(id: string): Promise<void> {
    const { folder, startedAtMs } = this.project.run(id)
    if (startedAtMs !== null)
      throw new LoamError(
        'conflict',
        `Run ${id} was started, so its record stays. Only a planned run can be discarded.`,
        {
          run: id,
        },
      )
    this.project.removeRun(id)
    await rm(folder, { recursive: true, force: true })
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
  async testPart(id: string): Promise<TestPartState | null> {
    const { folder } = this.project.run(id)
    const { recipe } = await readPlan(folder)
    const { test } = recipe.split
    if (!test) return null
    const openings = openingsOf(this.project.notes(), testPartKey(recipe))
    const results = await readResults(folder).catch(() => null)
    const opened = openings.find(({ run }) => run === id) ?? null
    return {
      words: testPartWords(test),
      rows: results ? (results.excluded[sealedReason] ?? 0) : null,
      opened,
      others: openings.filter(({ run }) => run !== id),
      scores: opened ? this.project.scores(id).filter(({ part }) => part === 'test') : [],
    }
  }

  /** Opens the sealed test part of a finished run: scores it, and keeps in the project who did it, when and why.
   *  @throws conflict when the run has none, has not ended well, or it is open already; incomplete when its parts are gone */
  async openTestPart(id: string, { reason, who }: { readonly reason: string; readonly who: string }): Promise<void> {
    const { project } = this
    const { folder, state } = project.run(id)
    if (state !== 'done' && state !== 'done_with_warnings')
      throw new LoamError(
        'conflict',
        `Run ${id} has not ended well, so its test part stays sealed. Let it end first.`,
        {
          run: id,
        },
      )
    if ((await this.testPart(id))?.opened)
      throw new LoamError('conflict', `The test part of run ${id} was opened before; it can be opened once.`, {
        run: id,
      })
    const context = await RunContext.open(folder, { cacheBytes: 0 })
    try {
      const { scores, verdicts } = await scoreTestPart(context)
      const opening = { run: id, atMs: Date.now(), who, reason: reason.trim(), verdicts }
      // The record first: whatever comes after, it was looked at.
      project.note(openingSubject, writeOpening(opening, testPartKey(context.plan.recipe)))
      project.putScores(id, [...project.scores(id).filter(({ part }) => part !== 'test'), ...scores])
    } finally {
      context.close()
    }
  }

  private async recordResults(id: string): Promise<RunResults> {
    const { project } = this
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
}

/** `interrupted` when resuming can help: the machine or the sources are mended from outside. */
function stateAfter(fault: LoamError): RunState {
  if (fault.code === 'cancelled' || fault.code === 'paused') return fault.code
  const isMendable = fault.exitCode === 74 || fault.exitCode === 75 || mendable.includes(fault.code)
  return isMendable ? 'interrupted' : 'failed'
}

const mendable: readonly ErrorCode[] = ['source_missing', 'input_changed', 'native_crash', 'out_of_memory']

export type AddStations =
  | { readonly format: 'ismn'; readonly name: string; readonly path: string }
  | {
      readonly format: 'table'
      readonly name: string
      readonly path: string | string[]
      readonly table: StationTableOptions
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

/** Computes one share of a run in this process; it never opens the project. */
export async function computeShare(
  folder: string,
  share: { readonly task: number; readonly of: number },
  hooks: RunHooks & { readonly threads: number },
): Promise<void> {
  const context = await RunContext.open(folder, { cacheBytes: defaultCacheBytes })
  try {
    await runTask(context, share, hooks)
  } finally {
    context.close()
  }
}

/** The project and run a run's folder belongs to. */
export async function ownerOf(folder: string): Promise<{ project: string; runId: string }> {
  const plan = await readPlan(folder)
  const runId = folder.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '')
  return { project: plan.project, runId }
}

/** Asks a run that another process computes to stop, or to pause.
 *  @throws bad_input when the run is not under way */
export async function askRun(
  projectPath: string,
  id: string | undefined,
  wish: 'cancel' | 'pause',
): Promise<RunRecord> {
  const engine = await Engine.open(projectPath, 'read')
  try {
    const { project } = engine
    const runs = id === undefined ? project.runs() : [project.run(id)]
    const run = runs.filter(({ state }) => state === 'running' || (state === 'pausing' && wish === 'cancel')).at(-1)
    if (!run || !project.heldBy)
      throw new LoamError(
        'bad_input',
        `${id ? `Run ${id} of ${projectPath} is not` : `No run of ${projectPath} is`} under way, so there is nothing to ${wish}. \`loam runs\` shows how they stand.`,
      )
    await (wish === 'cancel' ? requestCancel : requestPause)(run.folder)
    return run
  } finally {
    await engine.close()
  }
}

export interface StoreReport {
  readonly sound: number
  /** Files that are there and are not what was written. */
  readonly damaged: string[]
  /** Files of finished runs that are gone. */
  readonly missing: string[]
}

/** Reads every stored part and every file of a run and compares it with its hash. What is damaged is set aside as
 *  `<name>.corrupt`, so that resuming the run makes it anew. */
export async function checkStore(project: Project, signal?: AbortSignal): Promise<StoreReport> {
  const { checked, corrupt } = await new PartStore(project.storeFolder).check(signal)
  const damaged = corrupt.map((part) => part.path)
  const missing: string[] = []
  let sound = checked - corrupt.length
  for (const run of project.runs())
    for (const { path, hash } of project.artefacts(run.id)) {
      signal?.throwIfAborted()
      if (!existsSync(path)) missing.push(path)
      else if ((await hashFile(path)) === hash) sound++
      else {
        const aside = `${path}.corrupt`
        // On a write-protected medium it stays, and is told all the same.
        damaged.push(
          await rename(path, aside).then(
            () => aside,
            () => path,
          ),
        )
      }
    }
  return { sound, damaged, missing }
}

export function loamVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version
}

function engineVersions(): Record<string, string> {
  return { loam: loamVersion(), gdal: gdalVersion, node: process.versions.node }
}
