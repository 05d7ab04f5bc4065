import type { Database } from 'better-sqlite3'
import { badProject } from './faults.ts'

/** An open project as its tables are reached. */
export interface Place {
  readonly db: Database
  /** Absolute path of the project file, for messages. */
  readonly path: string
  /** Its folder, symbolic links resolved. Stored paths are relative to it. */
  readonly folder: string
}

/** A JSON column.
 *  @throws bad_project when it is not JSON */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badProject(path, 'a record holds text that is not JSON')
  }
}
