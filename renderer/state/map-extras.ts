import { create } from 'zustand'
import type { MapLayer } from '../../main/contract/index.ts'

type Rgba = readonly [number, number, number, number]

/** Areas and points over the data, in the workspace's CRS. */
export interface MapOverlay {
  readonly id: string
  readonly polygons: readonly {
    readonly ring: readonly (readonly [number, number])[]
    readonly fill: Rgba | null
    readonly stroke: Rgba | null
    readonly width?: number
    readonly label?: string
  }[]
  readonly points: readonly {
    readonly x: number
    readonly y: number
    readonly fill: Rgba
    readonly radius: number
    readonly label?: string
  }[]
}

interface MapExtras {
  /** Drawn above the document's layers while a place asks for them; no part of the project: previews. */
  readonly layers: readonly MapLayer[]
  readonly overlays: readonly MapOverlay[]
}

export const useMapExtras = create<MapExtras>(() => ({ layers: [], overlays: [] }))

/** Shows a layer above all others, in place of one with the same id; null takes it away. */
export function showExtraLayer(id: string, layer: MapLayer | null): void {
  useMapExtras.setState(({ layers }) => {
    const others = layers.filter((each) => each.id !== id)
    return { layers: layer ? [layer, ...others] : others }
  })
}

export function showOverlay(id: string, overlay: MapOverlay | null): void {
  useMapExtras.setState(({ overlays }) => {
    const others = overlays.filter((each) => each.id !== id)
    return { overlays: overlay ? [...others, overlay] : others }
  })
}
