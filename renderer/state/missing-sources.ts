import { useMemo } from 'react'
import { namesInExpression } from '../../main/contract/index.ts'
import type { LayerSource } from '../../main/contract/index.ts'
import { useSources } from './sources.ts'

/** Datasets of which files are not where they were. */
export function useMissingSources(): ReadonlySet<string> {
  const { datasets } = useSources()
  return useMemo(
    () => new Set(datasets.flatMap(({ name, missingFiles }) => (missingFiles > 0 ? [name] : []))),
    [datasets],
  )
}

/** Whether a layer is drawn from one of them, directly or through fields. */
export function isDrawnFrom(source: LayerSource, datasets: ReadonlySet<string>): boolean {
  if (datasets.size === 0) return false
  if (source.of === 'dataset') return datasets.has(source.dataset)
  if (source.of === 'difference') return isDrawnFrom(source.a, datasets) || isDrawnFrom(source.b, datasets)
  if (source.of !== 'field') return false
  const seen = new Set<string>()
  const reaches = (expression: unknown): boolean =>
    [...namesInExpression(expression)].some((name) => {
      if (seen.has(name)) return false
      seen.add(name)
      return Object.hasOwn(source.fields, name) ? reaches(source.fields[name]) : datasets.has(name.split('.')[0])
    })
  return reaches(source.expression)
}
