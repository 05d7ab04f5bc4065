import type { inspectEndpoints } from '../../contract/index.ts'
import { mapService } from '../map-service.ts'
import type { Routes } from '../routes.ts'

export const inspectRoutes: Routes<typeof inspectEndpoints> = {
  inspect: ({ body: { day, layers, ...place }, signal }, context) =>
    context.service(mapService).inspect(place, day, layers, signal),
  cellSeries: ({ body: { x, y, crs, ...asked }, signal }, context) =>
    context.service(mapService).cellSeries({ x, y, crs }, asked, signal),
  preview: ({ body: { recipe, rows }, signal }, context) => context.service(mapService).preview(recipe, rows, signal),
}
