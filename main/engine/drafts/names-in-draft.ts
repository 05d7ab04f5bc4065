import type { Draft } from '../../contract/index.ts'
import type { PlanSources } from '../runs/index.ts'

/** Names of datasets and station sets anywhere in a draft that the project does not have.
 *  Names of the draft's own fields are none of them. */
export function namesLacking(draft: Draft, { datasets, stations }: PlanSources): string[] {
  const own = new Set(Object.keys(asObject(draft.fields)))
  const lacking = new Set<string>()
  for (const name of namesIn(draft)) {
    const base = name.split('.')[0]
    const isKnown = own.has(name) || datasets.has(name) || datasets.has(base) || stations.has(name)
    if (!isKnown) lacking.add(base)
  }
  return [...lacking].sort()
}

/** Datasets, station sets and named fields that the expressions of a draft ask for. */
export function namesIn(draft: Draft): Set<string> {
  const names = new Set<string>()
  for (const part of [draft.fields, draft.predictors])
    for (const each of Object.values(asObject(part))) expression(each, names)
  const target = asObject(draft.target)
  if ('raster' in target) expression(target.raster, names)
  if (typeof target.stations === 'string') names.add(target.stations)
  const grid = asObject(draft.grid)
  if (typeof grid.like === 'string') names.add(grid.like)
  if (draft.baseline !== undefined) expression(draft.baseline, names)
  const { weight } = asObject(draft.training)
  if (weight !== undefined) expression(weight, names)
  for (const each of Array.isArray(draft.validation) ? draft.validation : []) {
    const { stations, raster } = asObject(each)
    if (typeof stations === 'string') names.add(stations)
    if (raster !== undefined) expression(raster, names)
  }
  return names
}

/** Keys whose text names a dataset or station set, and those whose value is an expression. */
const nameKeys = ['series', 'weather', 'fromStations', 'kriged']
const innerKeys = ['mask', 'by', 'fillInTime', 'isFilled', 'antecedent', 'elevation', 'residualsOf']

function expression(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') return void into.add(value)
  const form = asObject(value)
  for (const key of nameKeys) if (typeof form[key] === 'string') into.add(form[key])
  for (const key of innerKeys) if (form[key] !== undefined) expression(form[key], into)
  for (const key of ['bands', 'inputs', 'drift'])
    for (const inner of Object.values(asObject(form[key]))) expression(inner, into)
}

export function asObject(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
