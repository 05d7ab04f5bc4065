import Database from 'better-sqlite3'
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { LoamError } from '../../contract/index.ts'
import { publishBytes } from '../files/index.ts'

/** Who has a project open for writing. */
export interface Holder {
  readonly pid: number
  readonly host: string
  /** ISO, UTC. */
  readonly since: string
  /** What it does with it, in words for the user: `run r0003`, `window`. */
  readonly what: string
}

export interface WriterLock {
  readonly holder: Holder
  release(): Promise<void>
}

const patienceMs = 500
const lockFile = (path: string) => `${path}.lock`
const holderFile = (path: string) => `${path}.holder.json`

/** Makes this process the one writer of a project. The lock is an exclusive transaction on a side file, which the system
 *  frees when the process ends, however it ends. The lock file is never removed: a writer that has it open and one that
 *  made it anew would both believe they hold it.
 *  @throws project_locked within a second, naming the holder */
export async function lockForWriting(path: string, what: string): Promise<WriterLock> {
  const db = new Database(lockFile(path), { timeout: 0 })
  const deadline = Date.now() + patienceMs
  while (!beginExclusive(db)) {
    if (Date.now() > deadline) {
      db.close()
      const holder = await findHolder(path)
      throw new LoamError(
        'project_locked',
        `${path} is open for writing ${holder ? inWords(holder) : 'in another program'}. ` +
          'Close it there, or open it for reading only.',
        { path, holder },
      )
    }
    await sleep(25)
  }
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), what }
  // The note is words for others. On a full disk it cannot be written; the project can still be saved.
  await publishBytes(holderFile(path), JSON.stringify(holder)).catch(() => {})
  return {
    holder,
    async release() {
      // A note that stays behind names a process that is gone, which whoever reads it finds out.
      await rm(holderFile(path), { force: true }).catch(() => {})
      db.close()
    },
  }
}

/** Who holds the project for writing, null when nobody does. Looks only; a writer is never kept out by it for longer
 *  than one query. */
export async function heldBy(path: string): Promise<Holder | null> {
  if (!existsSync(lockFile(path))) return null
  const db = new Database(lockFile(path), { readonly: true, timeout: 0 })
  try {
    db.prepare('SELECT 1 FROM sqlite_schema').all()
    return null
  } catch (thrown) {
    if (!isBusy(thrown)) throw thrown
  } finally {
    db.close()
  }
  return (await findHolder(path)) ?? { pid: 0, host: '', since: '', what: 'another program' }
}

/** `by run r0003 (process 4711 on lab-3, since 2026-11-20T09:00:00.000Z)` */
export function inWords(holder: Holder): string {
  const place = holder.pid ? ` (process ${holder.pid} on ${holder.host}, since ${holder.since})` : ''
  return `by ${holder.what}${place}`
}

function beginExclusive(db: Database.Database): boolean {
  try {
    // Without a journal file, so that locking needs no room on the disk.
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
    return true
  } catch (thrown) {
    if (isBusy(thrown)) return false
    db.close()
    throw thrown
  }
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')
}

/** Waits a little for the note of a writer that has only just come, rather than name the one before it. */
async function findHolder(path: string): Promise<Holder | null> {
  for (let look = 0; look < 10; look++) {
    const holder = await readHolder(path)
    if (holder && (holder.host !== hostname() || isAlive(holder.pid))) return holder
    await sleep(30)
  }
  return null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    // EPERM: it lives and is another user's.
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** The note the holder left. It is words for the user, never a proof: the lock itself is. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    const json: unknown = JSON.parse(await readFile(holderFile(path), 'utf8'))
    if (json === null || typeof json !== 'object') return null
    const { pid, host, since, what } = json as Record<string, unknown>
    const isHolder =
      Number.isInteger(pid) &&
      (pid as number) > 0 &&
      typeof host === 'string' &&
      typeof since === 'string' &&
      typeof what === 'string'
    return isHolder ? { pid: pid as number, host, since, what } : null
  } catch {
    // Not written yet, or half gone with its writer: the refusal then says "another program".
    return null
  }
}
