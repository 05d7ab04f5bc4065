import { z } from 'zod'
import { endpoint, json } from '../endpoint.ts'

/** A coordinate reference system, for computing with it in a window. */
export interface CrsDefinition {
  /** `EPSG:<code>` where one is known, else WKT. */
  readonly code: string
  readonly name: string
  /** For proj4. */
  readonly proj4: string
  /** Of its coordinates: `m`, `degree`, `us-ft` … */
  readonly unit: string
  readonly isGeographic: boolean
}

export const crsEndpoints = {
  /** `code` is `EPSG:28992`, WKT or a PROJ string. `x`, `y`: a place near which its datum shall be right to a metre,
   *  in the CRS itself or in `of`. */
  crs: endpoint('GET /crs/:code', {
    query: z.strictObject({
      x: z.coerce.number().optional(),
      y: z.coerce.number().optional(),
      of: z.string().optional(),
    }),
    reply: json<CrsDefinition>(),
    errors: ['unsupported_grid'],
  }),
}
