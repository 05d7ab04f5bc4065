import { LoamError, StationSet } from '../../contract/index.ts'
import type { Observations, Station } from '../../contract/index.ts'
import { badProject } from './faults.ts'
import { requireFreeName } from './names.ts'
import type { Place } from './place.ts'
import { parseJson } from './place.ts'
import { fromStored, toStored } from './stored-path.ts'

/** A station set in one line, for a list. */
export interface StationSetSummary {
  readonly name: string
  readonly stationCount: number
  readonly variables: readonly string[]
  readonly observationCount: number
  /** UTC milliseconds since 1970; null without observations. */
  readonly firstAtMs: number | null
  readonly lastAtMs: number | null
}

/** Stores a station set with all its observations.
 *  @throws name_taken unless `replace`; bad_input when the observations are not sorted by station, variable and time, or
 *  point at a station or variable that is not there */
export function putStationSet(
  { db, folder }: Place,
  given: StationSet,
  observed: Observations,
  replace: boolean,
): void {
  const set = StationSet.parse(given)
  checkObservations(set, observed)
  db.transaction(() => {
    requireFreeName(db, 'station set', set.name, replace)
    db.prepare('DELETE FROM station_sets WHERE name = ?').run(set.name)
    const sources = set.sources.map((source) => ({ ...source, path: toStored(folder, source.path) }))
    const id = db
      .prepare(
        `INSERT INTO station_sets (name, crs, daily, sources, notes, flag_texts, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        set.name,
        set.crs,
        JSON.stringify(set.daily),
        JSON.stringify(sources),
        JSON.stringify(set.notes),
        JSON.stringify(observed.flagTexts),
        Date.now(),
      ).lastInsertRowid
    const station = db.prepare('INSERT INTO stations VALUES (?, ?, ?, ?, ?, ?, ?)')
    set.stations.forEach((s, i) => station.run(id, i, s.id, s.name, s.x, s.y, s.elevation))
    const variable = db.prepare('INSERT INTO station_variables VALUES (?, ?, ?, ?, ?, ?)')
    set.variables.forEach((v, i) => {
      const [from, to] = v.depth ?? [null, null]
      variable.run(id, i, v.name, v.unit, from, to)
    })
    putObservations({ db }, id, observed)
  })()
}

/** @throws unknown_name; bad_project when the record is not a station set */
export function stationSet({ db, path, folder }: Place, name: string): StationSet {
  const row = findSet({ db }, name)
  const variables = db
    .prepare(`SELECT name, unit, depth_from, depth_to FROM station_variables WHERE station_set = ? ORDER BY position`)
    .all(row.id) as { name: string; unit: string; depth_from: number | null; depth_to: number | null }[]
  const sources = parseJson(row.sources, path) as { path: string; sha256: string }[]
  const checked = StationSet.safeParse({
    name,
    crs: row.crs,
    stations: db
      .prepare('SELECT id, name, x, y, elevation FROM stations WHERE station_set = ? ORDER BY position')
      .all(row.id) as Station[],
    variables: variables.map(({ depth_from: from, depth_to: to, ...rest }) => ({
      ...rest,
      depth: from === null || to === null ? null : [from, to],
    })),
    daily: parseJson(row.daily, path),
    sources: Array.isArray(sources)
      ? sources.map((source) => ({ ...source, path: fromStored(folder, String(source.path)) }))
      : sources,
    notes: parseJson(row.notes, path),
  })
  if (!checked.success) throw badProject(path, `the record of station set "${name}" does not hold together`)
  return checked.data
}

/** All observations of a set, sorted by station, variable and time; a value that was NaN is NaN.
 *  @throws unknown_name; bad_project when they point at stations, variables or flags that are not there */
export function observations({ db, path }: Place, name: string): Observations {
  const row = findSet({ db }, name)
  const flagTexts = parseJson(row.flag_texts, path) as string[]
  const of = 'FROM observations o JOIN series s ON s.id = o.series WHERE s.station_set = ?'
  const count = db.prepare(`SELECT count(*) ${of}`).pluck().get(row.id) as number
  const columns: Observations = {
    station: new Int32Array(count),
    variable: new Int32Array(count),
    observedAtMs: new Float64Array(count),
    value: new Float64Array(count),
    flag: new Int32Array(count),
    flagTexts,
  }
  const series = db.prepare('SELECT id, station, variable FROM series WHERE station_set = ? ORDER BY station, variable')
  const inSeries = db
    .prepare('SELECT observed_at, value, flag FROM observations WHERE series = ? ORDER BY observed_at, repeat')
    .raw()
  let i = 0
  for (const { id, station, variable } of series.all(row.id) as { id: number; station: number; variable: number }[])
    for (const [at, value, flag] of inSeries.iterate(id) as IterableIterator<[number, number | null, number]>) {
      columns.station[i] = station
      columns.variable[i] = variable
      columns.observedAtMs[i] = at
      columns.value[i] = value ?? NaN
      columns.flag[i] = flag
      i++
    }
  const fault = faultIn(columns, stationCount({ db }, row.id), variableCount({ db }, row.id))
  if (fault) throw badProject(path, `the observations of station set "${name}" do not hold together: ${fault}`)
  return columns
}

/** All station sets, by name. */
export function listStationSets({ db }: Place): StationSetSummary[] {
  const rows = db
    .prepare(
      `SELECT t.id, t.name, (SELECT count(*) FROM stations WHERE station_set = t.id) AS stationCount,
         (SELECT count(*) FROM observations o JOIN series s ON s.id = o.series WHERE s.station_set = t.id)
           AS observationCount,
         (SELECT min((SELECT min(observed_at) FROM observations WHERE series = s.id)) FROM series s
           WHERE s.station_set = t.id) AS firstAtMs,
         (SELECT max((SELECT max(observed_at) FROM observations WHERE series = s.id)) FROM series s
           WHERE s.station_set = t.id) AS lastAtMs
       FROM station_sets t ORDER BY t.name`,
    )
    .all() as (Omit<StationSetSummary, 'variables'> & { id: number })[]
  const variables = db
    .prepare('SELECT DISTINCT name FROM station_variables WHERE station_set = ? ORDER BY position')
    .pluck()
  return rows.map(({ id, ...summary }) => ({ ...summary, variables: variables.all(id) as string[] }))
}

/** Forgets a set with its observations; its source files stay.
 *  @throws unknown_name */
export function removeStationSet({ db }: Place, name: string): void {
  db.prepare('DELETE FROM station_sets WHERE id = ?').run(findSet({ db }, name).id)
}

type Connection = Pick<Place, 'db'>

function putObservations({ db }: Connection, set: number | bigint, observed: Observations): void {
  const newSeries = db.prepare('INSERT INTO series (station_set, station, variable) VALUES (?, ?, ?)')
  const insert = db.prepare('INSERT INTO observations VALUES (?, ?, ?, ?, ?)')
  const { station, variable, observedAtMs, value, flag } = observed
  let series: number | bigint = 0
  // Two sensors of one depth may report at the same instant; `repeat` keeps both, in their order.
  let repeat = 0
  for (let i = 0; i < station.length; i++) {
    const isNewSeries = i === 0 || station[i] !== station[i - 1] || variable[i] !== variable[i - 1]
    if (isNewSeries) series = newSeries.run(set, station[i], variable[i]).lastInsertRowid
    repeat = !isNewSeries && observedAtMs[i] === observedAtMs[i - 1] ? repeat + 1 : 0
    insert.run(series, observedAtMs[i], repeat, Number.isNaN(value[i]) ? null : value[i], flag[i])
  }
}

function checkObservations(set: StationSet, observed: Observations): void {
  const fault = faultIn(observed, set.stations.length, set.variables.length)
  if (fault)
    throw new LoamError(
      'bad_input',
      `The observations of station set "${set.name}" cannot be stored: ${fault}. This is a fault of their reader.`,
      { name: set.name },
    )
}

/** What is wrong with the columns, null when nothing is. */
function faultIn(columns: Observations, stations: number, variables: number): string | null {
  const { station, variable, observedAtMs, value, flag, flagTexts } = columns
  const n = station.length
  if ([variable, observedAtMs, value, flag].some((column) => column.length !== n)) return 'columns of unequal length'
  if (!Array.isArray(flagTexts)) return 'no flag texts'
  for (let i = 0; i < n; i++) {
    if (station[i] < 0 || station[i] >= stations) return `row ${i} has station ${station[i]} of ${stations}`
    if (variable[i] < 0 || variable[i] >= variables) return `row ${i} has variable ${variable[i]} of ${variables}`
    if (flag[i] < 0 || flag[i] >= flagTexts.length) return `row ${i} has flag ${flag[i]} of ${flagTexts.length}`
    if (!Number.isSafeInteger(observedAtMs[i])) return `row ${i} has the time ${observedAtMs[i]}`
    if (i === 0) continue
    const order = station[i] - station[i - 1] || variable[i] - variable[i - 1] || observedAtMs[i] - observedAtMs[i - 1]
    if (order < 0) return `row ${i} is out of order`
  }
  return null
}

function stationCount({ db }: Connection, set: number): number {
  return db.prepare('SELECT count(*) FROM stations WHERE station_set = ?').pluck().get(set) as number
}

function variableCount({ db }: Connection, set: number): number {
  return db.prepare('SELECT count(*) FROM station_variables WHERE station_set = ?').pluck().get(set) as number
}

interface SetRow {
  id: number
  crs: string
  daily: string
  sources: string
  notes: string
  flag_texts: string
}

function findSet({ db }: Connection, name: string): SetRow {
  const row = db.prepare('SELECT id, crs, daily, sources, notes, flag_texts FROM station_sets WHERE name = ?').get(name)
  if (row) return row as SetRow
  const names = db.prepare('SELECT name FROM station_sets ORDER BY name').pluck().all() as string[]
  throw new LoamError(
    'unknown_name',
    `The project has no station set "${name}"; it has ${names.length ? names.join(', ') : 'none yet'}. ` +
      'Check the name, or add the stations.',
    { name, known: names },
  )
}
