import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { RunEvent } from '../../contract/index.ts'

/** The run's log: one JSON event a line with a running number. It tells people what happened; the valid parts in the
 *  store are the truth, so it is never read back to decide anything. */
export class RunLog {
  private readonly file: number
  private number: number

  constructor(folder: string) {
    const path = join(folder, 'log.ndjson')
    this.file = openSync(path, 'a+')
    this.number = readFileSync(path, 'utf8').split('\n').length - 1
  }

  write(event: RunEvent): void {
    if (event.event === 'progress') return
    writeSync(this.file, `${JSON.stringify({ n: this.number++, ...event })}\n`)
  }

  close(): void {
    fsyncSync(this.file)
    closeSync(this.file)
  }
}
