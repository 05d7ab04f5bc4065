import { z } from 'zod'
import { Day } from '../day.ts'
import { endpoint, json } from '../endpoint.ts'
import type { Grid } from '../grid.ts'
import { Recipe } from '../recipe.ts'
import type { RunEstimate, RunEvent, RunState, StepName } from '../run.ts'
import type { IntervalCoverage, ScoreRow } from '../score.ts'
import type { Task } from '../server-event.ts'
import type { RunTuning } from '../tuning.ts'

export interface RunSummary {
  /** `r0001`, `r0002`, … in the order they were made. */
  readonly id: string
  readonly name: string
  readonly state: RunState
  /** Why it is in this state; warnings of a finished run, one a line. */
  readonly message: string
  readonly createdAtMs: number
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
  readonly estimate: RunEstimate | null
  /** 0: under way; n: n-th in the queue; null: neither. */
  readonly place: number | null
  /** The newest progress; null while not under way. */
  readonly progress: RunProgress | null
}

export interface RunProgress {
  readonly step: StepName
  readonly done: number
  readonly total: number
  /** Until the run ends; null until known. */
  readonly secondsLeft: { readonly from: number; readonly to: number } | null
}

/** How one step stands. `total` parts, of which `reused` were found done and `computed` were computed now. */
export interface RunStep {
  readonly step: StepName
  readonly state: 'started' | 'done'
  readonly total: number
  readonly reused: number
  readonly computed: number
  readonly seconds: number
}

export interface RunDay {
  readonly day: Day
  readonly state: 'done' | 'waiting' | 'failed'
  /** Why it failed; else empty. */
  readonly message: string
}

export interface RunDetails extends RunSummary {
  readonly recipe: Recipe
  readonly planId: string
  /** Absolute. */
  readonly folder: string
  readonly steps: readonly RunStep[]
  readonly days: readonly RunDay[]
  /** Names of the maps of each day: `mean`, then quantiles and standard deviation as the product asks. */
  readonly layers: readonly string[]
  readonly warnings: readonly string[]
}

/** One line of a run's log. */
export type RunLogLine = RunEvent & { readonly n: number }

/** What a finished run found. */
export interface RunFindings {
  readonly scores: readonly ScoreRow[]
  /** Sentences: did the fine map help? */
  readonly verdicts: readonly string[]
  /** Sentences: what to be careful about. */
  readonly warnings: readonly string[]
  /** What random and grouped folds share between training and test. */
  readonly leakage: readonly string[]
  readonly rows: number
  /** How often the interval of each split's held-out predictions held the value; empty without intervals. */
  readonly coverage: readonly (IntervalCoverage & { readonly split: string })[]
  /** Mean rise of the squared error when a predictor is replaced or permuted, target units squared: on the held-out rows of the
   *  first split, with its standard deviation over folds; out of bag, with its standard deviation over trees (null for a
   *  learner without trees' samples). Beside them the share of the fall in variance. Strongest on held-out rows first. */
  readonly importance: readonly {
    readonly predictor: string
    readonly heldOut: number
    readonly heldOutSd: number | null
    readonly permutation: number | null
    readonly permutationSd: number | null
    readonly impurity: number
  }[]
  /** How the settings of the learner were sought; null or absent where they were given. */
  readonly tuning?: RunTuning | null
  /** Candidate rows left out, by reason. */
  readonly excluded: Readonly<Record<string, number>>
  /** How the maps were made, for a methods section. */
  readonly lineage: string
}

export interface RunMap {
  readonly day: Day
  readonly layers: readonly {
    readonly layer: string
    /** Absolute, and relative to the project's folder with `/`. */
    readonly path: string
    readonly relativePath: string
    readonly bytes: number
    /** Null until the run has ended. */
    readonly sha256: string | null
  }[]
}

/** When, by whom and why a sealed test part was opened. */
export interface TestOpening {
  readonly run: string
  readonly atMs: number
  /** Name of the account that did it. */
  readonly who: string
  readonly reason: string
  /** What was found, as sentences. */
  readonly verdicts: readonly string[]
}

/** The test part that a run's split seals. */
export interface TestPartState {
  readonly words: string
  /** Rows held out of training; null while the run has no results. */
  readonly rows: number | null
  /** Of this run; null while sealed. */
  readonly opened: TestOpening | null
  /** Openings of the same test part for other runs: it is no longer unseen. */
  readonly others: readonly TestOpening[]
  /** Once opened; rows of `part` "test". */
  readonly scores: readonly ScoreRow[]
}

/** Everything a run was computed from. */
export interface RunProvenance {
  readonly planId: string
  readonly recipeHash: string
  readonly recipe: Recipe
  readonly seed: number
  readonly versions: Readonly<Record<string, string>>
  readonly fineGrid: Grid
  /** Null when the target is stations. */
  readonly trainingGrid: Grid | null
  readonly trainingDays: readonly Day[]
  readonly productDays: readonly Day[]
  readonly datasets: readonly {
    readonly name: string
    readonly dateRule: string
    readonly notes: readonly string[]
    readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[]
  }[]
  readonly stations: readonly { readonly name: string; readonly hash: string }[]
  /** Methods sentences; null until the run has ended. */
  readonly lineage: string | null
  readonly files: readonly {
    readonly kind: string
    readonly path: string
    readonly sha256: string
    readonly bytes: number
  }[]
}

export interface RunComparison {
  readonly a: RunSummary
  readonly b: RunSummary
  /** Settings that differ, by their path in the recipe; null where one has none. */
  readonly settings: readonly { readonly path: string; readonly a: unknown; readonly b: unknown }[]
  readonly versions: readonly { readonly program: string; readonly a: string | null; readonly b: string | null }[]
  /** Rows that either has, those of `a` first. */
  readonly scores: readonly {
    readonly validation: string
    readonly subject: string
    readonly part: string
    readonly a: ScoreRow['scores'] | null
    readonly b: ScoreRow['scores'] | null
  }[]
  /** Days both have a map of. */
  readonly commonDays: readonly Day[]
}

/** Result of the task that repeats a run. */
export interface Reproduction {
  readonly isIdentical: boolean
  readonly files: number
  /** The first file that differs, relative to the run's folder. */
  readonly firstDifference: { readonly file: string; readonly was: string; readonly is: string | null } | null
  /** Programs of another version than the run was made with. */
  readonly changedVersions: readonly { readonly program: string; readonly was: string; readonly is: string | null }[]
}

/** Result of the task that exports a run. */
export interface ExportReport {
  /** Absolute. */
  readonly folder: string
  readonly files: number
  readonly bytes: number
}

/** What an export would write. */
export interface ExportPlan {
  readonly files: readonly { readonly name: string; readonly bytes: number }[]
  readonly bytes: number
  /** Free on the disk of the folder that was given; null when none was, or it is not there. */
  readonly freeBytes: number | null
}

const exportContents = {
  /** Default all. */
  days: z.array(Day).optional(),
  /** `mean` is the map itself. Default all. */
  layers: z.array(z.string()).optional(),
  /** `cog`: a Cloud-Optimised GeoTIFF a day with its STAC item; `netcdf`: a NetCDF-CF file a month. */
  format: z.enum(['cog', 'netcdf', 'both']).default('cog'),
  /** QML and SLD beside each GeoTIFF. */
  withStyles: z.boolean().default(true),
  /** The model, plan and results beside the maps. */
  withModel: z.boolean().default(true),
}

/** How much of the machine a run may use. */
export const RunPowerChoice = z.strictObject({
  /** Default one per core. */
  workers: z.int().min(1).max(1024).optional(),
  /** Memory of one worker for decoded input, bytes. */
  cacheBytes: z.number().min(1e6).max(1e12).optional(),
})

export const runEndpoints = {
  /** Newest first. */
  listRuns: endpoint('GET /runs', { reply: json<RunSummary[]>(), errors: ['no_project'] }),
  /** Fixes a run of a recipe. Nothing is computed yet, and nothing waits. */
  planRun: endpoint('POST /runs', {
    body: z.strictObject({ recipe: Recipe }),
    reply: json<RunDetails>(),
    errors: [
      'no_project',
      'project_locked',
      'bad_recipe',
      'unknown_name',
      'source_missing',
      'input_changed',
      'unit_mismatch',
    ],
  }),
  showRun: endpoint('GET /runs/:run', { reply: json<RunDetails>(), errors: ['no_project', 'unknown_name'] }),
  /** Takes a run out that was planned and never started. */
  discardRun: endpoint('DELETE /runs/:run', {
    reply: json<null>(),
    errors: ['no_project', 'project_locked', 'unknown_name', 'conflict'],
  }),
  /** What it will take on this machine: the pace is measured, which takes seconds. */
  estimateRun: endpoint('POST /runs/:run/estimate', {
    body: RunPowerChoice,
    reply: json<RunEstimate>(),
    errors: ['no_project', 'unknown_name', 'source_missing', 'input_changed', 'native_crash'],
  }),
  /** Starts it, or goes on where it was; it waits while another is under way. */
  startRun: endpoint('POST /runs/:run/start', {
    body: RunPowerChoice,
    reply: json<RunSummary>(),
    errors: ['no_project', 'project_locked', 'unknown_name', 'conflict'],
  }),
  /** Answers at once: no further part is begun, those under way end, within half a minute at most; then the run is `paused`, takes
   *  neither memory nor cores, and the next in the queue goes on. Started again, it goes on where it was. */
  pauseRun: endpoint('POST /runs/:run/pause', {
    reply: json<RunSummary>(),
    errors: ['no_project', 'project_locked', 'unknown_name', 'conflict'],
  }),
  /** Answers at once; what was finished is kept. */
  cancelRun: endpoint('POST /runs/:run/cancel', {
    reply: json<RunSummary>(),
    errors: ['no_project', 'project_locked', 'unknown_name', 'conflict'],
  }),
  runLog: endpoint('GET /runs/:run/log', {
    query: z.strictObject({ /** Lines after this number. */ after: z.coerce.number().int().min(-1).default(-1) }),
    reply: json<RunLogLine[]>(),
    errors: ['no_project', 'unknown_name'],
  }),
  runFindings: endpoint('GET /runs/:run/findings', {
    reply: json<RunFindings>(),
    errors: ['no_project', 'unknown_name', 'incomplete'],
  }),
  runScores: endpoint('GET /runs/:run/scores', {
    reply: json<ScoreRow[]>(),
    errors: ['no_project', 'unknown_name'],
  }),
  /** Null for a run whose split seals nothing. */
  runTestPart: endpoint('GET /runs/:run/test', {
    reply: json<TestPartState | null>(),
    errors: ['no_project', 'unknown_name'],
  }),
  /** Opens it, once, which is kept in the project for good. */
  openTestPart: endpoint('POST /runs/:run/test', {
    body: z.strictObject({ reason: z.string().trim().min(10).max(2000) }),
    reply: json<TestPartState>(),
    errors: ['no_project', 'project_locked', 'unknown_name', 'conflict', 'incomplete', 'too_few_rows'],
  }),
  /** Also of a run that is under way: the days that are finished. */
  runMaps: endpoint('GET /runs/:run/maps', { reply: json<RunMap[]>(), errors: ['no_project', 'unknown_name'] }),
  runProvenance: endpoint('GET /runs/:run/provenance', {
    reply: json<RunProvenance>(),
    errors: ['no_project', 'unknown_name'],
  }),
  compareRuns: endpoint('GET /runs/:run/compare/:other', {
    reply: json<RunComparison>(),
    errors: ['no_project', 'unknown_name'],
  }),
  /** Repeats a finished run from its plan in a store of its own; the task's result is a Reproduction. */
  reproduceRun: endpoint('POST /runs/:run/reproduce', {
    body: RunPowerChoice,
    reply: json<Task>(),
    errors: ['no_project', 'unknown_name', 'conflict', 'incomplete'],
  }),
  /** Names and sizes of the files an export would write. Nothing is written. */
  planExport: endpoint('POST /runs/:run/export/plan', {
    body: z.strictObject({ folder: z.string().nullable().default(null), ...exportContents }),
    reply: json<ExportPlan>(),
    errors: ['no_project', 'unknown_name', 'incomplete', 'bad_input', 'not_found'],
  }),
  /** Writes maps with their STAC items and styles into `<folder>/<name>`, which appears whole or not at all; the task's result is
   *  an ExportReport. */
  exportRun: endpoint('POST /runs/:run/export', {
    body: z.strictObject({
      folder: z.string().min(1),
      name: z.string().regex(/^[^<>:"/\\|?*.][^<>:"/\\|?*]{0,79}$/, 'needs a name for a new folder'),
      ...exportContents,
    }),
    reply: json<Task>(),
    errors: ['no_project', 'unknown_name', 'name_taken', 'not_found', 'incomplete', 'disk_full'],
  }),
}
