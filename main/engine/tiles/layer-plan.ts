import type { Day, FieldExpression, Grid, Kind, RasterDataset } from '../../contract/index.ts'
import type { Plan, StationInput } from '../runs/index.ts'

/** What the names of an expression stand for, as data: any process that holds it can compute the field. */
export interface FieldInputs {
  readonly named: Readonly<Record<string, FieldExpression>>
  /** Only those the expression reads; paths absolute. */
  readonly datasets: readonly RasterDataset[]
  readonly stations: readonly (StationInput & { readonly hash: string })[]
  readonly minValidFraction: number
  /** CRS of the `coordinate` form. */
  readonly crs?: string
}

/** Everything a layer is computed from. A process that computes tiles gets this and never opens the project. */
export type LayerPlan = FieldPlan | ProductPlan | DifferencePlan | PreviewPlan

export interface FieldPlan {
  readonly of: 'field'
  readonly name: string
  readonly expression: FieldExpression
  readonly inputs: FieldInputs
  /** The grid of a field that has none of its own. */
  readonly fallbackGrid: Grid | null
}

export interface ProductPlan {
  readonly of: 'product'
  readonly name: string
  readonly unit: string
  readonly kind: Kind
  readonly grid: Grid
  readonly band: 'values' | 'reasons'
  /** Published maps; `key` is the identity of the day's cells. */
  readonly maps: readonly { readonly day: Day; readonly path: string; readonly key: string }[]
  readonly lineage: string
}

export interface DifferencePlan {
  readonly of: 'difference'
  readonly a: LayerPlan
  readonly b: LayerPlan
}

export interface PreviewPlan {
  readonly of: 'preview'
  readonly preview: PreviewSpec
  readonly layer: 'prediction' | 'interval' | 'applicability'
}

/** A model trained on a few rows of a recipe, made again from this wherever it is asked for. */
export interface PreviewSpec {
  readonly id: string
  readonly plan: Omit<Plan, 'id'>
  readonly stations: readonly (StationInput & { readonly hash: string })[]
  readonly rows: number
}

/** Preview models live in the process for long work; all else is quick. */
export function isLong(plan: LayerPlan): boolean {
  return plan.of === 'preview' || (plan.of === 'difference' && (isLong(plan.a) || isLong(plan.b)))
}
