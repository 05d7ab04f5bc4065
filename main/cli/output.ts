import { asLoamError } from '../contract/index.ts'
import type { LoamError } from '../contract/index.ts'

/** Where a command's words go: results to stdout (as text, or as one JSON value with `--json`), everything about the way
 *  there to stderr, so that a result can be piped. */
export interface Output {
  readonly isJson: boolean
  /** The command's result: `text` for people, `value` for programs. */
  result(text: string, value: unknown): void
  /** A line about what goes on. */
  note(line: string): void
  /** A line that the next one replaces where stderr is a terminal; elsewhere told every few seconds. */
  progress(line: string): void
}

const quietMs = 5000

export function makeOutput(isJson: boolean): Output {
  let isPending = false
  // A command that is over at once tells no progress.
  let toldAt = Date.now()
  const clear = (): void => {
    if (isPending) process.stderr.write('\r\u001b[K')
    isPending = false
  }
  return {
    isJson,
    result(text, value) {
      clear()
      process.stdout.write(isJson ? `${JSON.stringify(value, null, 1)}\n` : `${text}\n`)
    },
    note(line) {
      clear()
      process.stderr.write(`${line}\n`)
    },
    progress(line) {
      if (process.stderr.isTTY) {
        process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`)
        isPending = true
      } else if (Date.now() - toldAt > quietMs) {
        toldAt = Date.now()
        process.stderr.write(`${line}\n`)
      }
    },
  }
}

/** Tells a failure and gives the exit code it stands for. */
export function tellFault(thrown: unknown, isJson: boolean): number {
  const fault: LoamError = asLoamError(thrown)
  if (isJson) tellAsJson(fault)
  const id = fault.code === 'internal' ? ` (report id ${reportId(fault)})` : ''
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}loam: ${fault.message}${id}\n`)
  if (fault.code === 'internal') process.stderr.write(`${String(fault.details.stack ?? '')}\n`)
  return fault.exitCode
}

export function tellAsJson(fault: LoamError): void {
  process.stdout.write(`${JSON.stringify({ error: fault.toJSON() })}\n`)
}

/** A short text that is equal for equal faults. */
function reportId(fault: LoamError): string {
  let hash = 0
  for (const char of `${fault.message}${String(fault.details.stack ?? '')}`)
    hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0
  return (hash >>> 0).toString(16).toUpperCase().padStart(8, '0')
}

/** `1 h 05 min`, `3 min 20 s`, `12 s`. */
export function duration(seconds: number): string {
  if (seconds < 1) return '< 1 s'
  const s = Math.round(seconds)
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`
}

/** `1.4 GB`, `36 MB`. */
export function size(bytes: number): string {
  if (bytes >= 1e12) return `${(bytes / 1e12).toFixed(1)} TB`
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(0)} MB`
  return `${(bytes / 1e3).toFixed(0)} kB`
}
