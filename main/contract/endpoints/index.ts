import { crsEndpoints } from './crs.ts'
import { datasetEndpoints } from './datasets.ts'
import { gridEndpoints } from './grids.ts'
import { inspectEndpoints } from './inspect.ts'
import { mapEndpoints } from './map.ts'
import { projectEndpoints } from './project.ts'
import { recipeEndpoints } from './recipe.ts'
import { reportEndpoints } from './report.ts'
import { runEndpoints } from './runs.ts'
import { stationEndpoints } from './stations.ts'
import { systemEndpoints } from './system.ts'
import { taskEndpoints } from './tasks.ts'
import { validationEndpoints } from './validation.ts'

/** The API as data. One row per endpoint; the server's routes and the typed client are made from the rows. */
export const endpoints = {
  ...systemEndpoints,
  ...projectEndpoints,
  ...taskEndpoints,
  ...runEndpoints,
  ...reportEndpoints,
  ...recipeEndpoints,
  ...mapEndpoints,
  ...crsEndpoints,
  ...datasetEndpoints,
  ...stationEndpoints,
  ...gridEndpoints,
  ...inspectEndpoints,
  ...validationEndpoints,
}
export type Endpoints = typeof endpoints
export * from './crs.ts'
export * from './datasets.ts'
export * from './grids.ts'
export * from './stations.ts'
export * from './inspect.ts'
export * from './map.ts'
export * from './project.ts'
export * from './recipe.ts'
export * from './report.ts'
export * from './runs.ts'
export * from './system.ts'
export * from './tasks.ts'
export * from './validation.ts'
