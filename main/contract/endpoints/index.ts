import { inspectEndpoints } from './inspect.ts'
import { mapEndpoints } from './map.ts'

/** The API as data. One row per endpoint; the server's routes and the typed client are made from the rows. */
export const endpoints = {
  ...mapEndpoints,
  ...inspectEndpoints,
}
export type Endpoints = typeof endpoints
