import type { LayerStyle } from '../../main/contract/index.ts'
import { editWorkspace } from '../state/workspace.ts'
import { shareKey } from './colour/layer-look.ts'
import { useMapReadings } from './readings.ts'
import { dropViewRange } from './view-ranges.ts'

/** Ids of the layers on the map that share their range with one, itself among them: those of its quantity and unit whose chain is
 *  whole. Only itself when its own is broken. */
export function linkedWith(id: string): ReadonlySet<string> {
  const { shown } = useMapReadings.getState()
  const own = shown.find(({ layer }) => layer.id === id)?.layer
  const ids = new Set([id])
  if (!own?.look.isLinked) return ids
  for (const { layer } of shown)
    if (layer.look.isLinked && shareKey(layer.tiled) === shareKey(own.tiled)) ids.add(layer.id)
  return ids
}

/** Gives a layer, and those that share its range, another range: one step of undo. */
export function editRange({ id, name }: { id: string; name: string }, range: LayerStyle['range']): void {
  const ids = linkedWith(id)
  // Told again, "this view once" takes the view of now.
  for (const each of ids) dropViewRange(each)
  editWorkspace(
    `Range of ${name}`,
    (document) => ({
      ...document,
      layers: document.layers.map((layer) =>
        ids.has(layer.id) ? { ...layer, style: { ...layer.style, range } } : layer,
      ),
    }),
    `${id} Range`,
  )
}

/** Breaks the chain of a layer, which keeps its range from then on as its own; or mends it: the layer takes the range of the others. */
export function setLinked({ id, name }: { id: string; name: string }, isLinked: boolean): void {
  const { shown } = useMapReadings.getState()
  const own = shown.find(({ layer }) => layer.id === id)?.layer
  const other =
    own &&
    shown.find(({ layer }) => layer.id !== id && layer.look.isLinked && shareKey(layer.tiled) === shareKey(own.tiled))
  editWorkspace(isLinked ? `Share the range of ${name}` : `Own range for ${name}`, (document) => {
    const shared = document.layers.find((layer) => layer.id === other?.layer.id)?.style.range
    return {
      ...document,
      layers: document.layers.map((layer) =>
        layer.id === id
          ? { ...layer, style: { ...layer.style, isLinked, ...(isLinked && shared ? { range: shared } : {}) } }
          : layer,
      ),
    }
  })
}
