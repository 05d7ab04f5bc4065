import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LayerSource, RunDetails, TiledLayer } from '../../../../main/contract/index.ts'
import { layerQuery } from '../../../api/layers.ts'
import { runQuery } from '../../../api/run-queries.ts'
import { useSources } from '../../../state/sources.ts'
import type { Sources } from '../../../state/sources.ts'
import { isRain, outermostQuantiles } from './place-charts.ts'
import type { CompanionLayers } from './place-charts.ts'
import type { SeriesLayer } from './use-inspected-layers.ts'

/** The interval of each run that is shown and daily rain, opened for the series of a place; null while it is not known which there
 *  are. */
export function useCompanionLayers(layers: readonly SeriesLayer[], crs: string): CompanionLayers | null {
  const { datasets, stationSets, isLoading } = useSources()
  const hasRain = layers.some(isRain)
  const rain = useMemo(() => (hasRain ? null : rainSource({ datasets, stationSets })), [datasets, stationSets, hasRain])
  const runs = useMemo(() => [...new Set(layers.flatMap(({ run }) => run ?? []))].slice(0, 4), [layers])
  const details = useQueries({ queries: runs.map(runQuery), combine: answersOf<RunDetails> })
  const wanted = useMemo(() => {
    const quantiles = details.data.flatMap((run) => {
      const outermost = run && outermostQuantiles(run.layers)
      return run && outermost ? [{ run, ...outermost }] : []
    })
    const sources = quantiles.flatMap(({ run, low, high }): LayerSource[] => [
      { of: 'product', run: run.id, layer: low },
      { of: 'product', run: run.id, layer: high },
    ])
    return { quantiles, sources: rain ? [...sources, rain] : sources }
  }, [details.data, rain])
  const opened = useQueries({
    queries: wanted.sources.map((source) => layerQuery(source, crs)),
    combine: answersOf<TiledLayer>,
  })
  return useMemo(() => {
    if (isLoading || details.isLoading || opened.isLoading) return null
    const { quantiles } = wanted
    const idAt = (i: number): string | null => opened.data[i]?.id ?? null
    return {
      bands: quantiles.flatMap(({ percent }, i) => {
        const [low, high] = [idAt(2 * i), idAt(2 * i + 1)]
        return low && high ? [{ low, high, name: `${percent} % interval` }] : []
      }),
      rain: rain ? idAt(2 * quantiles.length) : null,
    }
  }, [isLoading, details, opened, wanted, rain])
}

/** What cannot be opened is left out: the series of the layers themselves say what is wrong. */
const answersOf = <T>(answers: readonly { readonly data: T | undefined; readonly isLoading: boolean }[]) => ({
  data: answers.map(({ data }) => data),
  isLoading: answers.some(({ isLoading }) => isLoading),
})

/** A dated raster of rain before a weather station's. */
function rainSource({ datasets, stationSets }: Pick<Sources, 'datasets' | 'stationSets'>): LayerSource | null {
  for (const { name, variables, firstDay } of datasets)
    for (const variable of variables)
      if (firstDay !== null && isRain({ name: `${name} ${variable.name}`, unit: variable.unit }))
        return { of: 'dataset', dataset: name, variable: variable.name }
  for (const { name, variables } of stationSets)
    for (const variable of variables)
      if (variable.depth === null && isRain(variable))
        return {
          of: 'field',
          expression: { weather: name, variable: variable.name },
          fields: {},
          name: `${variable.name} of ${name}`,
        }
  return null
}
