import { asLoamError } from '../../contract/index.ts'
import type { CellSeries, Day, InspectedLayer, InspectedModel, Inspection } from '../../contract/index.ts'
import type { Project } from '../project/index.ts'
import { normaliseCrs } from '../raster/index.ts'
import { projectSources } from '../runs/index.ts'
import { faultyModel } from './inspect-model.ts'
import { nearestStation } from './nearest-station.ts'
import type { ObservedStation } from './nearest-station.ts'
import { dayFor } from './open-layers.ts'
import type { OpenLayers } from './open-layers.ts'
import { reasonText } from './reason-words.ts'
import type { LayerPlace, ModelSource } from './tile-messages.ts'
import { poolOf } from './tile-pools.ts'
import type { TilePools } from './tile-pools.ts'

/** Where a place is looked at. */
export interface LookedAt {
  readonly project: Project
  readonly layers: OpenLayers
  readonly pools: TilePools
}

/** What layers have at a place, and what the models behind those that have one say there. One that cannot be read says so itself. */
export async function inspectPlace(
  from: LookedAt,
  place: LayerPlace,
  day: Day | 'static',
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Inspection> {
  const at = { ...place, crs: normaliseCrs(place.crs) }
  const layers = await Promise.all(ids.map((id) => inspectLayer(from, id, at, day, signal)))
  const models = day === 'static' ? [] : await inspectModels(from, ids, at, day, signal)
  return { ...place, day, layers, models }
}

async function inspectLayer(
  { layers, pools }: LookedAt,
  id: string,
  place: LayerPlace,
  day: Day | 'static',
  signal?: AbortSignal,
): Promise<InspectedLayer> {
  const known = layers.find(id)
  const about = {
    layer: id,
    name: known?.layer.name ?? '',
    quantity: known?.layer.quantity ?? '',
    unit: known?.layer.unit ?? '',
    lineage: known?.layer.lineage ?? '',
  }
  try {
    const found = layers.layer(id)
    const { value, reason, cell } = await poolOf(pools, found).ask(
      'cell',
      { layer: id, day: dayFor(found.layer, day), place },
      { layer: id, what: `a cell of "${about.name}" on ${day}`, signal },
    )
    return { ...about, value, reason, reasonText: reasonText(reason), cell, fault: null }
  } catch (thrown) {
    const { code, message } = asLoamError(thrown)
    if (code === 'cancelled') throw thrown
    return { ...about, value: null, reason: null, reasonText: '', cell: null, fault: { code, message } }
  }
}

/** One for each run and preview among the layers. */
async function inspectModels(
  { project, layers, pools }: LookedAt,
  ids: readonly string[],
  place: LayerPlace,
  day: Day,
  signal?: AbortSignal,
): Promise<InspectedModel[]> {
  const sources = new Map<string, ModelSource>()
  for (const id of ids) {
    const source = layers.find(id)?.source
    if (source?.of === 'product') {
      const { folder, planId } = project.run(source.run)
      sources.set(source.run, { run: source.run, folder, planId })
    }
    if (source?.of === 'preview') sources.set(source.preview, { preview: layers.preview(source.preview) })
  }
  return Promise.all(
    [...sources.values()].map(async (source) => {
      const of = 'run' in source ? { run: source.run } : { preview: source.preview.id }
      try {
        return await pools.long.ask('model', { source, day, place }, { what: 'the predictors of a cell', signal })
      } catch (thrown) {
        if (asLoamError(thrown).code === 'cancelled') throw thrown
        return faultyModel(of, thrown)
      }
    }),
  )
}

export interface AskedSeries {
  readonly days: readonly Day[]
  readonly layers: readonly string[]
  readonly runs: readonly string[]
  readonly stations: readonly ObservedStation[]
}

/** Values of one cell on days, of layers, of the coarse product of runs, and of the nearest stations. */
export async function seriesAtPlace(
  { project, layers, pools }: LookedAt,
  place: LayerPlace,
  asked: AskedSeries,
  signal?: AbortSignal,
): Promise<{ days: readonly Day[]; series: readonly CellSeries[] }> {
  const at = { ...place, crs: normaliseCrs(place.crs) }
  const { days } = asked
  const ofLayer = async (id: string): Promise<CellSeries> => {
    const known = layers.layer(id)
    const { name, unit } = known.layer
    const ask = { layer: id, days, place: at }
    const about = { layer: id, what: `the series of a cell of "${name}"`, signal }
    return { id, name, unit, ...(await poolOf(pools, known).ask('series', ask, about)), fault: null }
  }
  const ofCoarse = async (run: string): Promise<CellSeries> => {
    const { folder, planId } = project.run(run)
    const ask = { run: { folder, planId }, days, place: at }
    const about = { what: `the series of the coarse product of run ${run}`, signal }
    return { id: `coarse:${run}`, name: 'Coarse product', ...(await pools.long.ask('coarse', ask, about)), fault: null }
  }
  const series = await Promise.all([
    ...asked.layers.map((id) => orFault(id, () => ofLayer(id))),
    ...asked.runs.map((run) => orFault(`coarse:${run}`, () => ofCoarse(run))),
    ...asked.stations.map((station) =>
      orFault(`observed:${station.set}`, () => nearestStation(projectSources(project).stations, station, at, days)),
    ),
  ])
  return { days, series }
}

async function orFault(id: string, read: () => Promise<CellSeries> | CellSeries): Promise<CellSeries> {
  try {
    return await read()
  } catch (thrown) {
    const { code, message } = asLoamError(thrown)
    if (code === 'cancelled') throw thrown
    return { id, name: '', unit: '', values: [], reasons: [], fault: { code, message } }
  }
}
