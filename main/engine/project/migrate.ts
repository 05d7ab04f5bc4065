import type { Database } from 'better-sqlite3'
import { LoamError } from '../../contract/index.ts'
import { loamVersion, publish } from '../files/index.ts'
import { connect } from './connect.ts'
import { badProject } from './faults.ts'
import { putNote } from './notes.ts'
import { applySteps, currentVersion } from './schema.ts'
import { vetProject } from './vet.ts'

/** Brings a project to this version: works on a copy and puts it in the old file's place only when it is whole. The
 *  caller holds the writer lock and has no connection open.
 *  @throws project_locked while somebody reads it: their connection would go on in the old file */
export async function migrateProject(path: string, from: number): Promise<void> {
  await publish(path, async (temporary) => {
    const db = connect(path, { readonly: false })
    try {
      leaveLog(db, path)
      db.prepare('VACUUM INTO ?').run(temporary)
    } finally {
      db.close()
    }
    migrateFile(temporary, from)
  })
}

/** Brings a database that nobody else uses to this version. */
export function migrateFile(path: string, from: number): void {
  const db = connect(path, { readonly: false })
  try {
    db.pragma('journal_mode = MEMORY')
    applySteps(db, from, currentVersion)
    putNote({ db }, 'project', `Brought from project version ${from} to ${currentVersion} by Loam ${loamVersion()}.`)
    vetProject(db, path)
    const orphans = db.pragma('foreign_key_check') as unknown[]
    if (orphans.length > 0) throw badProject(path, `${orphans.length} records belong to nothing`)
    db.pragma('journal_mode = DELETE')
  } finally {
    db.close()
  }
}

/** A log left beside the file would be replayed into the new one. */
function leaveLog(db: Database, path: string): void {
  try {
    db.pragma('journal_mode = DELETE')
  } catch {
    throw new LoamError(
      'project_locked',
      `${path} has to be brought to this version of Loam, but another program is reading it. Close it there first.`,
      { path },
    )
  }
}
