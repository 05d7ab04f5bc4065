import { statSync } from 'node:fs'
import type { Day, Measure, MeasureName, ScoreRow } from '../../contract/index.ts'
import { LoamError, measureNames } from '../../contract/index.ts'
import { badProject } from './faults.ts'
import type { Place } from './place.ts'
import { parseJson } from './place.ts'
import { runNumber } from './runs.ts'
import { fromStored, toStored } from './stored-path.ts'

export const artefactKinds = ['map', 'model', 'samples', 'report'] as const
export type ArtefactKind = (typeof artefactKinds)[number]

/** A file a run made. */
export interface Artefact {
  readonly runId: string
  readonly kind: ArtefactKind
  /** Absolute. */
  readonly path: string
  /** SHA-256 of the file, hex. */
  readonly hash: string
  /** Null for a file that is not of one day. */
  readonly day: Day | null
  readonly bytes: number
}

/** `day` is absent for a file that is not of one day; `bytes` is looked up when absent. */
export type NewArtefact = Omit<Artefact, 'day' | 'bytes'> & { readonly day?: Day | null; readonly bytes?: number }

/** Records a run's scores in place of those it had.
 *  @throws unknown_name */
export function putScores(place: Place, run: string, rows: readonly ScoreRow[]): void {
  const { db } = place
  db.transaction(() => {
    const number = runNumber(place, run)
    db.prepare('DELETE FROM scores WHERE run = ?').run(number)
    const insert = db.prepare('INSERT INTO scores VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    rows.forEach(({ validation, subject, part, measured, scores }, i) => {
      // JSON has no NaN: a measure that could not be computed is null there and NaN here.
      const measures = JSON.stringify(scores.measures)
      const { n, groups, pValue } = scores
      insert.run(number, i, validation, subject, part, measured ? 1 : 0, n, groups, pValue, measures)
    })
  })()
}

/** A run's scores in the order they were put; none when it was not validated.
 *  @throws unknown_name */
export function scores(place: Place, run: string): ScoreRow[] {
  const rows = place.db
    .prepare(
      `SELECT validation, subject, part, measured, n, group_count, p_value, measures FROM scores WHERE run = ?
       ORDER BY position`,
    )
    .all(runNumber(place, run)) as ScoreDbRow[]
  return rows.map((row) => ({
    validation: row.validation,
    subject: row.subject,
    part: row.part,
    measured: row.measured === 1,
    scores: {
      n: row.n,
      groups: row.group_count,
      pValue: row.p_value,
      measures: asMeasures(parseJson(row.measures, place.path), place.path),
    },
  }))
}

/** Records a file of a run; the same path again replaces the record.
 *  @throws unknown_name; not_found when the file is not there to be measured */
export function putArtefact(place: Place, artefact: NewArtefact): void {
  const { runId, kind, path, hash, day = null } = artefact
  const bytes = artefact.bytes ?? statSync(path, { throwIfNoEntry: false })?.size
  if (bytes === undefined)
    throw new LoamError('not_found', `${path} is to be recorded for run ${runId}, but is not there.`, { path })
  place.db
    .prepare('INSERT OR REPLACE INTO artefacts (run, path, kind, hash, day, bytes) VALUES (?, ?, ?, ?, ?, ?)')
    .run(runNumber(place, runId), toStored(place.folder, path), kind, hash, day, bytes)
}

/** The files of a run, by kind, day and path.
 *  @throws unknown_name */
export function artefacts(place: Place, runId: string): Artefact[] {
  const rows = place.db
    .prepare('SELECT kind, path, hash, day, bytes FROM artefacts WHERE run = ? ORDER BY kind, day, path')
    .all(runNumber(place, runId)) as Omit<Artefact, 'runId'>[]
  return rows.map((row) => {
    if (!artefactKinds.includes(row.kind)) throw badProject(place.path, `run ${runId} has an unknown file`)
    return { runId, ...row, path: fromStored(place.folder, row.path) }
  })
}

interface ScoreDbRow {
  validation: string
  subject: string
  part: string
  measured: number
  n: number
  group_count: number
  p_value: number | null
  measures: string
}

function asMeasures(json: unknown, path: string): Record<MeasureName, Measure> {
  const found = (json ?? {}) as Record<string, { value: number | null; low: number | null; high: number | null }>
  const entries = measureNames.map((name) => {
    const measure = found[name]
    if (!measure) throw badProject(path, `a score has no ${name}`)
    return [name, { value: measure.value ?? NaN, low: measure.low ?? null, high: measure.high ?? null }]
  })
  return Object.fromEntries(entries) as Record<MeasureName, Measure>
}
