import type { RunEvent } from './run.ts'

/** Something long that goes on in the engine besides a run: an import, the sample being made, an export, a reproduction. */
export interface Task {
  readonly id: string
  /** What it does, as a title: "Sample project". */
  readonly title: string
  /** What it is at now; empty when there is nothing to tell. */
  readonly doing: string
  readonly done: number
  /** 0 while unknown. */
  readonly total: number
  readonly state: 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled'
  /** Of a task that is done. */
  readonly result: unknown
  /** Of a task that failed. */
  readonly fault: { readonly code: string; readonly message: string; readonly details: Record<string, unknown> } | null
  /** UTC milliseconds since 1970. */
  readonly startedAtMs: number
  readonly endedAtMs: number | null
}

/** What `GET /events` tells. Every event has a number; a page that was away asks for what came after the last it saw, and is
 *  told to refresh everything when that is no longer known. */
export type ServerEvent =
  /** First of all, and whenever events were lost: every answer the page holds may be old. */
  | { readonly type: 'refresh' }
  /** Another project is open, or none, or it became read-only. */
  | { readonly type: 'project'; readonly path: string | null }
  /** The workspace document has this revision now. */
  | { readonly type: 'workspace'; readonly revision: number }
  /** Datasets or station sets were added, changed or taken out. */
  | { readonly type: 'catalog' }
  /** The list of runs, or a record in it, changed. */
  | { readonly type: 'runs' }
  | { readonly type: 'run'; readonly run: string; readonly event: RunEvent }
  | { readonly type: 'task'; readonly task: Task }
