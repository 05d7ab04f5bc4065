import { LoamError, asLoamError } from '../contract/index.ts'
import type { ErrorCode } from '../contract/index.ts'

/** HTTP status of each error code that is not a plain 400. */
const statusOf: Partial<Record<ErrorCode, number>> = {
  not_allowed: 403,
  unknown_name: 404,
  not_found: 404,
  source_missing: 404,
  name_taken: 409,
  conflict: 409,
  project_locked: 409,
  no_project: 409,
  incomplete: 409,
  input_changed: 409,
  too_large: 413,
  cancelled: 499,
  internal: 500,
  native_crash: 500,
  io_failed: 500,
  corrupt_part: 500,
  out_of_memory: 503,
  disk_full: 507,
}

/** A request that is refused before any handler sees it. */
export class Refusal extends LoamError {
  readonly status: number

  constructor(status: number, code: ErrorCode, message: string) {
    super(code, message)
    this.status = status
  }
}

/** What was thrown, as the answer `{code, message, details}`. What is our fault is logged whole and told with an id to quote. */
export function faultAnswer(thrown: unknown): { status: number; body: string } {
  const fault = asLoamError(thrown)
  const status = fault instanceof Refusal ? fault.status : (statusOf[fault.code] ?? 400)
  if (fault.code !== 'internal') return { status, body: JSON.stringify(fault) }
  const id = reportId(fault)
  process.stderr.write(`loam: ${fault.message} (report id ${id})\n${String(fault.details.stack ?? '')}\n`)
  return { status, body: JSON.stringify({ ...fault.toJSON(), details: { ...fault.details, reportId: id } }) }
}

/** A short text that is equal for equal faults. */
function reportId(fault: LoamError): string {
  let hash = 0
  for (const char of `${fault.message}${String(fault.details.stack ?? '')}`)
    hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0
  return (hash >>> 0).toString(16).toUpperCase().padStart(8, '0')
}
