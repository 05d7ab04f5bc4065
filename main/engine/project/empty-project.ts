import Database from 'better-sqlite3'
import { loamVersion } from '../files/index.ts'
import { applicationId, applySteps, currentVersion } from './schema.ts'

/** Writes a project of the current version with nothing in it to a path where no file is. */
export function writeEmptyProject(path: string, name: string): void {
  const db = new Database(path)
  try {
    // A fault throws the whole file away: there is nothing to roll back.
    db.pragma('journal_mode = MEMORY')
    db.pragma(`application_id = ${applicationId}`)
    applySteps(db, 0, currentVersion)
    db.prepare('INSERT INTO info (id, name, created_at, loam_version) VALUES (1, ?, ?, ?)').run(
      name,
      Date.now(),
      loamVersion(),
    )
  } finally {
    db.close()
  }
}
