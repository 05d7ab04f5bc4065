import Database from 'better-sqlite3'
import { LoamError } from '../../contract/index.ts'
import { writingFault } from '../files/index.ts'

/** A project whose file is not sound, with the way out. */
export function badProject(path: string, found: string): LoamError {
  return new LoamError(
    'bad_project',
    `${path} is not a sound Loam project: ${found}. Rescue what can be read into a new project with: loam salvage ` +
      `"${path}" COPY.loam`,
    { path, found },
  )
}

/** What SQLite or the file system threw, as a LoamError that names the project; anything else unchanged. */
export function projectFault(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof Database.SqliteError)) return writingFault(path, thrown)
  const { code, message } = thrown
  if (code === 'SQLITE_FULL')
    return new LoamError(
      'disk_full',
      `${path} could not be saved: ${message}. Nothing of this change is in the project. Free some space and try again.`,
      { path, sqlite: code },
    )
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return badProject(path, message)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new LoamError(
      'project_locked',
      `${path} is busy: another program is working in it (${message}). Close it there, then try again.`,
      { path, sqlite: code },
    )
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return new LoamError(
      'io_failed',
      `${path} cannot be used: ${message}. Check the drive and the permissions of the file and its folder.`,
      { path, sqlite: code },
    )
  return thrown
}
