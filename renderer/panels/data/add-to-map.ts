import { LayerStyle } from '../../../main/contract/index.ts'
import type { Kind, MapLayer } from '../../../main/contract/index.ts'
import { suggestedRamp } from '../../map/colour/layer-look.ts'
import { say } from '../../state/notices.ts'
import { session } from '../../state/session.ts'
import { addLayer, newId } from '../../state/workspace.ts'

interface Quantity {
  readonly name: string
  readonly unit: string
  readonly kind: Kind
}

/** A variable of a dataset as a layer with the ramp that is usual for it. */
export function datasetLayer(
  dataset: string,
  variable: Quantity,
  { isSingle, isVisible }: { readonly isSingle: boolean; readonly isVisible: boolean },
): Omit<MapLayer, 'id'> {
  const ramp = suggestedRamp(`${dataset} ${variable.name}`, variable.unit, variable.kind)
  return {
    name: isSingle ? dataset : `${dataset} ${variable.name}`,
    source: { of: 'dataset', dataset, variable: variable.name },
    isVisible,
    style: LayerStyle.parse({ ramp }),
  }
}

/** Shows a variable of a dataset on the map. */
export function addToMap(dataset: string, variable: Quantity, isSingle: boolean): void {
  const layer = datasetLayer(dataset, variable, { isSingle, isVisible: true })
  const id = addLayer(layer)
  say('good', `${layer.name} is on the map.`, {
    title: 'Style it',
    run: () => session().set({ place: 'explore', selection: { kind: 'layer', layer: id } }),
  })
}

const mostLayers = 24

/** Layers for what is imported: the target, or else the first, is shown; the others wait in the list. */
export function layersOfImport(
  added: readonly { readonly name: string; readonly role: string; readonly variables: readonly Quantity[] }[],
): MapLayer[] {
  const shown = added.find(({ role }) => role === 'target') ?? added[0]
  const ordered = shown ? [shown, ...added.filter((each) => each !== shown)] : []
  return ordered.slice(0, mostLayers).map(({ name, variables }) => ({
    ...datasetLayer(name, variables[0], { isSingle: variables.length === 1, isVisible: name === shown?.name }),
    id: newId('l'),
  }))
}
