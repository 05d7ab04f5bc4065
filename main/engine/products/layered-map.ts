import type { Block } from '../../contract/index.ts'
import { MapWriter } from '../raster/index.ts'
import type { MapOptions, MapWindow } from '../raster/index.ts'
import { layerPath, layerQuantity } from './map-layers.ts'
import type { MapLayer } from './map-layers.ts'

/** A map and its layers, each a file of its own with the same reasons, written together. */
export interface LayeredMap {
  /** @param layers values of each layer; NaN where the block has no value */
  writeBlock(window: MapWindow, block: Block, layers: readonly Float32Array[]): Promise<void>
  /** Publishes the layers, then the map: where there is a map, its layers are there. */
  finish(signal?: AbortSignal): Promise<void>
  abort(): Promise<void>
}

/** @throws disk_full, not_found, io_failed */
export async function createLayeredMap(
  path: string,
  options: MapOptions,
  layers: readonly MapLayer[],
): Promise<LayeredMap> {
  const writers: MapWriter[] = []
  const abort = async (): Promise<void> => {
    for (const writer of writers) await writer.abort()
  }
  try {
    writers.push(await MapWriter.create(path, options))
    for (const layer of layers)
      writers.push(
        await MapWriter.create(layerPath(path, layer), {
          ...options,
          quantity: layerQuantity(options.quantity, layer),
          ...(layer.isIndex ? { unit: '1', encoding: 'float32' as const } : {}),
        }),
      )
  } catch (thrown) {
    await abort()
    throw thrown
  }
  const [main, ...others] = writers
  return {
    abort,
    async writeBlock(window, block, values) {
      await main.writeBlock(window, block)
      for (const [i, writer] of others.entries()) await writer.writeBlock(window, { ...block, values: values[i] })
    },
    async finish(signal) {
      for (const writer of others) await writer.finish(signal)
      await main.finish(signal)
    },
  }
}
