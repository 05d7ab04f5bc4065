import { z } from 'zod'
import { binary, endpoint, json } from '../endpoint.ts'
import type { Task } from '../server-event.ts'
import { Workspace } from '../workspace.ts'

export interface ProjectSummary {
  readonly name: string
  /** Absolute. */
  readonly path: string
  readonly folder: string
  readonly mode: 'write' | 'read'
  /** Why it is open for reading only, in words; null when it is not, or nobody else holds it. */
  readonly heldBy: string | null
  readonly warnings: readonly string[]
  readonly createdAtMs: number
  readonly datasets: number
  readonly stationSets: number
  readonly runs: number
}

export interface RecentProject {
  readonly name: string
  readonly path: string
  readonly openedAtMs: number
  readonly datasets: number
  readonly runs: number
  /** Source files that are not where they were when the project was last open; null when the project itself is gone. */
  readonly missingFiles: number | null
  /** Middle of its area, degrees; null where it has no place yet. */
  readonly place: { readonly lon: number; readonly lat: number } | null
  /** When the picture of its map was made, UTC milliseconds since 1970; null without one. */
  readonly picturedAtMs: number | null
}

/** Something a pack does not hold. */
export interface LeftOutside {
  readonly path: string
  readonly why: string
  readonly sha256: string | null
}

export interface PackOutlook {
  readonly files: number
  readonly bytes: number
  readonly outside: readonly LeftOutside[]
  /** Free on the disk of the folder that was given; null when none was, or it is not there. */
  readonly freeBytes: number | null
}

/** Result of the task that packs a project. */
export interface PackReport {
  /** Absolute. */
  readonly folder: string
  readonly files: number
  readonly bytes: number
  readonly outside: readonly LeftOutside[]
}

/** Data that go along: all, those that recipe, layers or runs name, or none. */
export const PackedData = z.enum(['all', 'used', 'none'])
export type PackedData = z.infer<typeof PackedData>

/** The workspace document as it stands. */
export interface WorkspaceState {
  readonly document: Workspace
  /** Grows with each change, undo and redo. */
  readonly revision: number
  /** Label of the step undo takes back, redo does again; null where there is none. */
  readonly undo: string | null
  readonly redo: string | null
}

const revision = z.int().nonnegative()

export const projectEndpoints = {
  project: endpoint('GET /project', { reply: json<ProjectSummary>(), errors: ['no_project'] }),
  recentProjects: endpoint('GET /projects/recent', { reply: json<RecentProject[]>() }),
  forgetProject: endpoint('POST /projects/forget', {
    body: z.strictObject({ path: z.string() }),
    reply: json<RecentProject[]>(),
  }),
  /** The open project's map as it was last seen: a PNG of at most 256 kB, kept in the project's store. */
  keepMapPicture: endpoint('PUT /projects/picture', {
    body: 'stream',
    reply: json<null>(),
    errors: ['no_project', 'project_locked', 'bad_input', 'io_failed'],
  }),
  /** The map of a project that is listed as recent. `path` is the project's; `of` makes a newer picture another address. */
  mapPicture: endpoint('GET /projects/picture', {
    query: z.strictObject({ path: z.string().min(1), of: z.string().optional() }),
    reply: binary,
    errors: ['not_found'],
  }),
  /** Projects of this machine that look like a dropped file, of which a browser tells no path: among those opened lately, beside
   *  them, and where projects usually lie. */
  findProject: endpoint('POST /projects/find', {
    body: z.strictObject({ name: z.string().min(1).max(255), bytes: z.int().nonnegative(), modifiedAtMs: z.number() }),
    reply: json<string[]>(),
  }),
  /** `folder` is made when it is not there. The file is `<folder>/<name as a file name>.loam`. */
  createProject: endpoint('POST /projects', {
    body: z.strictObject({ name: z.string().trim().min(1).max(120), folder: z.string().min(1) }),
    reply: json<ProjectSummary>(),
    errors: ['name_taken', 'not_found', 'io_failed', 'conflict'],
  }),
  /** `auto`: for reading only when another process writes or its place is write-protected. */
  openProject: endpoint('POST /projects/open', {
    body: z.strictObject({ path: z.string().min(1), mode: z.enum(['auto', 'write', 'read']).default('auto') }),
    reply: json<ProjectSummary>(),
    errors: ['not_found', 'bad_project', 'newer_version', 'project_locked', 'io_failed', 'conflict'],
  }),
  closeProject: endpoint('POST /projects/close', { reply: json<null>(), errors: ['conflict'] }),
  /** Makes the synthetic sample catchment with its project and opens it; the task's result is its summary. */
  sampleProject: endpoint('POST /projects/sample', {
    body: z.strictObject({
      folder: z.string().min(1),
      /** Side of the fine grid, cells of 10 m. */ size: z.int().min(200).max(4000).multipleOf(100).default(500),
      days: z.int().min(5).max(366).default(30),
      seed: z.int().nonnegative().default(2018),
    }),
    reply: json<Task>(),
    errors: ['conflict'],
  }),

  /** What a pack would hold and what stays outside. Nothing is written. */
  planPack: endpoint('POST /projects/pack/plan', {
    body: z.strictObject({ data: PackedData, folder: z.string().nullable().default(null) }),
    reply: json<PackOutlook>(),
    errors: ['no_project'],
  }),
  /** Gathers the project in `<folder>/<name>`, which appears whole or not at all and works on another machine; the task's result is
   *  a PackReport. */
  packProject: endpoint('POST /projects/pack', {
    body: z.strictObject({
      folder: z.string().min(1),
      name: z.string().regex(/^[^<>:"/\\|?*.][^<>:"/\\|?*]{0,79}$/, 'needs a name for a new folder'),
      data: PackedData,
    }),
    reply: json<Task>(),
    errors: ['no_project', 'name_taken', 'not_found', 'disk_full', 'input_changed'],
  }),

  workspace: endpoint('GET /workspace', { reply: json<WorkspaceState>(), errors: ['no_project'] }),
  /** One labelled step. `revision` is of the document it was made from. `mergeKey`: successive steps of one key are one step, as
   *  when a slider is dragged. A conflict's details hold the newer
   *  WorkspaceState as `workspace`. */
  putWorkspace: endpoint('PUT /workspace', {
    body: z.strictObject({
      label: z.string().min(1).max(200),
      document: Workspace,
      revision,
      mergeKey: z.string().max(200).optional(),
    }),
    reply: json<WorkspaceState>(),
    errors: ['no_project', 'project_locked', 'conflict', 'disk_full'],
  }),
  undoWorkspace: endpoint('POST /workspace/undo', {
    body: z.strictObject({ revision }),
    reply: json<WorkspaceState>(),
    errors: ['no_project', 'project_locked', 'conflict'],
  }),
  redoWorkspace: endpoint('POST /workspace/redo', {
    body: z.strictObject({ revision }),
    reply: json<WorkspaceState>(),
    errors: ['no_project', 'project_locked', 'conflict'],
  }),
}
