import type { Database } from 'better-sqlite3'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from './connect.ts'

export interface PrivateCopy {
  readonly path: string
  remove(): Promise<void>
}

/** A copy of a project in a temporary folder of this process, with what a crashed writer left beside it, so that it can
 *  be read where nothing may be written, or brought to this version without touching the original.
 *  @param asIs byte for byte, damage and all; nobody may be writing */
export async function privateCopy(path: string, { asIs = false } = {}): Promise<PrivateCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'loam-read-'))
  const copy: PrivateCopy = {
    path: join(folder, 'project.loam'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
  try {
    if (asIs || !copyThroughSqlite(path, copy.path)) await copyWithRemnants(path, copy.path)
    return copy
  } catch (thrown) {
    await copy.remove()
    throw thrown
  }
}

/** One consistent copy even while a writer is at work. False where SQLite cannot read the file in its place. */
function copyThroughSqlite(path: string, to: string): boolean {
  let db: Database | null = null
  try {
    db = connect(path, { readonly: true })
    db.prepare('VACUUM INTO ?').run(to)
    return true
  } catch {
    // A write-protected medium with a log to replay, or a damaged file: the plain copy shows which.
    return false
  } finally {
    db?.close()
  }
}

async function copyWithRemnants(path: string, to: string): Promise<void> {
  await rm(to, { force: true })
  for (const ending of ['', '-wal', '-journal'])
    if (existsSync(path + ending)) await copyFile(path + ending, to + ending)
}
