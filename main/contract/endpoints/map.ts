import { z } from 'zod'
import { Day } from '../day.ts'
import { binary, endpoint, json } from '../endpoint.ts'
import { LayerSource } from '../layer.ts'
import type { TiledLayer } from '../layer.ts'

export const mapEndpoints = {
  /** Prepares a source for drawing. Asking again is cheap; after a restart of the engine ids are not known until asked again. */
  openLayer: endpoint('POST /layers', {
    body: z.strictObject({
      source: LayerSource,
      /** CRS of the map; default the source's own. */ crs: z.string().optional(),
    }),
    reply: json<TiledLayer>(),
    errors: ['unknown_name', 'bad_recipe', 'source_missing', 'input_changed', 'unsupported_grid'],
  }),
  /** One tile, laid out as `TileBody` says. `day` is `static` for a layer without dates. A date without a scene answers cells
   *  with the reason no_scene; another date is never shown instead. */
  tile: endpoint('GET /layers/:layer/tiles/:day/:level/:row/:col', {
    reply: binary,
    errors: ['unknown_name', 'source_missing', 'input_changed', 'bad_raster', 'native_crash'],
  }),
}

/** `static`, or a date. */
export const TileDay = z.union([z.literal('static'), Day])
