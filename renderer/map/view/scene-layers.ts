import type { Layer } from '@deck.gl/core'
import type { GraticuleLine } from '../base/graticule.ts'
import type { WorldOutline } from '../base/world-outline.ts'
import { colourOf, valueText } from '../colour/layer-look.ts'
import { rasterLayers } from '../gpu/raster-layers.ts'
import {
  baseLayers,
  graticuleLayers,
  gridLayers,
  markLayers,
  overlayLayers,
  printedValues,
  stationLayers,
  withoutSceneLayer,
} from '../overlay/overlay-layers.ts'
import { namesWithRoom } from '../overlay/names-with-room.ts'
import type { GridOutline, Overlay, Pin, StationMark } from '../overlay/overlays.ts'
import { cellsToPrint } from '../tiles/cells-to-print.ts'
import { gridBounds } from '../tiles/tile-grid.ts'
import { boundsOf, scaleOf } from './camera.ts'
import type { Bounds, Camera } from './camera.ts'
import { mapColours } from './map-colours.ts'
import type { Theme } from './map-colours.ts'
import type { PaneBox } from './map-canvas.ts'
import type { PlannedLayer } from './use-plans.ts'

export interface MapContent {
  readonly stations: readonly StationMark[]
  readonly selectedStation: { readonly set: string; readonly id: string } | null
  readonly overlays: readonly Overlay[]
  readonly grids: readonly GridOutline[]
  readonly selection: { readonly x: number; readonly y: number } | null
  readonly pins: readonly Pin[]
  readonly graticule: readonly GraticuleLine[]
}
interface SceneInput extends MapContent {
  readonly planned: readonly PlannedLayer[]
  /** Drawn below all others, and no data: the shade of the terrain. */
  readonly below: readonly PlannedLayer[]
  readonly boxes: readonly PaneBox[]
  readonly camera: Camera
  readonly origin: { readonly x: number; readonly y: number }
  readonly theme: Theme
  readonly world: WorldOutline | null
}

/** The part of a view between two shares of its width. */
function partOf(view: Bounds, [from, to]: readonly [number, number]): Bounds {
  const width = view.east - view.west
  return { ...view, west: view.west + from * width, east: view.west + to * width }
}

function grown({ west, east, south, north }: Bounds): Bounds {
  const [dx, dy] = [(east - west) / 4, (north - south) / 4]
  return { west: west - dx, east: east + dx, south: south - dy, north: north + dy }
}

/** Share of a pane that names of stations may take, and the pixels of a name: beyond, they would hide the map. */
const mostNames = 0.3
const nameArea = 70 * 18

/** Everything that is drawn, from the bottom up: base map, data, graticule, grids, areas, stations, marks. */
export function sceneLayers(input: SceneInput): Layer[] {
  const { planned, boxes, camera, origin, theme, world, stations } = input
  const colours = mapColours[theme]
  const scale = scaleOf(camera)
  const view = boundsOf(camera, boxes[0] ?? { width: 0, height: 0 })
  const room = mostNames * (boxes[0]?.width ?? 0) * (boxes[0]?.height ?? 0)
  const rasters = [...input.below, ...planned].flatMap((each) => {
    const common = {
      pane: each.pane,
      id: each.layer.id,
      look: each.layer.look,
      clip: each.clip,
      origin,
      ink: colours.ink,
    }
    return each.hasDay
      ? rasterLayers({ ...common, plan: each.plan })
      : [
          withoutSceneLayer(
            `${each.pane}|${each.layer.id}|no-scene`,
            gridBounds(each.layer.tiled.grid),
            origin,
            colours,
          ),
        ]
  })
  // Of layers that share their part of a pane, the uppermost; swiped layers each have their own part.
  const uppermost = planned.filter(
    (each, i) => !planned.some((other, j) => j > i && other.pane === each.pane && other.clip[0] === each.clip[0]),
  )
  const within = ({ west, east, south, north }: Bounds) =>
    stations.filter(({ x, y }) => x > west && x < east && y > south && y < north)
  const { selectedStation } = input
  const selected = stations.find(({ set, id }) => set === selectedStation?.set && id === selectedStation.id) ?? null
  const hasRoom = within(view).length * nameArea <= room
  // With a margin, so that names at the border do not come and go with a neighbour outside.
  const candidates = hasRoom ? within(grown(view)) : selected ? [selected] : []
  const named = namesWithRoom(candidates, scale, selected)
  return [
    ...(world ? baseLayers(world, origin, colours) : []),
    ...rasters,
    ...(input.graticule.length > 0 ? graticuleLayers(input.graticule, origin, colours) : []),
    ...gridLayers(input.grids, view, scale, origin, colours),
    ...uppermost.flatMap(({ pane, plan, clip, layer: { id, look } }) =>
      printedValues(
        `${pane}|values-${id}`,
        cellsToPrint(plan.drawn, partOf(view, clip), scale).map(({ x, y, value }) => ({
          x,
          y,
          words: valueText(look, value),
          ground: colourOf(look, value),
        })),
        origin,
        colours,
      ),
    ),
    ...overlayLayers(input.overlays, origin, colours),
    ...stationLayers(stations, origin, colours, input.selectedStation, named),
    ...markLayers(input.selection, input.pins, origin, colours),
  ]
}
