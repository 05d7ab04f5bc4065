import { binary, endpoint, events, json } from '../endpoint.ts'
import { z } from 'zod'
import type { ProjectSummary } from './project.ts'
import type { ServerEvent } from '../server-event.ts'

export interface Hello {
  readonly version: string
  readonly mode: 'desktop' | 'browser'
  readonly cores: number
  readonly memoryBytes: number
  /** Null while no project is open. */
  readonly project: ProjectSummary | null
}

export interface MachineStatus {
  readonly memoryBytes: number
  readonly freeMemoryBytes: number
  /** Resident memory of the engine's own process. */
  readonly engineMemoryBytes: number
  /** Of the disk the project is on; null while no project is open. */
  readonly diskBytes: number | null
  readonly freeDiskBytes: number | null
}

/** A folder as the file chooser shows it. */
export interface FolderListing {
  /** Absolute. */
  readonly path: string
  /** Null at the top of a drive. */
  readonly parent: string | null
  /** Folders first, then files, each by name; hidden ones left out. */
  readonly entries: readonly FolderEntry[]
  /** Entries beyond those listed. */
  readonly left: number
}

export interface FolderEntry {
  readonly name: string
  readonly path: string
  readonly isFolder: boolean
  /** 0 for a folder. */
  readonly bytes: number
  readonly modifiedAtMs: number
}

export interface Place {
  readonly name: string
  readonly path: string
  readonly kind: 'home' | 'project' | 'drive' | 'folder'
}

export const systemEndpoints = {
  hello: endpoint('GET /hello', { reply: json<Hello>() }),
  status: endpoint('GET /status', { reply: json<MachineStatus>() }),
  /** What happens, from now on; with the header `last-event-id`, from the event after that one. */
  events: endpoint('GET /events', { reply: events<ServerEvent>() }),
  /** Where a file chooser begins. */
  places: endpoint('GET /places', { reply: json<Place[]>() }),
  /** Files of this machine, to choose inputs from. `path` is absolute. `glob`: `*.tif`, several with commas; folders are always
   *  listed. */
  folder: endpoint('GET /folder', {
    query: z.strictObject({ path: z.string().min(1), glob: z.string().max(200).optional() }),
    reply: json<FolderListing>(),
    errors: ['not_found', 'io_failed'],
  }),
  /** A file inside the project's folder, as it is; `path` relative to that folder. */
  file: endpoint('GET /files', {
    query: z.strictObject({ path: z.string().min(1) }),
    reply: binary,
    errors: ['no_project', 'not_allowed', 'not_found'],
  }),
  /** A dropped file, into `<project>-imports/<batch>/<path>`. One batch is one drop; `path` keeps the folders of what was dropped.
   *  Answers with the absolute path it lies at now. */
  upload: endpoint('POST /uploads', {
    query: z.strictObject({
      batch: z.string().regex(/^[a-z0-9-]{1,40}$/),
      path: z.string().min(1).max(1000),
    }),
    body: 'stream',
    reply: json<{ path: string; bytes: number }>(),
    errors: ['no_project', 'project_locked', 'not_allowed', 'disk_full', 'name_taken', 'io_failed', 'cancelled'],
  }),
  /** Stops what of a drop is still coming in and removes its files, unless the project uses one of them. */
  discardUpload: endpoint('DELETE /uploads/:batch', {
    reply: json<{ readonly isKept: boolean }>(),
    errors: ['no_project', 'project_locked', 'not_allowed'],
  }),
}
