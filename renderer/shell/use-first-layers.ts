import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { LayerStyle, endpoints } from '../../main/contract/index.ts'
import type { DatasetRow, MapLayer, RunDetails, Workspace } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { editWorkspace, newId, useWorkspaceStore } from '../state/workspace.ts'
import { suggestedRamp } from '../map/colour/layer-look.ts'

/** A project that was made without this window (by the command line, or by an older Loam) begins with what it holds: the newest
 *  finished map, what it was made from, and its recipe. One step, which undo takes back. */
export function useFirstLayers(): void {
  const isBare = useWorkspaceStore(
    ({ document, isLoaded, isReadOnly, undo, redo }) =>
      isLoaded && !isReadOnly && undo === null && redo === null && document.layers.length === 0,
  )
  const found = useQuery({ queryKey: ['first layers'], queryFn: ({ signal }) => findFirst(signal), enabled: isBare })
  // Asked once for each opening: what is imported later brings its layers along.
  const isDecided = useRef(false)
  useEffect(() => {
    if (!isBare || !found.data || isDecided.current) return
    isDecided.current = true
    const { run, datasets } = found.data
    if (run) editWorkspace('Show the newest map', (document) => withRun(document, run))
    else if (datasets.length > 0) editWorkspace('Show the data', (document) => withData(document, datasets))
  }, [isBare, found.data])
}

async function findFirst(signal: AbortSignal): Promise<{ run: RunDetails | null; datasets: readonly DatasetRow[] }> {
  const runs = await call(endpoints.listRuns, { signal })
  const finished = runs.find(({ state }) => state === 'done' || state === 'done_with_warnings')
  const run = finished ? await call(endpoints.showRun, { params: { run: finished.id }, signal }) : null
  return { run, datasets: await call(endpoints.datasets, { signal }) }
}

function layer(name: string, source: MapLayer['source'], ramp: string): MapLayer {
  return { id: newId('l'), name, source, isVisible: true, style: LayerStyle.parse({ ramp }) }
}

function withRun(document: Workspace, { id, name, recipe, layers }: RunDetails): Workspace {
  const fine = layers.includes('mean')
    ? [layer(`${name}, fine map`, { of: 'product', run: id, layer: 'mean' }, 'moisture')]
    : []
  const coarseField = recipe.baseline ?? ('raster' in recipe.target ? recipe.target.raster : undefined)
  const coarse =
    coarseField === undefined
      ? []
      : [
          layer(
            'coarse product',
            { of: 'field', expression: coarseField, fields: recipe.fields, name: 'coarse product' },
            'moisture',
          ),
        ]
  return {
    ...document,
    layers: [...fine, ...coarse],
    recipe: Object.keys(document.recipe).length === 0 ? (recipe as unknown as Workspace['recipe']) : document.recipe,
  }
}

function withData(document: Workspace, datasets: readonly DatasetRow[]): Workspace {
  const first = datasets.slice(0, 3).map(({ name, variables: [variable] }, i) => ({
    ...layer(
      name,
      { of: 'dataset', dataset: name, variable: variable.name },
      suggestedRamp(variable.name, variable.unit, variable.kind),
    ),
    isVisible: i === 0,
  }))
  return { ...document, layers: first, crs: document.crs ?? datasets[0].grid.crs }
}
