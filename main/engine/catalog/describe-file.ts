import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { LoamError } from '../../contract/index.ts'
import { childEntry } from '../files/index.ts'
import type { StationTableOptions } from '../stations/index.ts'
import type { FileDescription } from './file-description.ts'

export interface DescribeRequest {
  readonly id: number
  readonly path: string
  readonly how: DescribeHow
}

/** How to look into a file. */
export interface DescribeHow {
  /** Cells of a raster that are read to see what it holds. */
  readonly cellsToSee?: number
  /** Take it for stations, read with these options; the tables of one set are several files. */
  readonly stations?: { readonly paths: readonly string[]; readonly options: StationTableOptions }
}

export type DescribeReply =
  | { readonly id: number; readonly description: FileDescription }
  | { readonly id: number; readonly fault: { code: string; message: string; details: Record<string, unknown> } }

export interface DescribeOptions extends DescribeHow {
  /** Script of the child; default the built `describe-process`. */
  readonly child?: string
  /** Seconds without an answer after which the child is taken as hung; more for large files. */
  readonly patienceSeconds?: number
}

/** Bytes a decoder certainly gets through in a second. */
const bytesPerSecond = 5e6

const children = new Map<string, Describer>()
const lastInLine = new Map<string, Promise<unknown>>()

/** Says what a raster or station file is, in a process of its own: a decoder that crashes or hangs on it takes nothing
 *  else along. The process is kept for the next file and leaves with this one.
 *  @throws native_crash when the child died or hung; what `describeRaster` and `describeStationFile` throw */
export async function describeFile(path: string, options: DescribeOptions = {}): Promise<FileDescription> {
  const absolute = resolve(path)
  const script = options.child ?? childEntry('describe-process')
  const bytes = await stat(absolute).then(
    (facts) => facts.size,
    () => 0,
  )
  const patience = (options.patienceSeconds ?? 60) + bytes / bytesPerSecond
  // One after the other: when the child dies, it is clear on which file.
  const turn = (lastInLine.get(script) ?? Promise.resolve()).then(() => {
    let describer = children.get(script)
    if (!describer) children.set(script, (describer = new Describer(script, () => children.delete(script))))
    const { cellsToSee, stations } = options
    return describer.describe(absolute, { cellsToSee, stations }, patience)
  })
  lastInLine.set(
    script,
    turn.catch(() => undefined),
  )
  return turn
}

class Describer {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, { resolve(reply: DescribeReply): void; end(why: string): void }>()
  #lastId = 0

  constructor(script: string, onEnd: () => void) {
    // Libraries in C print to stderr what they also report as errors; the message carries it.
    this.#child = fork(script, [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      serialization: 'advanced',
    })
    const end = (why: string): void => {
      onEnd()
      process.off('exit', stop)
      for (const { end: refuse } of this.#waiting.values()) refuse(why)
    }
    const stop = (): void => {
      this.#child.kill('SIGKILL')
    }
    process.on('exit', stop)
    this.#child.on('message', (reply: DescribeReply) => this.#waiting.get(reply.id)?.resolve(reply))
    this.#child.on('error', (fault) => end(fault.message))
    this.#child.on('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit status ${code}`))
  }

  async describe(path: string, how: DescribeHow, patienceSeconds: number): Promise<FileDescription> {
    const id = ++this.#lastId
    this.#child.ref()
    this.#child.channel?.ref()
    let timer: NodeJS.Timeout | undefined
    let isLate = false
    try {
      const reply = await new Promise<DescribeReply>((resolve, reject) => {
        const end = (why: string): void =>
          reject(crashed(path, isLate ? `no answer for ${Math.round(patienceSeconds)} s` : why))
        this.#waiting.set(id, { resolve, end })
        timer = setTimeout(() => {
          isLate = true
          this.#child.kill('SIGKILL')
        }, patienceSeconds * 1000)
        this.#child.send({ id, path, how } satisfies DescribeRequest, (fault) => fault && end(fault.message))
      })
      if ('fault' in reply) throw LoamError.fromJSON(reply.fault)
      return reply.description
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) {
        // An idle child must not keep this process alive.
        this.#child.unref()
        this.#child.channel?.unref()
      }
    }
  }
}

function crashed(path: string, why: string): LoamError {
  return new LoamError(
    'native_crash',
    `Looking into ${basename(path)} ended the process that did it (${why}). Nothing else was touched. The file is probably ` +
      `damaged; Loam needs a sound one. Get it again, or convert it with the program that made it.`,
    { file: path, why },
  )
}
