import type { crsEndpoints } from '../../contract/index.ts'
import { crsDefinition } from '../../engine/raster/index.ts'
import type { Routes } from '../routes.ts'

export const crsRoutes: Routes<typeof crsEndpoints> = {
  crs: ({ params: { code }, query: { x, y, of } }) =>
    crsDefinition(code, x === undefined || y === undefined ? null : { x, y, crs: of }),
}
