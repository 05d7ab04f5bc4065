import { LoamError, encodeTile } from '../../contract/index.ts'
import { RasterReader } from '../raster/index.ts'
import { drawnLayer, readTile } from './drawn-layer.ts'
import type { DrawnLayer } from './drawn-layer.ts'
import { histogram } from './histogram.ts'
import type { LayerPlan } from './layer-plan.ts'
import { openField } from './open-field.ts'
import { PreviewShelf } from './preview-shelf.ts'
import { PyramidStore } from './pyramid-store.ts'
import { readCell, readSeries } from './read-cell.ts'
import { RunShelf } from './run-shelf.ts'
import { sampleLayer } from './sample-layer.ts'
import type { TileSettings, TileWork, WorkKind } from './tile-messages.ts'

interface KnownLayer {
  readonly plan: LayerPlan
  readonly crs: string | undefined
  open: { readonly drawn: DrawnLayer; close(): void } | null
}

/** Layers that are open at once; the others are opened again when asked for. */
const mostOpen = 32

/** Computes tiles and what belongs to them. Lives in a process of its own, as it decodes strangers' files. */
export class TileWorker {
  readonly #layers = new Map<string, KnownLayer>()
  readonly #reader: RasterReader
  readonly #store: PyramidStore
  readonly #previews: PreviewShelf
  readonly #runs: RunShelf

  constructor(settings: TileSettings) {
    this.#reader = new RasterReader({ cacheBytes: settings.cacheBytes })
    this.#store = new PyramidStore(settings)
    this.#previews = new PreviewShelf({ reader: this.#reader, store: this.#store, threads: settings.threads })
    this.#runs = new RunShelf(settings.cacheBytes / 4)
  }

  know(layer: string, plan: LayerPlan, crs: string | undefined): void {
    this.#layers.set(layer, { plan, crs, open: null })
  }

  forget(layer: string): void {
    this.#layers.get(layer)?.open?.close()
    this.#layers.delete(layer)
  }

  /** @throws what the work throws; cancelled */
  async work<K extends WorkKind>(
    kind: K,
    ask: TileWork[K]['ask'],
    signal: AbortSignal,
  ): Promise<TileWork[K]['answer']> {
    return this.#works[kind](ask, signal)
  }

  readonly #works: {
    [K in WorkKind]: (ask: TileWork[K]['ask'], signal: AbortSignal) => Promise<TileWork[K]['answer']>
  } = {
    tile: async ({ layer, day, ...place }, signal) => {
      const { tile, oneOf } = await readTile(this.#layer(layer), day, place, signal)
      return { bytes: encodeTile(tile), oneOf }
    },
    sample: ({ layer, days }, signal) => {
      const plan = this.#layers.get(layer)?.plan
      return plan?.of === 'preview'
        ? this.#previews.sample(plan, signal)
        : sampleLayer(this.#layer(layer), days, signal)
    },
    histogram: ({ layer, day, options }, signal) => histogram(this.#layer(layer), day, options, signal),
    cell: ({ layer, day, place }, signal) => readCell(this.#layer(layer), day, place, signal),
    series: ({ layer, days, place }, signal) => readSeries(this.#layer(layer), days, place, signal),
    coarse: ({ run, days, place }, signal) => this.#runs.coarseSeries(run, days, place, signal),
    model: ({ source, day, place }, signal) =>
      'preview' in source
        ? this.#previews.inspect(source.preview, day, place, signal)
        : this.#runs.inspect(source, day, place, signal),
    preview: ({ spec }, signal) => this.#previews.answer(spec, signal),
  }

  close(): void {
    for (const { open } of this.#layers.values()) open?.close()
    this.#runs.close()
    this.#reader.close()
  }

  /** Waits until all that was made is on disk. */
  settled(): Promise<void> {
    return this.#store.settled()
  }

  #layer(id: string): DrawnLayer {
    const layer = this.#layers.get(id)
    if (!layer) throw new LoamError('internal', `Layer ${id} was not told to the process that draws it.`)
    // The last used is the last to be closed.
    this.#layers.delete(id)
    this.#layers.set(id, layer)
    if (!layer.open) {
      const { field, ownLevels, close } = openField(layer.plan, this.#reader, (plan) => this.#previews.open(plan))
      layer.open = { drawn: drawnLayer(field, { crs: layer.crs, store: this.#store, ownLevels }), close }
      const open = [...this.#layers.values()].filter((each) => each.open)
      for (const old of open.slice(0, Math.max(0, open.length - mostOpen))) {
        old.open?.close()
        old.open = null
      }
    }
    return layer.open.drawn
  }
}
