import type { Day, Grid } from '../../contract/index.ts'
import { layerPath, publishedLayers } from '../products/index.ts'
import type { MapLayer } from '../products/index.ts'
import type { RunRecord } from '../project/index.ts'
import { RunContext, mapPath } from '../runs/index.ts'

/** What a run publishes, whether or not it has done so yet. */
export interface RunMaps {
  readonly folder: string
  readonly grid: Grid
  /** Of the closure maps; null in a run without residual correction. */
  readonly closureGrid: Grid | null
  readonly quantity: string
  readonly unit: string
  /** Of the target, where the recipe says it. */
  readonly depth: readonly [number, number] | null
  readonly lineage: string
  /** Beside that of the mean. */
  readonly layers: readonly MapLayer[]
  readonly days: readonly {
    readonly day: Day
    /** Identity of the day's cells. */
    readonly key: string
    /** Of the mean; see `pathOf` for the layers. */
    readonly path: string
  }[]
}

const known = new Map<string, Promise<RunMaps>>()
const mostKnown = 8

/** The maps of a run, by its plan, which never changes; listing them hashes every tile of every day, so it is done once. */
export function runMaps({ folder, planId }: Pick<RunRecord, 'folder' | 'planId'>): Promise<RunMaps> {
  // The id of a discarded run is used again.
  const key = `${folder} ${planId}`
  let found = known.get(key)
  known.delete(key)
  if (!found) {
    found = listMaps(folder)
    found.catch(() => known.delete(key))
  }
  known.set(key, found)
  for (const oldest of known.keys()) {
    if (known.size <= mostKnown) break
    known.delete(oldest)
  }
  return found
}

async function listMaps(folder: string): Promise<RunMaps> {
  const context = await RunContext.open(folder, { cacheBytes: 0 })
  try {
    const { plan, parts } = context
    const { quantity, unit } = plan.recipe.product
    return {
      folder: context.mapsFolder,
      grid: plan.fineGrid,
      closureGrid: context.fields.residual?.closureGrid ?? null,
      quantity,
      unit,
      depth: plan.recipe.target.depth ?? null,
      lineage: parts.lineage,
      layers: publishedLayers(plan.recipe.product),
      days: parts.maps.map((part) => ({ day: part.day, key: part.key, path: mapPath(context, part) })),
    }
  } finally {
    context.close()
  }
}

export function pathOf(path: string, layer: MapLayer | undefined): string {
  return layer ? layerPath(path, layer) : path
}
