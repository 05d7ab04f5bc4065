import { z } from 'zod'
import type { Kind, Reason } from '../block.ts'
import { Day } from '../day.ts'
import { binary, endpoint, json } from '../endpoint.ts'
import { LayerSource } from '../layer.ts'
import type { TiledLayer } from '../layer.ts'

/** `static`, or a date. */
export const TileDay = z.union([z.literal('static'), Day])
export type TileDay = z.infer<typeof TileDay>

/** Header of a tile: of so many cells of the layer's grid one was read. */
export const oneOfHeader = 'x-loam-one-of'

export interface LayerHistogram {
  /** Cells counted; each covers 2^level × 2^level cells of the layer's grid and holds their mean (mode of classes). */
  readonly level: number
  readonly cells: number
  /** Cells with a value; those below `range[0]` or above `range[1]` are counted in `below` and `above`. */
  readonly valid: number
  readonly below: number
  readonly above: number
  readonly range: readonly [number, number]
  /** Equal bins over `range`, the last one closed. Of a categorical layer: one per class, see `classes`. */
  readonly counts: readonly number[]
  readonly classes: readonly number[] | null
  readonly kind: Kind
  readonly mean: number | null
  /** Root of the mean square, as is said of a difference. */
  readonly rms: number | null
  readonly min: number | null
  readonly max: number | null
  /** Cells without a value, by reason. */
  readonly reasons: Readonly<Partial<Record<Reason, number>>>
}

export const mapEndpoints = {
  /** Prepares a source for drawing. Asking again is cheap; after a restart of the engine ids are not known until asked again. */
  openLayer: endpoint('POST /layers', {
    body: z.strictObject({
      source: LayerSource,
      /** CRS of the map; default the source's own. */ crs: z.string().optional(),
    }),
    reply: json<TiledLayer>(),
    errors: [
      'unknown_name',
      'not_found',
      'bad_recipe',
      'no_dates',
      'unit_mismatch',
      'source_missing',
      'input_changed',
      'unsupported_grid',
      'bad_raster',
      'native_crash',
    ],
  }),
  /** One tile, laid out as `TileBody` says. `day` is `static` for a layer without dates. A date without a scene answers cells
   *  with the reason no_scene; another date is never shown instead. With `cells=some`, cells of a coarse level may hold the value
   *  of the one fine cell under their centre where averages are not at hand: the header `x-loam-one-of` says of how many cells
   *  one was read, and the answer is not to be kept. */
  tile: endpoint('GET /layers/:layer/tiles/:day/:level/:row/:col', {
    query: z.strictObject({ cells: z.enum(['all', 'some']).default('all') }),
    reply: binary,
    errors: ['unknown_name', 'source_missing', 'input_changed', 'bad_raster', 'native_crash'],
  }),
  /** How the values of a layer are spread on a day, in a view or over the whole of it. Counted at the finest level that has at
   *  most a million cells there. */
  layerHistogram: endpoint('POST /layers/:layer/histogram', {
    body: z.strictObject({
      day: TileDay,
      /** [west, south, east, north] in the layer's CRS; absent: the whole layer. */
      extent: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(),
      bins: z.int().min(1).max(1024).default(64),
      /** Default: from the smallest to the largest value found. */
      range: z.tuple([z.number(), z.number()]).optional(),
    }),
    reply: json<LayerHistogram>(),
    errors: ['unknown_name', 'source_missing', 'input_changed', 'bad_raster', 'native_crash'],
  }),
}
