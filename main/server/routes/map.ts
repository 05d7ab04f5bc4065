import { LoamError, TileDay, oneOfHeader } from '../../contract/index.ts'
import type { mapEndpoints } from '../../contract/index.ts'
import { mapService } from '../map-service.ts'
import { BinaryReply } from '../routes.ts'
import type { Routes } from '../routes.ts'

/** A layer's id is a hash of its content, so what lies under it never changes. */
const forEver = 'private, max-age=31536000, immutable'

export const mapRoutes: Routes<typeof mapEndpoints> = {
  openLayer: ({ body: { source, crs }, signal }, context) => context.service(mapService).openLayer(source, crs, signal),
  async tile({ params, query, etags, signal }, context) {
    const day = TileDay.safeParse(params.day)
    if (!day.success)
      throw new LoamError('bad_input', `"${params.day}" is no date. A tile needs a date as YYYY-MM-DD, or "static".`)
    const place = { level: whole(params.level), row: whole(params.row), col: whole(params.col) }
    const asked = { ...place, isQuick: query.cells === 'some' }
    const etag = `"${params.layer.slice(0, 32)}-${day.data}-${place.level}-${place.row}-${place.col}"`
    const kept = { 'cache-control': forEver, etag }
    // Only averages of all cells are ever sent with a tag, so what was kept is as good as any.
    if (etags.includes(etag)) return BinaryReply.notModified(kept)
    const { bytes, oneOf } = await context.service(mapService).quickTile(params.layer, day.data, asked, signal)
    if (oneOf > 1) return new BinaryReply(bytes, { 'cache-control': 'no-store', [oneOfHeader]: String(oneOf) })
    return new BinaryReply(bytes, kept)
  },
  layerHistogram: ({ params, body: { day, ...options }, signal }, context) =>
    context.service(mapService).histogram(params.layer, day, options, signal),
}

function whole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new LoamError('bad_input', `"${text}" is no number of a level, row or column of tiles. They count from 0.`)
}
