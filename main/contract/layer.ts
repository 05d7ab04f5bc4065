import { z } from 'zod'
import { FieldExpression } from './field-expression.ts'
import type { Day } from './day.ts'
import type { Grid } from './grid.ts'
import type { Kind } from './block.ts'

/** Anything the map can draw as cells. */
export const LayerSource = z.discriminatedUnion('of', [
  /** A variable of a dataset of the project, as it is stored. */
  z.strictObject({ of: z.literal('dataset'), dataset: z.string(), variable: z.string() }),
  /** A field made from datasets and stations. `fields` are names the expression may use, as in a recipe. */
  z.strictObject({
    of: z.literal('field'),
    expression: FieldExpression,
    fields: z.record(z.string(), FieldExpression).default({}),
    name: z.string().default('field'),
  }),
  /** A published map of a run: `mean`, `reason`, or a quantile layer as the run's results name it. */
  z.strictObject({ of: z.literal('product'), run: z.string(), layer: z.string().default('mean') }),
  /** Two layers of one unit on the finer grid of both, a − b; angles the short way round, not for classes. */
  z.strictObject({
    of: z.literal('difference'),
    get a() {
      return LayerSource
    },
    get b() {
      return LayerSource
    },
  }),
  /** The prediction of a preview model (POST /previews), not saved anywhere; width of its interval; dissimilarity index. */
  z.strictObject({
    of: z.literal('preview'),
    preview: z.string(),
    layer: z.enum(['prediction', 'interval', 'applicability']).default('prediction'),
  }),
])
export type LayerSource = z.infer<typeof LayerSource>

/** How a layer is cut into tiles. Level 0 has the cells of `grid`; a cell of level z covers 2^z × 2^z of them, counted from the
 *  grid's upper-left corner, and holds their mean by the layer's kind (area mean; mean power for dB; mean direction; most
 *  frequent class) over those with a value, or, where none has one, the most frequent reason. A preview is different: it is
 *  predicted at each level from predictors averaged to that level. A tile has `tileCells` × `tileCells` cells, fewer at the right
 *  and lower edge. */
export interface TiledLayer {
  /** Same id, same numbers: tiles may be kept for ever. */
  readonly id: string
  readonly name: string
  /** The grid it is drawn on: its own, or one in the asked CRS with cells of about the same size. */
  readonly grid: Grid
  readonly levels: number
  readonly tileCells: number
  readonly unit: string
  readonly quantity: string
  /** Metres below the ground; null where it is not known or there is none. */
  readonly depth: readonly [number, number] | null
  readonly kind: Kind
  readonly times: readonly Day[] | 'static' | 'any'
  /** 2nd and 98th percentile, smallest and largest of a sample of its cells and dates, of a preview on its training rows; null while
   *  nothing has a value. */
  readonly sampled: { readonly low: number; readonly high: number; readonly min: number; readonly max: number } | null
  /** It has many cells, and the coarse levels are averaged from them: a first look had better be at some (`cells=some`). */
  readonly isLarge: boolean
  /** Methods sentence. */
  readonly lineage: string
}

/** Body of a tile: rows and cols as two little-endian uint32, then rows × cols float32 (NaN where there is no value), then
 *  rows × cols uint8 reason codes. Row-major, from the upper left. One reason comes with a value: in the layer `applicability`
 *  of a preview the value is the dissimilarity index, and `outside_applicability` marks where it is above the threshold. */
export interface TileBody {
  readonly rows: number
  readonly cols: number
  readonly values: Float32Array
  readonly reasons: Uint8Array
}

const tileHeaderBytes = 8

export function encodeTile({ rows, cols, values, reasons }: TileBody): Uint8Array<ArrayBuffer> {
  const cells = rows * cols
  const bytes = new Uint8Array(tileHeaderBytes + 5 * cells)
  new Uint32Array(bytes.buffer, 0, 2).set([rows, cols])
  new Float32Array(bytes.buffer, tileHeaderBytes, cells).set(values)
  bytes.set(reasons, tileHeaderBytes + 4 * cells)
  return bytes
}

/** Views on the buffer; nothing is copied. */
export function decodeTile(buffer: ArrayBuffer): TileBody {
  const [rows, cols] = new Uint32Array(buffer, 0, 2)
  const cells = rows * cols
  return {
    rows,
    cols,
    values: new Float32Array(buffer, tileHeaderBytes, cells),
    reasons: new Uint8Array(buffer, tileHeaderBytes + 4 * cells, cells),
  }
}
