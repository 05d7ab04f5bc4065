import type { Database } from 'better-sqlite3'
import { statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import type { Observations, RasterDataset, Recipe, RunStep, ScoreRow, StationSet } from '../../contract/index.ts'
import * as datasets from './datasets.ts'
import { copyProject } from './copy-project.ts'
import type { CopiedPaths } from './copy-project.ts'
import { projectFault } from './faults.ts'
import type { SearchPlace } from './find-by-content.ts'
import { findWanted } from './find-wanted.ts'
import type { FoundFile, WantedFile } from './find-wanted.ts'
import type { Place } from './place.ts'
import { listNotes, putNote } from './notes.ts'
import { requireFreeName } from './names.ts'
import type { Note } from './notes.ts'
import * as recipes from './recipes.ts'
import * as results from './results.ts'
import * as runs from './runs.ts'
import { findSources, relinkReport, sourceMissing } from './sources.ts'
import type { LocatedDataset, RelinkReport } from './sources.ts'
import * as stationSets from './station-sets.ts'
import * as workspaces from './workspace.ts'
import type { Holder } from './writer-lock.ts'
import { inWords } from './writer-lock.ts'

export interface ProjectInfo {
  readonly name: string
  /** UTC milliseconds since 1970. */
  readonly createdAtMs: number
  /** Loam that made it. */
  readonly loamVersion: string
}

export interface PutOptions {
  /** Take the place of what has that name. Default false: name_taken. */
  readonly replace?: boolean
}

interface ProjectParts {
  readonly db: Database
  readonly path: string
  readonly mode: 'write' | 'read'
  readonly heldBy: Holder | null
  readonly warnings: readonly string[]
  release(): Promise<void>
}

/** An open project file. What a method that writes has returned from is on disk. Only one process at a time has a project
 *  open for writing. Nobody may open the project file by other means in the same process: closing any handle on it would
 *  drop SQLite's locks (POSIX). */
export class Project {
  /** Absolute. */
  readonly path: string
  /** The project's folder, symbolic links resolved. */
  readonly folder: string
  /** Where runs keep their parts: `<folder>/<name of the file>-store`. Made by whoever writes there first. */
  readonly storeFolder: string
  readonly mode: 'write' | 'read'
  /** Who is writing, when opened for reading beside a writer. */
  readonly heldBy: Holder | null
  /** To show the user. */
  readonly warnings: readonly string[]
  readonly info: ProjectInfo

  readonly #place: Place
  readonly #release: () => Promise<void>
  #isOpen = true

  constructor({ db, path, mode, heldBy, warnings, release }: ProjectParts) {
    this.path = path
    this.folder = dirname(path)
    this.storeFolder = join(this.folder, `${basename(path).replace(/\.loam$/, '')}-store`)
    this.mode = mode
    this.heldBy = heldBy
    this.warnings = warnings
    this.#place = { db, path, folder: this.folder }
    this.#release = release
    this.info = db
      .prepare('SELECT name, created_at AS createdAtMs, loam_version AS loamVersion FROM info')
      .get() as ProjectInfo
  }

  /** Closes the file and frees the writer lock. Twice is harmless. */
  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    try {
      await this.#release()
    } catch (thrown) {
      throw projectFault(this.path, thrown)
    }
  }

  /** Asked before a long reading, so that it is not in vain; storing asks again.
   *  @throws bad_input for a name recipes could not use; name_taken */
  requireFreeName(kind: 'dataset' | 'station set', name: string, { replace = false }: PutOptions = {}): void {
    this.#read(({ db }) => requireFreeName(db, kind, name, replace))
  }

  /** Adds a dataset whose files have absolute paths.
   *  @throws name_taken, bad_input */
  putDataset(dataset: RasterDataset, { replace = false }: PutOptions = {}): void {
    this.#write((place) => datasets.putDataset(place, dataset, replace))
  }

  /** A dataset ready to be read: every file is where the absolute path says and is what was added. Moved files are found
   *  by their contents and the project is told.
   *  @throws unknown_name, input_changed, source_missing */
  async dataset(name: string): Promise<RasterDataset> {
    const places = this.#read((place) => usualPlaces(place, datasets.storedDataset(place, name)))
    const { dataset, missing } = await this.#find(name, places)
    if (missing.length > 0)
      throw sourceMissing(
        name,
        missing,
        places.map((place) => place.folder),
        this.path,
      )
    return dataset
  }

  /** A dataset as recorded, whether or not its files are still there; absolute paths.
   *  @throws unknown_name */
  storedDataset(name: string): RasterDataset {
    return this.#read((place) => datasets.storedDataset(place, name))
  }

  datasets(): datasets.DatasetSummary[] {
    return this.#read(datasets.listDatasets)
  }

  /** Gives a dataset another name, also wherever the workspace names it, now and in its history.
   *  @throws unknown_name, name_taken, bad_input */
  renameDataset(from: string, to: string): void {
    this.#write((place) => datasets.renameDataset(place, from, to))
  }

  /** Forgets a dataset; its files stay. @throws unknown_name */
  removeDataset(name: string): void {
    this.#write((place) => datasets.removeDataset(place, name))
  }

  /** Looks for the missing files of all datasets in a folder and below, as well as in the usual places, and takes down where they
   *  are now.
   *  @throws not_found for the folder; input_changed */
  async relink(folder: string): Promise<RelinkReport> {
    const located = await this.locate(folder)
    this.takeLocated(located)
    return relinkReport(located)
  }

  /** As `relink`, but nothing is taken down. @throws the signal's reason besides */
  async locate(folder: string, signal?: AbortSignal): Promise<LocatedDataset[]> {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new LoamError('not_found', `There is no folder ${folder}. Give the folder the files were moved to.`, {
        path: folder,
      })
    const located: LocatedDataset[] = []
    for (const { name } of this.datasets()) {
      const stored = this.storedDataset(name)
      const usual = this.#read((place) => usualPlaces(place, stored))
      const found = await findSources(stored.files, [{ folder, depth: 16 }, ...usual], signal)
      located.push({ dataset: name, ...found })
    }
    return located
  }

  /** Where files that a run has read are now: where they were, else where a dataset of the project, whatever its name, has the same
   *  contents, else below the project's folder. Nothing is taken down.
   *  @returns one for each that is wanted, in that order. @throws the signal's reason */
  findFiles(wanted: readonly WantedFile[], signal?: AbortSignal): Promise<FoundFile[]> {
    const known = this.datasets().map(({ name }) => this.storedDataset(name))
    return findWanted(wanted, known, belowProject(this.folder), signal)
  }

  /** Takes down where files were found. @throws unknown_name */
  takeLocated(located: readonly LocatedDataset[]): void {
    this.#write((place) => {
      for (const { dataset, changed, moved } of located)
        if (changed.size > 0) datasets.updateFiles(place, dataset, changed, moved)
    })
  }

  /** Adds a station set with its observations, sorted by station, variable, time.
   *  @throws name_taken, bad_input */
  putStationSet(set: StationSet, observations: Observations, { replace = false }: PutOptions = {}): void {
    this.#write((place) => stationSets.putStationSet(place, set, observations, replace))
  }

  /** @throws unknown_name */
  stationSet(name: string): StationSet {
    return this.#read((place) => stationSets.stationSet(place, name))
  }

  /** All observations of a station set. @throws unknown_name */
  observations(name: string): Observations {
    return this.#read((place) => stationSets.observations(place, name))
  }

  stationSets(): stationSets.StationSetSummary[] {
    return this.#read(stationSets.listStationSets)
  }

  /** @throws unknown_name */
  removeStationSet(name: string): void {
    this.#write((place) => stationSets.removeStationSet(place, name))
  }

  /** @returns the recipe's hash, under which it is found again */
  putRecipe(recipe: Recipe): string {
    return this.#write((place) => recipes.putRecipe(place, recipe))
  }

  /** @throws unknown_name */
  recipe(hash: string): Recipe {
    return this.#read((place) => recipes.recipe(place, hash))
  }

  /** An id no run of the project has. */
  nextRunId(): string {
    return this.#read(runs.nextRunId)
  }

  /** Records a new run, state `waiting`. @throws name_taken, unknown_name */
  createRun(run: runs.NewRun): runs.RunRecord {
    return this.#write((place) => runs.createRun(place, run))
  }

  /** Changes what is given, leaves the rest. @throws unknown_name */
  updateRun(id: string, change: runs.RunChange): runs.RunRecord {
    return this.#write((place) => runs.updateRun(place, id, change))
  }

  /** Forgets a run and what is recorded of it; its folder stays. @throws unknown_name */
  removeRun(id: string): void {
    this.#write((place) => runs.removeRun(place, id))
  }

  /** @throws unknown_name */
  run(id: string): runs.RunRecord {
    return this.#read((place) => runs.getRun(place, id))
  }

  /** Oldest first. */
  runs(): runs.RunRecord[] {
    return this.#read(runs.listRuns)
  }

  /** Records how a step stands. @throws unknown_name */
  putStep(runId: string, step: RunStep): void {
    this.#write((place) => runs.putStep(place, runId, step))
  }

  /** In the order they are taken. @throws unknown_name */
  steps(runId: string): RunStep[] {
    return this.#read((place) => runs.steps(place, runId))
  }

  /** Records a run's scores in place of those it had. @throws unknown_name */
  putScores(runId: string, rows: readonly ScoreRow[]): void {
    this.#write((place) => results.putScores(place, runId, rows))
  }

  /** @throws unknown_name */
  scores(runId: string): ScoreRow[] {
    return this.#read((place) => results.scores(place, runId))
  }

  /** Records a file of a run. @throws unknown_name, not_found */
  putArtefact(artefact: results.NewArtefact): void {
    this.#write((place) => results.putArtefact(place, artefact))
  }

  /** By kind, day and path. @throws unknown_name */
  artefacts(runId: string): results.Artefact[] {
    return this.#read((place) => results.artefacts(place, runId))
  }

  /** What is arranged by hand: one document, every change a labelled step that can be undone, also after a restart. */
  workspace(): workspaces.StoredWorkspace {
    return this.#read(workspaces.workspace)
  }

  /** @throws conflict when the change was made from an older document */
  putWorkspace(change: workspaces.WorkspaceChange): workspaces.StoredWorkspace {
    return this.#write((place) => workspaces.putWorkspace(place, change))
  }

  /** One step for what was just added to the project; undoing it takes that out again. */
  addSources(step: workspaces.SourcesStep): workspaces.StoredWorkspace {
    return this.#write((place) => workspaces.addSources(place, step))
  }

  /** Takes the last step back, or does it again. @throws conflict */
  stepWorkspace(revision: number, by: -1 | 1): workspaces.StoredWorkspace {
    return this.#write((place) => workspaces.stepWorkspace(place, revision, by))
  }

  /** Adds to what happened to the project; nothing takes it out again. */
  note(subject: string, text: string): void {
    this.#write((place) => putNote(place, subject, text))
  }

  /** Writes a copy of the project file that works in another place.
   *  @param to a path aside, that nothing is at */
  copyTo(to: string, paths: CopiedPaths): void {
    this.#read((place) => copyProject(place, to, paths))
  }

  /** What happened to the project itself: files found elsewhere, brought to a newer version, salvaged, test parts opened. Oldest
   *  first. */
  notes(): Note[] {
    return this.#read(listNotes)
  }

  async #find(name: string, places: readonly SearchPlace[]) {
    const stored = this.storedDataset(name)
    const { files, changed, moved, missing } = await findSources(stored.files, places)
    if (changed.size > 0 && this.mode === 'write')
      this.#write((place) => datasets.updateFiles(place, name, changed, moved))
    return { dataset: { ...stored, files }, moved, missing }
  }

  #read<T>(query: (place: Place) => T): T {
    if (!this.#isOpen) throw new Error(`${this.path} is closed`)
    try {
      return query(this.#place)
    } catch (thrown) {
      throw projectFault(this.path, thrown)
    }
  }

  #write<T>(change: (place: Place) => T): T {
    if (this.mode === 'write') return this.#read(change)
    const because = this.heldBy ? ` because it is open for writing ${inWords(this.heldBy)}` : ''
    throw new LoamError(
      'project_locked',
      `${this.path} is open for reading only${because}. Open it for writing to change it.`,
      { path: this.path, holder: this.heldBy },
    )
  }
}

/** Where a file that has gone is looked for unasked: below the project, and beside the folder it was in. */
function usualPlaces(place: Place, dataset: RasterDataset): SearchPlace[] {
  const beside = new Set(dataset.files.map((file) => dirname(dirname(file.path))))
  beside.delete(place.folder)
  return [belowProject(place.folder), ...Array.from(beside, (folder) => ({ folder, depth: 2 }))]
}

const belowProject = (folder: string): SearchPlace => ({ folder, depth: 8 })
