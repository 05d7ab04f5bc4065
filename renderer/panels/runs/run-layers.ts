import { LayerStyle } from '../../../main/contract/index.ts'
import type { LayerSource, MapLayer, RunDetails, Workspace } from '../../../main/contract/index.ts'
import { suggestedRamp } from '../../map/colour/layer-look.ts'
import { editWorkspace, newId, workspace } from '../../state/workspace.ts'

/** True when a map of some run is on the map already. */
export function hasRunLayers({ layers }: Workspace = workspace()): boolean {
  return layers.some(({ source }) => source.of === 'product')
}

/** Puts the maps of a run on the map: the mean on top and shown, the others below and hidden. One step of undo. */
export function addRunLayers({ id, name, layers, recipe }: RunDetails): void {
  const { quantity, unit } = recipe.product
  const isThere = (layer: string) =>
    workspace().layers.some(({ source }) => source.of === 'product' && source.run === id && source.layer === layer)
  const added = layers
    .filter((layer) => !isThere(layer))
    .map((layer): MapLayer => {
      const isSpread = /sd|deviation|width/i.test(layer)
      return {
        id: newId('l'),
        name: layer === 'mean' ? `${name} ${id}` : `${name} ${id}, ${layer === 'di' ? 'dissimilarity' : layer}`,
        source: { of: 'product', run: id, layer },
        isVisible: layer === 'mean',
        style: LayerStyle.parse({
          ramp: isSpread
            ? 'uncertainty'
            : layer === 'di'
              ? 'support'
              : layer === 'closure'
                ? 'difference'
                : suggestedRamp(quantity, unit, 'continuous'),
          // Differences of a map that closes are a millionth of what others are.
          ...(layer === 'closure' ? { range: { mode: 'dataset' } } : {}),
        }),
      }
    })
  if (added.length === 0) return
  editWorkspace(`Add maps of ${id}`, (document) => ({ ...document, layers: [...added, ...document.layers] }))
}

/** Puts a − b of two runs' maps on the map. */
export function addDifferenceLayer(a: string, b: string): void {
  const source: LayerSource = {
    of: 'difference',
    a: { of: 'product', run: a, layer: 'mean' },
    b: { of: 'product', run: b, layer: 'mean' },
  }
  const layer: MapLayer = {
    id: newId('l'),
    name: `${a} − ${b}`,
    source,
    isVisible: true,
    style: LayerStyle.parse({ ramp: 'difference' }),
  }
  editWorkspace(`Add difference of ${a} and ${b}`, (document) => ({ ...document, layers: [layer, ...document.layers] }))
}
