import { gdal } from './gdal.ts'
import { faultInMap } from './map-check.ts'
import type { MapCheck } from './map-check.ts'

/** A child that reads finished maps from disk with caches of its own; see `checkMap`. */
export interface CheckRequest {
  readonly id: number
  readonly check: MapCheck
}

export interface CheckReply {
  readonly id: number
  readonly fault: string | null
}

// Each block is read once, so a cache is worth little here.
gdal.config.set('GDAL_CACHEMAX', String(32 * 1024 * 1024))

process.on('message', (request: CheckRequest) => {
  void faultInMap(request.check)
    .catch((thrown: unknown) => `it cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    .then((fault) => process.send?.({ id: request.id, fault } satisfies CheckReply))
})
process.on('disconnect', () => process.exit(0))
