import type { Database } from 'better-sqlite3'
import { LoamError } from '../../contract/index.ts'
import { badProject } from './faults.ts'
import { applicationId, currentVersion, expectedSchema, schemaOf } from './schema.ts'

/** Settings under which a stranger's file cannot run anything: set before the first query. */
export function guardConnection(db: Database): void {
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('mmap_size = 0')
  db.pragma('foreign_keys = ON')
}

/** Judges a database before anything in it is used.
 *  @returns its version, 1 … current
 *  @throws bad_project: not ours, damaged, or with tables that Loam did not make; newer_version */
export function vetProject(db: Database, path: string): number {
  const id = db.pragma('application_id', { simple: true })
  if (id !== applicationId) throw badProject(path, 'it is a database of another program')
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > currentVersion)
    throw new LoamError(
      'newer_version',
      `${path} was saved by a newer Loam (project version ${version}, this Loam knows up to ${currentVersion}). ` +
        'Open it with that Loam, or update this one.',
      { path, version, known: currentVersion },
    )
  if (version < 1) throw badProject(path, `it says project version ${version}`)
  const expected = new Map(expectedSchema(version).map((object) => [`${object.type} ${object.name}`, object]))
  for (const object of schemaOf(db)) {
    const name = `${object.type} ${object.name}`
    const wanted = expected.get(name)
    if (!wanted) throw badProject(path, `it holds the ${name} that Loam did not make`)
    if (wanted.sql !== object.sql || wanted.tbl_name !== object.tbl_name)
      throw badProject(path, `its ${name} is not as Loam makes it`)
    expected.delete(name)
  }
  if (expected.size > 0) throw badProject(path, `it has no ${[...expected.keys()].join(', ')}`)
  const faults = db.pragma('quick_check(5)') as { quick_check: string }[]
  if (faults.length !== 1 || faults[0].quick_check !== 'ok')
    throw badProject(path, `it is damaged (${faults.map((fault) => fault.quick_check).join('; ')})`)
  return version
}
