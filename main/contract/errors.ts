/** Every failure a user can meet. The list is closed: a front decides how to show a code, never what it means. */
export const errorCodes = {
  // The user's words or files; exit code 65, do not retry.
  bad_input: 65,
  bad_recipe: 65,
  bad_raster: 65,
  bad_table: 65,
  bad_model: 65,
  bad_project: 65,
  unsupported_format: 65,
  unsupported_grid: 65,
  unsafe_input: 65,
  unknown_name: 65,
  name_taken: 65,
  not_found: 65,
  no_dates: 65,
  conflicting_dates: 65,
  unit_mismatch: 65,
  value_range: 65,
  missing_predictor: 65,
  too_few_rows: 65,
  // A corrected map that does not average to the coarse values, where it has to.
  not_closed: 65,
  source_missing: 65,
  input_changed: 65,
  project_locked: 65,
  newer_version: 65,
  too_large: 65,
  // A request the workspace server does not answer: no session, a foreign page, a place outside the project.
  not_allowed: 65,
  no_project: 65,
  // Somebody else changed it since it was read.
  conflict: 65,
  // A run computed once more gave other bytes.
  not_identical: 65,
  // The machine; exit code 74, go on when it is mended.
  disk_full: 74,
  io_failed: 74,
  corrupt_part: 74,
  // The run is not finished; exit code 75, run again.
  incomplete: 75,
  paused: 75,
  // Stopped on purpose.
  cancelled: 130,
  // Ours.
  native_crash: 70,
  out_of_memory: 70,
  internal: 70,
  // The command line itself.
  usage: 64,
} as const

export type ErrorCode = keyof typeof errorCodes

/** The only failure that crosses a border.
 *  `message` says what was found, what was needed and what to do, in sentences a user can act on.
 *  `details` is plain JSON (file, row, column, path in a recipe) for a front that wants to point at the place. */
export class LoamError extends Error {
  override readonly name = 'LoamError'
  readonly code: ErrorCode
  readonly details: Record<string, unknown>

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.code = code
    this.details = details
  }

  get exitCode(): number {
    return errorCodes[this.code]
  }

  toJSON(): { code: ErrorCode; message: string; details: Record<string, unknown> } {
    return { code: this.code, message: this.message, details: this.details }
  }

  static fromJSON(json: { code: string; message: string; details?: Record<string, unknown> }): LoamError {
    const code = json.code in errorCodes ? (json.code as ErrorCode) : 'internal'
    return new LoamError(code, json.message, json.details ?? {})
  }
}

/** Whatever was thrown, as a LoamError; anything not ours becomes `internal` and keeps its stack in the details. */
export function asLoamError(thrown: unknown): LoamError {
  if (thrown instanceof LoamError) return thrown
  const system = thrown as NodeJS.ErrnoException
  if (system?.code === 'ENOSPC' || system?.code === 'EDQUOT')
    return new LoamError(
      'disk_full',
      `The disk is full while writing ${system.path ?? 'a file'}. Free some space and resume.`,
      {
        path: system.path,
      },
    )
  // What the system refused, whatever it was, is not a fault of ours: EIO, EROFS, EACCES, EEXIST, ENOTDIR, ENAMETOOLONG, …
  if (typeof system?.syscall === 'string' && /^E[A-Z0-9]+$/.test(system.code ?? ''))
    return new LoamError(
      'io_failed',
      `${system.message}. Check that path, the drive and its permissions, then try again.`,
      {
        path: system.path,
      },
    )
  if (thrown instanceof Error && thrown.name === 'AbortError') return new LoamError('cancelled', 'Stopped on request.')
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new LoamError('internal', message, { stack: thrown instanceof Error ? thrown.stack : undefined })
}
