import Database from 'better-sqlite3'
import { constants, statfsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname } from 'node:path'
import { guardConnection } from './vet.ts'

/** Opens the database file, guarded; nothing in it has been judged yet. */
export function connect(path: string, options: { readonly: boolean }): Database.Database {
  const db = new Database(path, { readonly: options.readonly, fileMustExist: true, timeout: 2000 })
  try {
    guardConnection(db)
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

/** From here on a commit is on disk when it returns. WAL with FULL lost nothing in power cuts, nor did DELETE with EXTRA,
 *  which is for network drives: WAL needs memory that all users of the file share. */
export function prepareForWriting(db: Database.Database, onNetwork: boolean): void {
  if (onNetwork) {
    db.pragma('journal_mode = DELETE')
    db.pragma('synchronous = EXTRA')
  } else {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
  }
}

/** Leaves one plain file that also opens on a read-only medium. */
export function closeWriter(db: Database.Database): void {
  try {
    db.pragma('journal_mode = DELETE')
  } catch {
    // Somebody is reading: the file stays in WAL mode, sound, and the next writer tidies up.
  }
  db.close()
}

/** True when neither the file nor its folder may be written, as on a write-protected medium. */
export async function isReadOnlyPlace(path: string): Promise<boolean> {
  for (const each of [path, dirname(path)])
    try {
      await access(each, constants.W_OK)
    } catch {
      return true
    }
  return false
}

/** File system types (statfs) whose files live on another machine: NFS, SMB, CIFS, SMB2, AFS, Ceph, 9P, Lustre. */
const networkTypes = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x00c36400, 0x01021997, 0x0bd00bd0])

/** True when the folder is known to be on a network drive. Other systems than Linux tell no type: false there. */
export function isOnNetwork(folder: string): boolean {
  return process.platform === 'linux' && networkTypes.has(statfsSync(folder).type >>> 0)
}
