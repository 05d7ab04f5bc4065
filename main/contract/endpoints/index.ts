import { inspectEndpoints } from './inspect.ts'
import { mapEndpoints } from './map.ts'
import { projectEndpoints } from './project.ts'
import { systemEndpoints } from './system.ts'
import { taskEndpoints } from './tasks.ts'

/** The API as data. One row per endpoint; the server's routes and the typed client are made from the rows. */
export const endpoints = {
  ...systemEndpoints,
  ...projectEndpoints,
  ...taskEndpoints,
  ...mapEndpoints,
  ...inspectEndpoints,
}
export type Endpoints = typeof endpoints
export * from './map.ts'
export * from './project.ts'
export * from './system.ts'
export * from './tasks.ts'
