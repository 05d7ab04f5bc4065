import { z } from 'zod'
import type { Kind } from '../block.ts'
import { Day } from '../day.ts'
import type { Period } from '../day.ts'
import { endpoint, json } from '../endpoint.ts'
import { FieldExpression } from '../field-expression.ts'
import type { VariogramRow } from '../field-expression.ts'
import type { Grid } from '../grid.ts'
import { GridSpec } from '../recipe.ts'

const extent = z.tuple([z.number(), z.number(), z.number(), z.number()])
type Extent = z.infer<typeof extent>

export interface CrsChoice {
  readonly crs: string
  readonly name: string
  readonly reason: string
  readonly isMetric: boolean
}

/** What the data at hand suggest; null while there are none. */
export interface GridSuggestion {
  /** The first is the one to take. */
  readonly crs: readonly CrsChoice[]
  readonly fine: { readonly spec: GridSpec; readonly grid: Grid; readonly reason: string } | null
  /** In the asked CRS, or the first of those above. */
  readonly area: Extent | null
  readonly areaReason: string
  readonly period: Period | null
  readonly periodReason: string
}

/** A grid of the audit. `ring` is its outline in the map's CRS. */
export interface AuditedGrid {
  readonly of: 'coarse' | 'training' | 'fine'
  readonly name: string
  readonly grid: Grid
  readonly cellText: string
  readonly ring: readonly (readonly [number, number])[]
}

export interface GridAudit {
  readonly grids: readonly AuditedGrid[]
  readonly findings: readonly {
    readonly tone: 'good' | 'warn' | 'bad'
    readonly text: string
    /** The grid that is judged, and what it would be taken for to mend it. */
    readonly of: 'training' | 'fine'
    readonly snap: GridSpec | null
  }[]
  /** Fine cells along a side of a coarse cell; null without a coarse grid. */
  readonly scaleFactor: { readonly x: number; readonly y: number } | null
  /** Share of the fine grid that the coarse one covers, 0–1. */
  readonly overlap: number | null
  /** Cells of the fine grid. */
  readonly cells: number
}

export interface FieldCheck {
  /** Null when it has faults. */
  readonly field: {
    readonly unit: string
    readonly kind: Kind
    readonly times: readonly Day[] | 'static' | 'any'
    readonly grid: Grid | null
    readonly lineage: string
  } | null
  readonly faults: readonly { readonly path: string; readonly code: string; readonly message: string }[]
}

/** What a kriged field stands on, on one date. */
export interface KrigingProof {
  /** Kriged in; lags and ranges are in its unit, along great circles in metres. */
  readonly crs: string
  readonly lengthUnit: string
  /** Of the variable. */
  readonly unit: string
  /** As it can stand in the expression. */
  readonly model: readonly VariogramRow[]
  /** Semivariances of pairs, in the unit squared: of all dates, or of this date where each has its own variogram. */
  readonly bins: readonly { readonly lag: number; readonly semivariance: number; readonly pairs: number }[]
  /** The model from near 0 to the largest lag. */
  readonly line: readonly { readonly lag: number; readonly semivariance: number }[]
  /** Each station of the date from the others. */
  readonly leaveOneOut: {
    readonly n: number
    /** mean(predicted − observed). */
    readonly bias: number
    readonly rmse: number
    /** 1 when the kriging variance is as large as the squared errors are. */
    readonly meanSquaredZ: number
  }
}

export const gridEndpoints = {
  suggestGrids: endpoint('POST /grids/suggest', {
    body: z.strictObject({
      /** Names that count; default every dataset and station set. */ datasets: z.array(z.string()).optional(),
      stationSets: z.array(z.string()).optional(),
      /** CRS that was chosen already. */ crs: z.string().nullable().default(null),
    }),
    reply: json<GridSuggestion>(),
    errors: ['no_project', 'unknown_name', 'unsupported_grid'],
  }),
  /** How coarse, training and fine grid lie in each other. */
  auditGrids: endpoint('POST /grids/audit', {
    body: z.strictObject({
      fine: GridSpec,
      /** Dataset of the coarse target; null when the target is stations. */ coarse: z.string().nullable(),
      training: GridSpec.nullable().default(null),
      /** CRS of the outlines. */ crs: z.string().min(1),
    }),
    reply: json<GridAudit>(),
    errors: ['no_project', 'unknown_name', 'unsupported_grid', 'bad_recipe', 'too_large'],
  }),
  /** An extent in another CRS: the smallest that holds it. */
  moveExtent: endpoint('POST /grids/extent', {
    body: z.strictObject({
      from: z.union([z.strictObject({ crs: z.string(), extent }), z.strictObject({ dataset: z.string() })]),
      crs: z.string().min(1),
    }),
    reply: json<{ readonly extent: Extent }>(),
    errors: ['no_project', 'unknown_name', 'unsupported_grid'],
  }),
  /** Says what a field would be, or what is wrong with it and where. Nothing is read. */
  checkField: endpoint('POST /fields/check', {
    body: z.strictObject({
      name: z.string().default('field'),
      /** Unchecked, so that a form in the making gets its faults as an answer. */
      expression: z.json(),
      fields: z.record(z.string(), FieldExpression).default({}),
    }),
    reply: json<FieldCheck>(),
    errors: ['no_project'],
  }),
  /** Named fields of the recipes that runs were made with, newest run first: to tell what a change of a field leaves behind. */
  fieldsOfRuns: endpoint('GET /fields/runs', {
    reply: json<{ readonly run: string; readonly fields: Readonly<Record<string, FieldExpression>> }[]>(),
    errors: ['no_project'],
  }),
  /** How well a kriged field's variogram fits its stations, and they each other. Reads what the drift is made of. */
  proveKriging: endpoint('POST /fields/kriging', {
    body: z.strictObject({
      expression: FieldExpression,
      fields: z.record(z.string(), FieldExpression).default({}),
      day: Day,
    }),
    reply: json<KrigingProof>(),
    errors: [
      'no_project',
      'bad_recipe',
      'unknown_name',
      'bad_table',
      'no_dates',
      'too_few_rows',
      'unsupported_grid',
      'source_missing',
      'input_changed',
      'bad_raster',
    ],
  }),
}
