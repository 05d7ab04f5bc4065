import { create } from 'zustand'
import type { MapLayer } from '../../main/contract/index.ts'
import type { GridOutline, Overlay, StationMark } from './overlay/overlays.ts'
import type { Bounds } from './view/camera.ts'

interface MapExtras {
  /** Drawn above the document's layers and no part of the project: the preview of a model. */
  readonly layers: readonly MapLayer[]
  /** By owner: folds of the model, footprints of datasets. A panel takes its own away when it leaves. */
  readonly overlays: Readonly<Record<string, Overlay>>
  readonly grids: readonly GridOutline[]
  /** Colour and words of stations by `<set>/<station>`; null: drawn plainly. */
  readonly stationLooks: Readonly<Record<string, Pick<StationMark, 'colour' | 'words'>>> | null
  /** `<set>/<station>` of those a filter leaves; the others are drawn faintly. Null: nothing is filtered. */
  readonly stationsLeft: ReadonlySet<string> | null
  /** While it is there, a dragged rectangle is handed to it in place of panning. */
  readonly onArea: ((bounds: Bounds) => void) | null
  /** A picture for a figure is being taken: in light colours whatever the window's theme is. */
  readonly isForPrint: boolean
  /** A place the map should go to; taken away by the map when it is there. */
  readonly goTo: Bounds | null
}

/** What panels add to the map besides layers. */
export const useMapExtras = create<MapExtras>(() => ({
  layers: [],
  overlays: {},
  grids: [],
  stationLooks: null,
  stationsLeft: null,
  onArea: null,
  isForPrint: false,
  goTo: null,
}))

/** Puts an owner's overlay on the map; null takes it off. */
export function setOverlay(owner: string, overlay: Overlay | null): void {
  useMapExtras.setState(({ overlays }) => {
    const { [owner]: _old, ...others } = overlays
    return { overlays: overlay ? { ...others, [owner]: overlay } : others }
  })
}

/** Shows a layer above all others, in place of one with the same id; null takes it off. */
export function setExtraLayer(id: string, layer: MapLayer | null): void {
  useMapExtras.setState(({ layers }) => {
    const others = layers.filter((each) => each.id !== id)
    return { layers: layer ? [layer, ...others] : others }
  })
}
