import { LoamError } from '../../contract/index.ts'
import type { Day, LayerSource, TiledLayer } from '../../contract/index.ts'
import type { LayerPlan, PreviewSpec } from './layer-plan.ts'
import { anyDay } from './sample-layer.ts'

export interface OpenLayer {
  readonly layer: Omit<TiledLayer, 'sampled'>
  readonly plan: LayerPlan
  /** CRS it is drawn in; undefined: its own. */
  readonly crs: string | undefined
  readonly source: LayerSource
}

/** Layers whose plans are kept; a page that asks for another has to open it again. */
const mostLayers = 256
const mostPreviews = 8

/** What pages have opened by id: layers, and previews of models. Beyond a number the one opened longest ago is forgotten. */
export class OpenLayers {
  readonly #layers = new Map<string, OpenLayer>()
  readonly #previews = new Map<string, PreviewSpec>()
  readonly #onForget: (id: string) => void

  /** @param onForget hears of each layer that goes */
  constructor(onForget: (id: string) => void) {
    this.#onForget = onForget
  }

  find(id: string): OpenLayer | undefined {
    return this.#layers.get(id)
  }

  /** @throws unknown_name when it is not open (any more) */
  layer(id: string): OpenLayer {
    const known = this.#layers.get(id)
    if (!known)
      throw new LoamError(
        'unknown_name',
        'This layer is not open (any more), as after a restart of the engine. Open it again: POST /layers.',
        { layer: id },
      )
    return known
  }

  /** @throws unknown_name when it is not there (any more) */
  preview(id: string): PreviewSpec {
    const spec = this.#previews.get(id)
    if (!spec)
      throw new LoamError(
        'unknown_name',
        'This preview is not there any more: previews are not saved. Ask for it again: POST /previews.',
        { preview: id },
      )
    return spec
  }

  keep(opened: OpenLayer): void {
    for (const id of putNewest(this.#layers, opened.layer.id, opened, mostLayers)) this.#onForget(id)
  }

  keepPreview(spec: PreviewSpec): void {
    putNewest(this.#previews, spec.id, spec, mostPreviews)
  }
}

/** Puts a value last and takes out the first ones beyond `most`. @returns the keys that were taken out */
function putNewest<T>(kept: Map<string, T>, key: string, value: T, most: number): string[] {
  kept.delete(key)
  kept.set(key, value)
  const forgotten = [...kept.keys()].slice(0, Math.max(0, kept.size - most))
  for (const oldest of forgotten) kept.delete(oldest)
  return forgotten
}

/** The date a layer is read on. @throws bad_input when it changes in time and none is given */
export function dayFor(layer: OpenLayer['layer'], day: Day | 'static'): Day {
  if (layer.times === 'static') return anyDay
  if (day !== 'static') return day
  throw new LoamError('bad_input', `"${layer.name}" changes in time, so a date is needed. Give one as YYYY-MM-DD.`)
}
