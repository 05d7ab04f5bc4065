import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { LoamError } from '../../contract/index.ts'
import { childEntry } from '../files/index.ts'
import type { MapCheck } from './map-check.ts'
import type { CheckReply, CheckRequest } from './verify-process.ts'

interface Checker {
  readonly child: ChildProcess
  readonly waiting: Map<number, { resolve(fault: string | null): void; reject(fault: unknown): void }>
}

let checker: Checker | null = null
let lastId = 0

/** Reads a map back in another process, which opens the file anew: what this process still holds in its caches proves
 *  nothing about the disk. The process is kept for the next map and leaves with this one.
 *  @returns null, or what is wrong with the file, as a clause
 *  @throws internal when the process is not built; native_crash when it dies */
export async function checkMap(check: MapCheck): Promise<string | null> {
  const { child, waiting } = (checker ??= start())
  const id = ++lastId
  if (waiting.size === 0) {
    child.ref()
    child.channel?.ref()
  }
  try {
    return await new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      child.send({ id, check } satisfies CheckRequest, (fault) => fault && reject(crashed(check.path, fault.message)))
    })
  } finally {
    waiting.delete(id)
    if (waiting.size === 0) {
      // An idle child must not keep this process alive.
      child.unref()
      child.channel?.unref()
    }
  }
}

function start(): Checker {
  const child = fork(childEntry('verify-process'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    serialization: 'advanced',
  })
  const started: Checker = { child, waiting: new Map() }
  child.on('message', (reply: CheckReply) => started.waiting.get(reply.id)?.resolve(reply.fault))
  child.on('error', (fault) => end(fault.message))
  child.on('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit status ${code}`))
  return started

  function end(why: string): void {
    if (checker === started) checker = null
    for (const { reject } of started.waiting.values()) reject(crashed('', why))
  }
}

function crashed(path: string, why: string): LoamError {
  return new LoamError(
    'native_crash',
    `The process that reads maps back from disk ended early (${why}), so the map is not proven whole and was not ` +
      `published. Resume the run to try again.`,
    path === '' ? {} : { path },
  )
}
