import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asLoamError, LoamError } from '../../contract/index.ts'

export interface LeaseOptions {
  /** How often the holder shows that it lives. Default 2 s. */
  readonly heartbeatMs?: number
  /** A lease without a sign of life for this long is taken over. Default 15 s. */
  readonly staleMs?: number
  /** Ends the waiting; the work itself has to watch it too. */
  readonly signal?: AbortSignal
}

/** Runs `work` while holding the lease `name`, so that of several processes (on several machines that see one folder)
 *  one computes what all need and the others wait; `work` looks first whether it is done already. It saves work, it does
 *  not guard data: a holder that was stopped for long may find another at the same work, and doing it twice has to be
 *  harmless. The lease of a dead process on this machine is taken over at once.
 *  @param name letters, digits, `.`, `_`, `-`
 *  @throws cancelled; whatever `work` throws */
export async function withLease<T>(
  folder: string,
  name: string,
  work: () => Promise<T>,
  { heartbeatMs = 2000, staleMs = 15_000, signal }: LeaseOptions = {},
): Promise<T> {
  if (!/^[A-Za-z0-9._-]+$/.test(name)) throw new LoamError('internal', `"${name}" is no name for a lease.`)
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${name}.lease`)
  const token = randomBytes(8).toString('hex')
  await acquire(path, token, staleMs, signal)
  const beat = setInterval(() => {
    const now = new Date()
    // A missed beat does no harm: at worst somebody does the same work.
    utimes(path, now, now).catch(() => {})
  }, heartbeatMs)
  beat.unref()
  try {
    return await work()
  } finally {
    clearInterval(beat)
    if ((await look(path))?.token === token) await rm(path, { force: true })
  }
}

interface Seen {
  readonly token: string
  readonly pid: number
  readonly host: string
  readonly beatMs: number
}

async function acquire(path: string, token: string, staleMs: number, signal?: AbortSignal): Promise<void> {
  let last: Seen | null = null
  // Time without a sign of life is added up from this process's own waiting, never read from the file's date: clocks of
  // two machines differ, and clocks jump. A long gap between two looks means that we slept, not that they died.
  let quietMs = 0
  let pollMs = 20
  while (!(await create(path, token))) {
    const seen = await look(path)
    if (seen && last && seen.token === last.token && seen.beatMs === last.beatMs) {
      if (quietMs > staleMs || isDeadHere(seen)) {
        await setAside(path, seen.token, token)
        last = null
        continue
      }
    } else quietMs = 0
    last = seen
    const start = performance.now()
    try {
      await sleep(pollMs, undefined, { signal })
    } catch (thrown) {
      throw asLoamError(thrown)
    }
    quietMs += Math.min(performance.now() - start, 2 * pollMs)
    pollMs = Math.min(500, pollMs * 1.5)
  }
}

/** True when the file was made by us now, false when somebody has it. */
async function create(path: string, token: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx')
    try {
      await handle.writeFile(JSON.stringify({ token, pid: process.pid, host: hostname() }))
    } finally {
      await handle.close()
    }
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw asLoamError(thrown)
  }
}

/** Who holds the lease; null when nobody does. One that is only just being written has an empty token. */
async function look(path: string): Promise<Seen | null> {
  try {
    const beatMs = (await stat(path)).mtimeMs
    const text = await readFile(path, 'utf8')
    const { token, pid, host } = (text ? JSON.parse(text) : {}) as Partial<Seen>
    return { token: token ?? '', pid: pid ?? 0, host: host ?? '', beatMs }
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { token: '', pid: 0, host: '', beatMs: 0 }
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw asLoamError(thrown)
  }
}

function isDeadHere({ pid, host }: Seen): boolean {
  if (host !== hostname() || !Number.isInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Moves a stale lease out of the way. Of two that find it stale one could move the other's new one; then it is put back. */
async function setAside(path: string, stale: string, ours: string): Promise<void> {
  const aside = `${path}.${ours}`
  try {
    await rename(path, aside)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return
    throw asLoamError(thrown)
  }
  if ((await look(aside))?.token === stale) await rm(aside, { force: true })
  else await rename(aside, path)
}
