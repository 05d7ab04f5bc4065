import { mapEndpoints } from './map.ts'

/** The API as data. One row per endpoint; the server's routes and the typed client are made from the rows. */
export const endpoints = {
  ...mapEndpoints,
}
export type Endpoints = typeof endpoints
