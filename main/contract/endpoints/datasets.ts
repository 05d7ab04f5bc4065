import { z } from 'zod'
import type { Kind } from '../block.ts'
import type { RasterVariable } from '../dataset.ts'
import type { Day } from '../day.ts'
import { binary, endpoint, json } from '../endpoint.ts'
import type { Grid } from '../grid.ts'
import type { Task } from '../server-event.ts'
import { RasterSettings, SourceRole, StationTableSettings } from '../survey.ts'
import { MapLayer } from '../workspace.ts'
import type { Survey, SurveyedProduct, TablePreview } from '../survey.ts'

/** A dataset in a list. Those that were taken out are listed as well: the workspace says which. */
export interface DatasetRow {
  readonly name: string
  readonly grid: Grid
  /** `10 m × 10 m`, and the CRS by its name. */
  readonly cellText: string
  readonly crsName: string
  readonly variables: readonly { readonly name: string; readonly unit: string; readonly kind: Kind }[]
  readonly files: number
  readonly bytes: number
  readonly scenes: number
  /** Null for a dataset without dates. */
  readonly firstDay: Day | null
  readonly lastDay: Day | null
  readonly days: number
  /** Mean share of cells with a value, of those looked at when it was added, 0–1; null when not known. */
  readonly validShare: number | null
  /** Files that are not where they were; of a dataset of many, among those looked for. */
  readonly missingFiles: number
  readonly notes: number
}

export interface DatasetCard extends Omit<DatasetRow, 'files' | 'notes' | 'variables'> {
  readonly variables: readonly RasterVariable[]
  readonly files: readonly {
    readonly path: string
    readonly bytes: number
    readonly modifiedMs: number
    readonly sha256: string
    readonly isThere: boolean
    /** First date it holds, null when static. */
    readonly day: Day | null
  }[]
  readonly dateRule: string
  readonly notes: readonly string[]
  /** Runs whose inputs hold it, and fields, predictors and layers of the workspace that name it. */
  readonly usedBy: readonly { readonly kind: 'run' | 'recipe' | 'layer' | 'field'; readonly name: string }[]
}

/** Which dates a dataset has, for the time bar and the calendar. */
export interface Coverage {
  /** Sorted; empty for a dataset without dates. */
  readonly days: readonly Day[]
  /** Share of cells with a value on each of them, of those looked at when it was added, 0–1; null when not known. */
  readonly validShare: readonly (number | null)[]
  /** Days absent at the usual step. */
  readonly missing: readonly Day[]
  /** Days that came more than once when it was added. */
  readonly duplicated: readonly Day[]
}

export interface AcceptResult {
  readonly datasets: readonly string[]
  readonly stationSets: readonly string[]
  readonly failed: readonly { readonly name: string; readonly code: string; readonly message: string }[]
}

export interface RelinkResult {
  readonly found: readonly { readonly dataset: string; readonly from: string; readonly to: string }[]
  readonly missing: readonly { readonly dataset: string; readonly path: string }[]
}

const adding = ['no_project', 'project_locked', 'unknown_name'] as const

export const datasetEndpoints = {
  /** Looks into files and folders, in a process of its own. Ask `survey` as the task goes on: products are there before all of
   *  their files were looked into. */
  startSurvey: endpoint('POST /surveys', {
    body: z.strictObject({ paths: z.array(z.string().min(1)).min(1).max(100_000) }),
    reply: json<Survey>(),
    errors: ['no_project'],
  }),
  survey: endpoint('GET /surveys/:survey', { reply: json<Survey>(), errors: ['no_project', 'unknown_name'] }),
  /** A product understood anew with what the user says. */
  reviewProduct: endpoint('POST /surveys/:survey/products/:product', {
    body: z.strictObject({ raster: RasterSettings.optional(), stations: StationTableSettings.optional() }),
    reply: json<SurveyedProduct>(),
    errors: ['no_project', 'unknown_name', 'native_crash'],
  }),
  /** Its first date as a small picture: a tile body of at most 160 × 160 cells. */
  productPicture: endpoint('GET /surveys/:survey/products/:product/picture', {
    reply: binary,
    errors: ['no_project', 'unknown_name', 'bad_raster', 'native_crash', 'not_found'],
  }),
  /** The first rows of a product that is a table. */
  productTable: endpoint('GET /surveys/:survey/products/:product/table', {
    reply: json<TablePreview>(),
    errors: ['no_project', 'unknown_name', 'bad_table', 'unsupported_format', 'not_found'],
  }),
  /** Adds products one by one, also while others are still looked into. The task's result is an AcceptResult; the workspace has
   *  one step more, which takes all of them back. */
  acceptProducts: endpoint('POST /surveys/:survey/accept', {
    body: z.strictObject({
      products: z
        .array(
          z.strictObject({
            id: z.string(),
            name: z.string().min(1).max(64),
            role: SourceRole,
            /** Take the place of the dataset of that name. */ replace: z.boolean().default(false),
          }),
        )
        .min(1),
      /** Layers the same step adds to the map, of datasets that are added. */
      layers: z.array(MapLayer).max(200).default([]),
    }),
    reply: json<Task>(),
    errors: [...adding],
  }),
  closeSurvey: endpoint('DELETE /surveys/:survey', { reply: json<null>(), errors: ['no_project'] }),

  datasets: endpoint('GET /datasets', { reply: json<DatasetRow[]>(), errors: ['no_project'] }),
  dataset: endpoint('GET /datasets/:name', { reply: json<DatasetCard>(), errors: ['no_project', 'unknown_name'] }),
  coverage: endpoint('GET /datasets/:name/coverage', {
    reply: json<Coverage>(),
    errors: ['no_project', 'unknown_name'],
  }),
  /** Outlines of all datasets in a CRS; a dataset that has no place there is left out. */
  footprints: endpoint('GET /footprints', {
    query: z.strictObject({ crs: z.string().min(1) }),
    reply: json<{ readonly name: string; readonly ring: readonly (readonly [number, number])[] }[]>(),
    errors: ['no_project', 'unsupported_grid'],
  }),
  /** Looks for files that moved in a folder and below, by size and contents; the task's result is a RelinkResult. A trial changes
   *  nothing; the same folder without `isTrial` then takes what the trial found, without reading the files again. */
  relink: endpoint('POST /relink', {
    body: z.strictObject({ folder: z.string().min(1), isTrial: z.boolean().default(false) }),
    reply: json<Task>(),
    errors: ['no_project', 'project_locked', 'not_found'],
  }),
  /** Gives a dataset another name, also wherever the workspace names it, now and in its history. */
  renameDataset: endpoint('POST /datasets/:name/rename', {
    body: z.strictObject({ to: z.string().min(1).max(64) }),
    reply: json<null>(),
    errors: ['no_project', 'project_locked', 'unknown_name', 'name_taken', 'bad_input'],
  }),
}
