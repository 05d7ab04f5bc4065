import type { RunEstimate, RunState, RunStep } from '../../contract/index.ts'
import { LoamError, runStates, stepNames } from '../../contract/index.ts'
import { badProject } from './faults.ts'
import type { Place } from './place.ts'
import { parseJson } from './place.ts'
import { fromStored, toStored } from './stored-path.ts'

/** One run as the project remembers it. Truth about its blocks is on disk, this is the cache of it. */
export interface RunRecord {
  /** `r0001`, `r0002`, … in the order the runs were made. */
  readonly id: string
  /** The recipe's name when none was given. */
  readonly name: string
  readonly recipeHash: string
  readonly planId: string
  /** Absolute. */
  readonly folder: string
  readonly state: RunState
  readonly message: string
  /** UTC milliseconds since 1970. */
  readonly createdAtMs: number
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
  readonly estimate: RunEstimate | null
  /** Program → version that computes it: loam, gdal, proj, node. */
  readonly versions: Readonly<Record<string, string>>
}

export interface NewRun {
  /** From `nextRunId`; made when absent. */
  readonly id?: string
  readonly name?: string
  readonly recipeHash: string
  readonly planId: string
  readonly folder: string
  readonly estimate?: RunEstimate | null
  readonly versions?: Readonly<Record<string, string>>
}

export type RunChange = Partial<
  Pick<RunRecord, 'name' | 'planId' | 'state' | 'message' | 'startedAtMs' | 'endedAtMs' | 'estimate' | 'versions'>
>

/** An id no run of the project has: `r0001`, `r0002`, … */
export function nextRunId({ db }: Place): string {
  const last = db.prepare('SELECT coalesce(max(number), 0) FROM runs').pluck().get() as number
  return idOf(last + 1)
}

/** Records a new run, state `waiting`.
 *  @throws name_taken when the id is in use; unknown_name when the recipe is not in the project */
export function createRun(place: Place, run: NewRun): RunRecord {
  const { db, folder } = place
  return db.transaction(() => {
    const id = run.id ?? nextRunId(place)
    const number = /^r\d{4,9}$/.test(id) ? Number(id.slice(1)) : 0
    if (number < 1 || idOf(number) !== id)
      throw new LoamError('bad_input', `A run cannot be called "${id}"; ids are r0001, r0002, … Ask for the next one.`)
    if (db.prepare('SELECT 1 FROM runs WHERE id = ?').get(id))
      throw new LoamError('name_taken', `The project already has a run ${id}. Ask for the next free id.`, { id })
    const name = db.prepare('SELECT name FROM recipes WHERE hash = ?').pluck().get(run.recipeHash) as string | undefined
    if (name === undefined)
      throw new LoamError(
        'unknown_name',
        `Run ${id} needs recipe ${run.recipeHash}, which the project does not have.`,
        {
          id,
        },
      )
    db.prepare(
      `INSERT INTO runs (number, id, name, recipe, plan_id, folder, state, message, created_at, estimate, versions)
       VALUES (?, ?, ?, ?, ?, ?, 'waiting', '', ?, ?, ?)`,
    ).run(
      number,
      id,
      run.name ?? name,
      run.recipeHash,
      run.planId,
      toStored(folder, run.folder),
      Date.now(),
      run.estimate ? JSON.stringify(run.estimate) : null,
      JSON.stringify(run.versions ?? {}),
    )
    return getRun(place, id)
  })()
}

const columns = {
  name: { column: 'name', write: (value: unknown) => value },
  planId: { column: 'plan_id', write: (value: unknown) => value },
  state: { column: 'state', write: (value: unknown) => value },
  message: { column: 'message', write: (value: unknown) => value },
  startedAtMs: { column: 'started_at', write: (value: unknown) => value },
  endedAtMs: { column: 'ended_at', write: (value: unknown) => value },
  estimate: { column: 'estimate', write: (value: unknown) => (value === null ? null : JSON.stringify(value)) },
  versions: { column: 'versions', write: (value: unknown) => JSON.stringify(value) },
} satisfies Record<keyof RunChange, { column: string; write: (value: unknown) => unknown }>

/** Changes what is given, leaves the rest.
 *  @throws unknown_name */
export function updateRun(place: Place, id: string, change: RunChange): RunRecord {
  const { db } = place
  return db.transaction(() => {
    getRun(place, id)
    for (const key of Object.keys(columns) as (keyof RunChange)[]) {
      if (change[key] === undefined) continue
      const { column, write } = columns[key]
      db.prepare(`UPDATE runs SET ${column} = ? WHERE id = ?`).run(write(change[key]), id)
    }
    return getRun(place, id)
  })()
}

/** @throws unknown_name */
export function removeRun(place: Place, id: string): void {
  place.db.prepare('DELETE FROM runs WHERE number = ?').run(runNumber(place, id))
}

const select = `SELECT id, name, recipe AS recipeHash, plan_id AS planId, folder, state, message,
  created_at AS createdAtMs, started_at AS startedAtMs, ended_at AS endedAtMs, estimate, versions FROM runs`

/** @throws unknown_name */
export function getRun(place: Place, id: string): RunRecord {
  const row = place.db.prepare(`${select} WHERE id = ?`).get(id)
  if (row) return asRecord(place, row as RunRow)
  const ids = place.db.prepare('SELECT id FROM runs ORDER BY number').pluck().all() as string[]
  throw new LoamError('unknown_name', `The project has no run ${id}; it has ${idsText(ids)}. Check the id.`, {
    id,
    known: ids,
  })
}

function idsText(ids: readonly string[]): string {
  if (ids.length === 0) return 'none yet'
  return ids.length > 8 ? `${ids.length} from ${ids[0]} to ${ids.at(-1)}` : ids.join(', ')
}

/** All runs, oldest first. */
export function listRuns(place: Place): RunRecord[] {
  const rows = place.db.prepare(`${select} ORDER BY number`).all() as RunRow[]
  return rows.map((row) => asRecord(place, row))
}

/** Records how a step stands, in place of what was recorded before.
 *  @throws unknown_name */
export function putStep(place: Place, run: string, step: RunStep): void {
  place.db
    .prepare('INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(runNumber(place, run), step.step, step.state, step.total, step.reused, step.computed, step.seconds)
}

/** Steps in the order they are taken.
 *  @throws unknown_name */
export function steps(place: Place, run: string): RunStep[] {
  const rows = place.db
    .prepare('SELECT step, state, total, reused, computed, seconds FROM steps WHERE run = ?')
    .all(runNumber(place, run)) as RunStep[]
  if (rows.some((row) => !stepNames.includes(row.step))) throw badProject(place.path, `run ${run} has an unknown step`)
  return rows.sort((a, b) => stepNames.indexOf(a.step) - stepNames.indexOf(b.step))
}

/** Key of a run in the tables that belong to it.
 *  @throws unknown_name */
export function runNumber(place: Place, id: string): number {
  getRun(place, id)
  return place.db.prepare('SELECT number FROM runs WHERE id = ?').pluck().get(id) as number
}

type RunRow = Omit<RunRecord, 'estimate' | 'versions'> & { estimate: string | null; versions: string }

function asRecord({ path, folder }: Place, row: RunRow): RunRecord {
  if (!runStates.includes(row.state)) throw badProject(path, `run ${row.id} has the unknown state "${row.state}"`)
  return {
    ...row,
    folder: fromStored(folder, row.folder),
    estimate: row.estimate === null ? null : (parseJson(row.estimate, path) as RunEstimate),
    versions: parseJson(row.versions, path) as Record<string, string>,
  }
}

function idOf(number: number): string {
  return `r${String(number).padStart(4, '0')}`
}
