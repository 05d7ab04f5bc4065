import { create } from 'zustand'
import type { Day, LoamError } from '../../main/contract/index.ts'
import type { DrawnTile } from './tiles/drawn-tiles.ts'
import type { Bounds } from './view/camera.ts'
import type { DrawnLayer } from './view/panes.ts'

/** A layer as it is on screen. */
export interface ShownLayer {
  readonly pane: string
  readonly layer: DrawnLayer
  readonly day: Day | null
  /** False on a date the layer has no scene of. */
  readonly hasDay: boolean
  readonly drawn: readonly DrawnTile[]
  readonly missing: number
  /** Of so many cells one was read for what is drawn; 1: all were. */
  readonly oneOf: number
  readonly clip: readonly [number, number]
}

interface MapReadings {
  /** In drawing order, pane by pane. */
  readonly shown: readonly ShownLayer[]
  readonly view: Bounds | null
  /** Under the pointer, or the cross-hair while the keyboard is used; in the map's CRS. */
  readonly cursor: { readonly x: number; readonly y: number; readonly pane: string } | null
  readonly isLoading: boolean
  /** First fault of a tile in view. */
  readonly fault: LoamError | null
}

/** What the map shows now, for legends and read-outs beside it. Written by the map only. */
export const useMapReadings = create<MapReadings>(() => ({
  shown: [],
  view: null,
  cursor: null,
  isLoading: false,
  fault: null,
}))
