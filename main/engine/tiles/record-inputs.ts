import type { RasterDataset } from '../../contract/index.ts'
import type { StationSource } from '../fields/index.ts'
import { recordStations } from '../runs/index.ts'
import type { PlanSources } from '../runs/index.ts'
import type { FieldInputs } from './layer-plan.ts'

/** The project's sources, watched: what is looked up while expressions are compiled is what they need. */
export function recordInputs(sources: PlanSources): {
  readonly datasets: ReadonlyMap<string, RasterDataset>
  readonly stations: ReadonlyMap<string, StationSource>
  used(): Pick<FieldInputs, 'datasets' | 'stations'>
} {
  const asked = new Set<string>()
  class Watched extends Map<string, RasterDataset> {
    override get(name: string): RasterDataset | undefined {
      const found = super.get(name)
      if (found) asked.add(name)
      return found
    }
  }
  const datasets = new Watched(sources.datasets)
  const stations = recordStations(sources.stations)
  return {
    datasets,
    stations: stations.sources,
    used: () => ({
      datasets: [...asked].sort().map((name) => sources.datasets.get(name)!),
      stations: stations.inputs().map((input) => ({ ...input, hash: sources.stations.get(input.set.name)!.hash })),
    }),
  }
}
