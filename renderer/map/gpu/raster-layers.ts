import { lookBytes } from '../colour/layer-look.ts'
import type { LayerLook } from '../colour/layer-look.ts'
import type { DrawnTile, TilePlan } from '../tiles/drawn-tiles.ts'
import { FloatRasterLayer } from './float-raster-layer.ts'
import { failedTile } from './reason-patterns.ts'
import type { TileBody } from '../../../main/contract/index.ts'

interface RasterInput {
  readonly pane: string
  readonly id: string
  readonly look: LayerLook
  readonly plan: Pick<TilePlan, 'drawn' | 'failed'>
  readonly clip: readonly [number, number]
  readonly origin: { readonly x: number; readonly y: number }
  readonly ink: readonly [number, number, number, number]
}

/** Drawn in place of a tile that could not be read. */
const unreadable: TileBody = {
  rows: 1,
  cols: 1,
  values: new Float32Array([Number.NaN]),
  reasons: new Uint8Array([failedTile]),
}
const oneCell = { row: 0, col: 0, rows: 1, cols: 1 }

/** The pieces of one layer in one pane, in drawing order. */
export function rasterLayers({ pane, id, look, plan, clip, origin, ink }: RasterInput): FloatRasterLayer[] {
  const ramp = lookBytes(look)
  const layerOf = (
    key: string,
    { tile, haloed, bounds, cells }: Pick<DrawnTile, 'haloed' | 'bounds' | 'cells'> & { readonly tile: TileBody },
  ) =>
    new FloatRasterLayer({
      id: `${pane}|${id}|${key}`,
      tile: haloed ?? tile,
      cells: haloed ? { ...cells, row: cells.row + 1, col: cells.col + 1 } : cells,
      bounds: [bounds.west - origin.x, bounds.south - origin.y, bounds.east - origin.x, bounds.north - origin.y],
      ramp,
      range: look.range,
      classes: look.classes,
      isSmooth: look.isSmooth && look.kind !== 'categorical',
      isCategorical: look.kind === 'categorical',
      showReasons: look.showReasons,
      opacity: look.opacity,
      clip,
      ink,
    })
  return [
    ...plan.drawn.map((piece) => layerOf(piece.key, piece)),
    ...plan.failed.map(({ address: { level, row, col }, bounds }) =>
      layerOf(`failed-${level}-${row}-${col}`, { tile: unreadable, cells: oneCell, bounds }),
    ),
  ]
}
