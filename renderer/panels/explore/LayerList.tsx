import { useMemo, useState } from 'react'
import { Button as AriaButton, GridList, GridListItem, useDragAndDrop } from 'react-aria-components'
import type { MapLayer } from '../../../main/contract/index.ts'
import { useCommands } from '../../state/commands.ts'
import type { Command } from '../../state/commands.ts'
import { session, useSession } from '../../state/session.ts'
import { isDrawnFrom, useMissingSources } from '../../state/missing-sources.ts'
import { editLayer, editWorkspace, newId, useWorkspaceStore } from '../../state/workspace.ts'
import { IconButton } from '../../widgets/Button.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import { Chip, EmptyState } from '../../widgets/PanelState.tsx'
import { TextField } from '../../widgets/fields.tsx'
import { BaseMapRow } from './BaseMapRow.tsx'
import { RampSwatch } from './RampSwatch.tsx'
import { RenameSheet } from './RenameSheet.tsx'
import { LineageSheet } from './LineageSheet.tsx'
import './layer-list.css'

/** The layers of the map, uppermost first: shown, ordered, renamed, removed. */
export function LayerList() {
  const layers = useWorkspaceStore((state) => state.document.layers)
  const selection = useSession((state) => state.selection)
  const compare = useSession((state) => state.compare)
  const [filter, setFilter] = useState<string | null>(null)
  const [renamed, setRenamed] = useState<MapLayer | null>(null)
  const [explained, setExplained] = useState<MapLayer | null>(null)
  const selected = selection.kind === 'layer' ? selection.layer : null
  useLayerCommands(selected)
  const missing = useMissingSources()

  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onReorder: ({ keys, target }) =>
      reorder([...keys].map(String), String(target.key), target.dropPosition === 'before'),
  })
  const shown = layers.filter(({ name }) => name.toLowerCase().includes((filter ?? '').toLowerCase()))
  return (
    <>
      <div className="panel-head">
        <h2>Layers</h2>
        <IconButton
          icon="search"
          label="Filter layers"
          isActive={filter !== null}
          onPress={() => setFilter(filter === null ? '' : null)}
        />
        <IconButton icon="add" label="Add a layer" onPress={() => session().set({ place: 'data' })} />
      </div>
      {filter !== null && (
        <div className="layer-filter">
          <TextField label="Filter layers" isLabelHidden value={filter} onChange={setFilter} autoFocus />
        </div>
      )}
      {layers.length === 0 ? (
        <EmptyState>The map has no layer yet. Add one from a dataset in Data, or drop files anywhere.</EmptyState>
      ) : (
        <GridList
          aria-label="Layers"
          className="layer-list"
          items={shown}
          selectionMode="single"
          selectionBehavior="replace"
          selectedKeys={selected ? [selected] : []}
          onSelectionChange={(keys) => {
            const [key] = keys === 'all' ? [] : keys
            session().set({ selection: key ? { kind: 'layer', layer: String(key) } : { kind: 'none' } })
          }}
          dragAndDropHooks={filter ? undefined : dragAndDropHooks}
          dependencies={[compare, missing]}
        >
          {(layer) => (
            <GridListItem id={layer.id} textValue={layer.name} className="layer-row">
              <AriaButton slot="drag" className="layer-grip" aria-label={`Drag ${layer.name}`}>
                <Icon name="drag" />
              </AriaButton>
              <IconButton
                icon={layer.isVisible ? 'eye' : 'eyeOff'}
                label={layer.isVisible ? `Hide ${layer.name}` : `Show ${layer.name}`}
                onPress={() => toggleVisible(layer)}
              />
              <RampSwatch ramp={layer.style.ramp} isReversed={layer.style.reversed} />
              <span className={`layer-name${layer.isVisible ? '' : ' text-3'}`} title={layer.name}>
                {layer.name}
              </span>
              {isDrawnFrom(layer.source, missing) && <Chip tone="warn">source not found</Chip>}
              {compare.mode !== 'single' && (compare.a === layer.id || compare.b === layer.id) && (
                <span className="layer-mark">{compare.a === layer.id ? 'A' : 'B'}</span>
              )}
              <MenuButton
                label={`More about ${layer.name}`}
                rows={[
                  { id: 'rename', title: 'Rename …', keys: 'F2', icon: 'edit', run: () => setRenamed(layer) },
                  { id: 'copy', title: 'Duplicate', icon: 'copy', run: () => duplicate(layer) },
                  { id: 'up', title: 'Move up', keys: 'Alt+↑', icon: 'chevronUp', run: () => move(layer.id, -1) },
                  { id: 'down', title: 'Move down', keys: 'Alt+↓', icon: 'chevronDown', run: () => move(layer.id, 1) },
                  { id: 'a', title: 'Compare as A', startsGroup: true, run: () => mark('a', layer.id) },
                  { id: 'b', title: 'Compare as B', run: () => mark('b', layer.id) },
                  {
                    id: 'how',
                    title: 'How was this made?',
                    icon: 'info',
                    startsGroup: true,
                    run: () => setExplained(layer),
                  },
                  {
                    id: 'remove',
                    title: 'Remove',
                    keys: 'Del',
                    icon: 'trash',
                    startsGroup: true,
                    run: () => remove(layer),
                  },
                ]}
              />
            </GridListItem>
          )}
        </GridList>
      )}
      <BaseMapRow />
      {renamed && <RenameSheet layer={renamed} onClose={() => setRenamed(null)} />}
      {explained && <LineageSheet layer={explained} onClose={() => setExplained(null)} />}
    </>
  )
}

function useLayerCommands(selected: string | null): void {
  useCommands(
    useMemo((): Command[] => {
      const layer = () => useWorkspaceStore.getState().document.layers.find(({ id }) => id === selected)
      const unavailable = () => (layer() ? null : 'no layer is selected')
      const withLayer = (run: (layer: MapLayer) => void) => () => {
        const found = layer()
        if (found) run(found)
      }
      return [
        {
          id: 'layer.toggle',
          title: 'Hide or show the layer',
          keys: ['H'],
          group: 'Layer',
          unavailable,
          run: withLayer(toggleVisible),
        },
        {
          id: 'layer.remove',
          title: 'Remove the layer',
          keys: ['Delete'],
          group: 'Layer',
          unavailable,
          run: withLayer(remove),
        },
        {
          id: 'layer.up',
          title: 'Move the layer up',
          keys: ['Alt+ArrowUp'],
          group: 'Layer',
          unavailable,
          run: withLayer(({ id }) => move(id, -1)),
        },
        {
          id: 'layer.down',
          title: 'Move the layer down',
          keys: ['Alt+ArrowDown'],
          group: 'Layer',
          unavailable,
          run: withLayer(({ id }) => move(id, 1)),
        },
      ]
    }, [selected]),
  )
}

function toggleVisible({ id, name, isVisible }: MapLayer): void {
  editLayer(isVisible ? `Hide ${name}` : `Show ${name}`, id, (layer) => ({ ...layer, isVisible: !isVisible }))
}

/** The layers with one taken out of the others' order and put at another place. */
function withOrder(layers: readonly MapLayer[], moved: readonly string[], at: number): MapLayer[] {
  const rest = layers.filter(({ id }) => !moved.includes(id))
  return [...rest.slice(0, at), ...layers.filter(({ id }) => moved.includes(id)), ...rest.slice(at)]
}

function reorder(moved: readonly string[], target: string, isBefore: boolean): void {
  editWorkspace('Order of layers', (document) => {
    const rest = document.layers.filter(({ id }) => !moved.includes(id))
    const at = rest.findIndex(({ id }) => id === target) + (isBefore ? 0 : 1)
    return { ...document, layers: withOrder(document.layers, moved, at) }
  })
}

function move(id: string, step: 1 | -1): void {
  editWorkspace('Order of layers', (document) => {
    const at = document.layers.findIndex((layer) => layer.id === id)
    const to = Math.max(0, Math.min(document.layers.length - 1, at + step))
    return { ...document, layers: withOrder(document.layers, [id], to) }
  })
}

function duplicate(layer: MapLayer): void {
  editWorkspace(`Duplicate ${layer.name}`, (document) => ({
    ...document,
    layers: [{ ...layer, id: newId('l'), name: `${layer.name} copy` }, ...document.layers],
  }))
}

function remove({ id, name }: MapLayer): void {
  editWorkspace(`Remove layer ${name}`, (document) => ({
    ...document,
    layers: document.layers.filter((layer) => layer.id !== id),
  }))
  session().set({ selection: { kind: 'none' } })
}

function mark(side: 'a' | 'b', layer: string): void {
  const { compare, set } = session()
  set({ compare: { ...compare, mode: compare.mode === 'single' ? 'swipe' : compare.mode, [side]: layer } })
}
