import { z } from 'zod'
import { endpoint, json } from '../endpoint.ts'
import type { Task } from '../server-event.ts'
import { Figure, ReportSettings } from '../workspace.ts'

/** Result of the task that writes a report. */
export interface WrittenReport {
  /** Absolute. */
  readonly path: string
  /** Relative to the project's folder; null when it was saved elsewhere. */
  readonly relativePath: string | null
}

export const reportEndpoints = {
  /** Keeps a picture for the report as a file of the project, named by its content. */
  keepPicture: endpoint('POST /pictures', {
    query: z.strictObject({ kind: z.enum(['svg', 'png']) }),
    body: 'stream',
    reply: json<{ readonly file: string }>(),
    errors: ['no_project', 'project_locked', 'too_large', 'disk_full'],
  }),
  /** Writes a finished run as one HTML file; the task's result is a WrittenReport. `path`: default `report.html` in the run's folder. */
  writeReport: endpoint('POST /runs/:run/report', {
    body: z.strictObject({
      settings: ReportSettings.prefault({}),
      figures: z.array(Figure).max(100).default([]),
      path: z.string().min(1).optional(),
    }),
    reply: json<Task>(),
    errors: ['no_project', 'unknown_name', 'incomplete', 'not_found'],
  }),
}
