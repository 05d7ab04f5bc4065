import Database from 'better-sqlite3'
import { existsSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { publish } from '../files/index.ts'
import { connect, isReadOnlyPlace } from './connect.ts'
import { listDatasets, removeDataset, storedDataset } from './datasets.ts'
import { writeEmptyProject } from './empty-project.ts'
import { projectFault } from './faults.ts'
import { putNote } from './notes.ts'
import type { Place } from './place.ts'
import { privateCopy } from './private-copy.ts'
import { getRun } from './runs.ts'
import { observations, removeStationSet, stationSet } from './station-sets.ts'
import { fromStored, realPlace, toStored } from './stored-path.ts'
import { vetProject } from './vet.ts'
import { lockForWriting } from './writer-lock.ts'

/** What came over from a damaged project. */
export interface SalvageReport {
  /** Rows copied, by table. */
  readonly copied: Readonly<Record<string, number>>
  /** What could not be read, or did not hold together, in words. Empty when everything came over. */
  readonly lost: readonly string[]
}

/** Copies everything that can still be read from a damaged or altered project into a new one. Only Loam's own tables are
 *  looked at, as data; the old file is not touched.
 *  @throws not_found; name_taken when the copy exists; project_locked; bad_project when nothing can be read */
export async function salvageProject(path: string, copyPath: string): Promise<SalvageReport> {
  const from = resolve(path)
  if (!statSync(from, { throwIfNoEntry: false })?.isFile())
    throw new LoamError('not_found', `There is no project ${from}. Check the path.`, { path: from })
  const to = realPlace(copyPath)
  if (existsSync(to))
    throw new LoamError('name_taken', `There is already a file ${to}. Choose another name for the copy.`, { path: to })
  const lock = (await isReadOnlyPlace(from)) ? null : await lockForWriting(from, 'salvage')
  try {
    const copy = await privateCopy(from, { asIs: true })
    try {
      await padToStatedLength(copy.path)
      const report: { copied: Record<string, number>; lost: string[] } = { copied: {}, lost: [] }
      await publish(to, async (temporary) => {
        writeEmptyProject(temporary, basename(to, '.loam'))
        fill(temporary, copy.path, { from: realPlace(from), to }, report)
      })
      return report
    } finally {
      await copy.remove()
    }
  } catch (thrown) {
    throw projectFault(from, thrown)
  } finally {
    await lock?.release()
  }
}

/** Of a file that was cut off, SQLite reads nothing at all; of one with empty pages at its end, all the others. */
async function padToStatedLength(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    const header = Buffer.alloc(32)
    await handle.read(header, 0, header.length, 0)
    // https://www.sqlite.org/fileformat2.html: page size at 16 (1 means 65536), number of pages at 28.
    const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
    const stated = pageSize * header.readUInt32BE(28)
    const { size } = await handle.stat()
    // A cut file lost some of its end, not nearly all of it: a header that says so is itself the damage.
    if (header.toString('latin1', 0, 15) === 'SQLite format 3' && size < stated && stated < size * 1000)
      await handle.truncate(stated)
  } finally {
    await handle.close()
  }
}

type Report = { readonly copied: Record<string, number>; readonly lost: string[] }

function fill(path: string, sourcePath: string, names: { from: string; to: string }, report: Report): void {
  const db = connect(path, { readonly: false })
  try {
    db.pragma('journal_mode = MEMORY')
    // Rows come table by table, some without their owner: the rules hold again when the orphans are gone.
    db.pragma('foreign_keys = OFF')
    db.transaction(() => {
      readTables(db, sourcePath, names.from, report)
      dropOrphans(db, report)
      movePaths(db, dirname(names.from), dirname(names.to))
    })()
    db.pragma('foreign_keys = ON')
    db.transaction(() => {
      dropWhatDoesNotHold({ db, path: names.to, folder: dirname(names.to) }, report)
      const lost = report.lost.length > 0 ? `Lost: ${report.lost.join('; ')}.` : 'Nothing was lost.'
      putNote({ db }, 'project', `Salvaged from ${basename(names.from)}. ${lost}`)
    })()
    vetProject(db, names.to)
  } finally {
    db.close()
  }
}

function readTables(db: Database.Database, sourcePath: string, from: string, report: Report): void {
  let source: Database.Database | null = null
  try {
    source = connect(sourcePath, { readonly: false })
    for (const table of tableNames(db)) copyTable(source, db, table, report)
  } catch (thrown) {
    if (!(thrown instanceof Database.SqliteError)) throw thrown
    report.lost.push(thrown.message)
  } finally {
    source?.close()
  }
  if (Object.keys(report.copied).length === 0)
    throw new LoamError(
      'bad_project',
      `Nothing of a Loam project can be read from ${from}. Restore it from a backup.`,
      {
        path: from,
      },
    )
}

/** Reads a table from its start until the damage, then from its end back to it. */
function copyTable(source: Database.Database, db: Database.Database, table: string, report: Report): void {
  const isTable = source
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql LIKE 'CREATE TABLE%'`)
    .get(table)
  if (!isTable) return
  const columns = columnsOf(db, table).filter(({ name }) => columnsOf(source, table).some((each) => each.name === name))
  const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  if (key.length === 0) return
  const list = columns.map(({ name }) => name).join(', ')
  const insert = db.prepare(
    `INSERT OR ${table === 'info' ? 'REPLACE' : 'IGNORE'} INTO ${table} (${list}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  report.copied[table] = 0
  let refused = 0
  const take = (direction: 'ASC' | 'DESC'): string | null => {
    const order = key.map(({ name }) => `${name} ${direction}`).join(', ')
    try {
      for (const row of source.prepare(`SELECT ${list} FROM ${table} ORDER BY ${order}`).raw().safeIntegers().iterate())
        try {
          report.copied[table] += insert.run(row as unknown[]).changes
        } catch (thrown) {
          // The table's own rules refuse the row: it was altered.
          if (!(thrown instanceof Database.SqliteError) || !thrown.code.startsWith('SQLITE_CONSTRAINT')) throw thrown
          refused++
        }
      return null
    } catch (thrown) {
      if (thrown instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|IOERR|ERROR)/.test(thrown.code))
        return thrown.message
      throw thrown
    }
  }
  const fault = take('ASC')
  if (fault !== null) {
    take('DESC')
    report.lost.push(`part of table ${table} (${fault})`)
  }
  if (refused > 0) report.lost.push(`${refused} altered rows of table ${table}`)
}

/** Rows whose owner was lost, from the owners down. */
function dropOrphans(db: Database.Database, report: Report): void {
  for (const table of tableNames(db)) {
    const keys = db.pragma(`foreign_key_list(${table})`) as { table: string; from: string }[]
    for (const { table: owner, from } of keys) {
      const key = columnsOf(db, owner).find(({ pk }) => pk === 1)!.name
      const { changes } = db.prepare(`DELETE FROM ${table} WHERE ${from} NOT IN (SELECT ${key} FROM ${owner})`).run()
      if (changes === 0) continue
      report.copied[table] -= changes
      report.lost.push(`${changes} rows of table ${table} whose ${owner} were lost`)
    }
  }
}

/** Stored paths are relative to the project's folder, and the copy may lie in another. */
function movePaths(db: Database.Database, from: string, to: string): void {
  if (from === to) return
  const moved = (stored: string) => toStored(to, fromStored(from, stored))
  db.function('moved', { deterministic: true }, (stored) => moved(String(stored)))
  db.exec('UPDATE dataset_files SET path = moved(path); UPDATE artefacts SET path = moved(path)')
  db.exec('UPDATE runs SET folder = moved(folder)')
  const sources = db.prepare('SELECT id, sources FROM station_sets').all() as { id: number; sources: string }[]
  const update = db.prepare('UPDATE station_sets SET sources = ? WHERE id = ?')
  for (const row of sources) {
    const files = readJson(row.sources)
    if (!Array.isArray(files)) continue
    const moving = files.map((file: { path?: unknown }) => ({ ...file, path: moved(String(file?.path)) }))
    update.run(JSON.stringify(moving), row.id)
  }
}

/** Null for text that is not JSON: the record is judged, and dropped, later. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Records that are there but make no sense would stop whoever asks for them. */
function dropWhatDoesNotHold(place: Place, report: Report): void {
  const { db } = place
  const judge = (what: string, read: () => unknown, drop: () => void) => {
    try {
      read()
    } catch (thrown) {
      if (!(thrown instanceof LoamError) || thrown.code !== 'bad_project') throw thrown
      drop()
      report.lost.push(what)
    }
  }
  // Dropping takes along what belongs to it.
  const namesIn = (table: string, column: string) =>
    db.prepare(`SELECT ${column} FROM ${table}`).pluck().all() as string[]
  for (const name of namesIn('datasets', 'name'))
    judge(
      `dataset "${name}"`,
      () => storedDataset(place, name),
      () => removeDataset(place, name),
    )
  for (const name of namesIn('station_sets', 'name'))
    judge(
      `station set "${name}"`,
      () => [stationSet(place, name), observations(place, name)],
      () => removeStationSet(place, name),
    )
  for (const id of namesIn('runs', 'id'))
    judge(
      `run ${id}`,
      () => getRun(place, id),
      () => db.prepare('DELETE FROM runs WHERE id = ?').run(id),
    )
  listDatasets(place)
}

function tableNames(db: Database.Database): string[] {
  // Rowid is the order of creation: owners before what belongs to them.
  return db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid`).pluck().all() as string[]
}

function columnsOf(db: Database.Database, table: string): { name: string; pk: number }[] {
  return db.pragma(`table_info(${table})`) as { name: string; pk: number }[]
}
