import { lookBytes } from '../colour/layer-look.ts'
import type { LayerLook } from '../colour/layer-look.ts'
import type { DrawnTile, TilePlan } from '../tiles/drawn-tiles.ts'
import type { Bounds } from '../view/camera.ts'
import { FloatRasterLayer } from './float-raster-layer.ts'
import { failedTile } from './reason-patterns.ts'
import { reasonCodes } from '../../../main/contract/index.ts'
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

/** One cell without a value, drawn where a whole tile says the same. */
function uniformTile(reason: number): TileBody {
  return { rows: 1, cols: 1, values: new Float32Array([Number.NaN]), reasons: new Uint8Array([reason]) }
}
const unreadable = uniformTile(failedTile)
const withoutScene = uniformTile(reasonCodes.no_scene)
const oneCell = { row: 0, col: 0, rows: 1, cols: 1 }

/** The pieces of one layer in one pane, in drawing order. */
export function rasterLayers({ pane, id, look, plan, clip, origin, ink }: RasterInput): FloatRasterLayer[] {
  const ramp = lookBytes(look)
  const layerOf = (key: string, { tile, bounds, cells }: Pick<DrawnTile, 'tile' | 'bounds' | 'cells'>) =>
    new FloatRasterLayer({
      id: `${pane}|${id}|${key}`,
      tile,
      cells,
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

/** The outline of a layer on a day it has no scene of. */
export function withoutSceneLayer(input: Omit<RasterInput, 'plan'>, bounds: Bounds): FloatRasterLayer[] {
  const piece = { key: 'no-scene', tile: withoutScene, bounds, cells: oneCell }
  return rasterLayers({ ...input, plan: { drawn: [piece as DrawnTile], failed: [] } })
}
