import type { Day, InspectedModel, LayerHistogram, PreviewAnswer, Reason, TiledLayer } from '../../contract/index.ts'
import type { HistogramOptions } from './histogram.ts'
import type { TilePlace } from './drawn-layer.ts'
import type { LayerPlan, PreviewSpec } from './layer-plan.ts'

export interface LayerPlace {
  readonly x: number
  readonly y: number
  readonly crs: string
}

/** Whose predictors are looked at. */
export type ModelSource = ({ readonly run: string } & RunPlace) | { readonly preview: PreviewSpec }

/** A run's folder and the plan that lies in it: the folder of a discarded run is used again. */
export interface RunPlace {
  readonly folder: string
  readonly planId: string
}

/** What a tile process can be asked, by kind: the question and its answer. */
export interface TileWork {
  tile: {
    ask: { layer: string; day: Day } & TilePlace
    answer: EncodedTile
  }
  sample: { ask: { layer: string; days: readonly Day[] }; answer: TiledLayer['sampled'] }
  histogram: { ask: { layer: string; day: Day; options: HistogramOptions }; answer: LayerHistogram }
  cell: { ask: { layer: string; day: Day; place: LayerPlace }; answer: CellReading }
  series: { ask: { layer: string; days: readonly Day[]; place: LayerPlace }; answer: SeriesReading }
  coarse: { ask: { run: RunPlace; days: readonly Day[]; place: LayerPlace }; answer: SeriesReading & { unit: string } }
  model: { ask: { source: ModelSource; day: Day; place: LayerPlace }; answer: InspectedModel }
  preview: { ask: { spec: PreviewSpec }; answer: PreviewAnswer }
}
export type WorkKind = keyof TileWork

export interface EncodedTile {
  /** As `encodeTile` lays it out. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Of so many cells of the layer's grid one was looked at; 1: all were. */
  readonly oneOf: number
}

export interface CellReading {
  readonly value: number | null
  readonly reason: Reason | null
  readonly cell: { readonly row: number; readonly col: number } | null
}

export interface SeriesReading {
  readonly values: readonly (number | null)[]
  readonly reasons: readonly (Reason | null)[]
}

/** What a tile process is told. */
export type ToTiles =
  | { readonly type: 'start'; readonly settings: TileSettings }
  | {
      readonly type: 'open'
      readonly layer: string
      readonly plan: LayerPlan
      /** CRS it is drawn in. */ readonly crs: string | undefined
    }
  | { readonly type: 'close'; readonly layer: string }
  | { readonly type: 'ask'; readonly id: number; readonly kind: WorkKind; readonly ask: unknown }
  | { readonly type: 'stop'; readonly id: number }

export interface TileSettings {
  /** Folder of the pyramids; null keeps them in memory. */
  readonly folder: string | null
  readonly cacheBytes: number
  readonly memoryBytes: number
  readonly diskBytes: number
  readonly threads: number
}

/** What it answers. */
export type FromTiles =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly fault: { code: string; message: string; details: Record<string, unknown> } }
