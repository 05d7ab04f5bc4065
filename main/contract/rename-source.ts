import type { FieldExpression } from './field-expression.ts'
import type { LayerSource } from './layer.ts'
import type { Workspace } from './workspace.ts'

/** A dataset or a derived field under another name. */
export interface Renaming {
  readonly of: 'dataset' | 'field'
  readonly from: string
  readonly to: string
}

type Tree = Readonly<Record<string, unknown>>

/** Keys of an expression under which another expression stands, and those with several by name. */
const innerKeys = ['mask', 'by', 'fillInTime', 'isFilled', 'antecedent', 'elevation', 'residualsOf'] as const
const innerTables = ['bands', 'inputs', 'drift'] as const

/** The expression with the new name wherever it meant the old one. What is no expression is given back as it is: a recipe in the
 *  making may hold anything.
 *  @param isShadowed a field of that name stands before the dataset, so that only `<dataset>.<variable>` means the dataset */
export function renameInExpression<T>(expression: T, renaming: Renaming, isShadowed = false): T {
  const { of, from, to } = renaming
  if (typeof expression === 'string') {
    if (expression === from && !(of === 'dataset' && isShadowed)) return to as T
    if (of === 'dataset' && expression.startsWith(`${from}.`)) return `${to}${expression.slice(from.length)}` as T
    return expression
  }
  if (!isTree(expression)) return expression
  const inner = <V>(value: V): V => renameInExpression(value, renaming, isShadowed)
  const next: Record<string, unknown> = { ...expression }
  for (const key of innerKeys) if (key in next) next[key] = inner(next[key])
  for (const key of innerTables) if (isTree(next[key])) next[key] = mapValues(next[key] as Tree, inner)
  if (of === 'dataset' && next.series === from) next.series = to
  return next as T
}

/** The document with the new name wherever it names the dataset or field: recipe, layers, masks, what was taken out. A layer that
 *  was called after it is called after it still. */
export function renameInWorkspace(document: Workspace, renaming: Renaming): Workspace {
  const { of, from, to } = renaming
  const renamed = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name))
  const layers = document.layers.map((layer) => {
    const source = renameInLayer(layer.source, renaming)
    if (source === layer.source) return layer
    return { ...layer, source, name: renameInExpression(layer.name, renaming) }
  })
  const recipe = renameInRecipe(document.recipe, renaming) as Workspace['recipe']
  if (of === 'field') return { ...document, layers, recipe }
  const removed = { ...document.removed, datasets: renamed(document.removed.datasets) }
  return { ...document, layers, recipe, removed, masks: renamed(document.masks) }
}

function renameInLayer(source: LayerSource, renaming: Renaming): LayerSource {
  const { of, from, to } = renaming
  const next = ((): LayerSource => {
    switch (source.of) {
      case 'dataset':
        return of === 'dataset' && source.dataset === from ? { ...source, dataset: to } : source
      case 'field': {
        const isShadowed = Object.hasOwn(source.fields, from)
        return {
          ...source,
          expression: renameInExpression(source.expression, renaming, isShadowed),
          fields: renameTable(source.fields, renaming) as Record<string, FieldExpression>,
          name: of === 'field' && source.name === from ? to : source.name,
        }
      }
      case 'difference':
        return { ...source, a: renameInLayer(source.a, renaming), b: renameInLayer(source.b, renaming) }
      default:
        return source
    }
  })()
  return JSON.stringify(next) === JSON.stringify(source) ? source : next
}

/** A table of fields: what they are made of, and for a field its own name. */
function renameTable(fields: Tree, renaming: Renaming): Tree {
  const isShadowed = Object.hasOwn(fields, renaming.from)
  return Object.fromEntries(
    Object.entries(fields).map(([name, expression]) => [
      renaming.of === 'field' && name === renaming.from ? renaming.to : name,
      renameInExpression(expression, renaming, isShadowed),
    ]),
  )
}

function renameInRecipe(recipe: Tree, renaming: Renaming): Tree {
  const fields = isTree(recipe.fields) ? recipe.fields : {}
  const isShadowed = Object.hasOwn(fields, renaming.from)
  const expression = (value: unknown): unknown => renameInExpression(value, renaming, isShadowed)
  const grid = (value: unknown): unknown =>
    renaming.of === 'dataset' && isTree(value) && value.like === renaming.from ? { ...value, like: renaming.to } : value
  const withParts = (value: unknown, parts: Readonly<Record<string, (part: unknown) => unknown>>): unknown => {
    if (!isTree(value)) return value
    const changed = Object.entries(parts).flatMap(([key, change]) => (key in value ? [[key, change(value[key])]] : []))
    return { ...value, ...Object.fromEntries(changed) }
  }
  return withParts(recipe, {
    grid,
    fields: (value) => (isTree(value) ? renameTable(value, renaming) : value),
    target: (value) => withParts(value, { raster: expression, grid }),
    predictors: (value) => (isTree(value) ? mapValues(value, expression) : value),
    training: (value) => withParts(value, { weight: expression }),
    baseline: expression,
    validation: (value) =>
      Array.isArray(value) ? value.map((each) => withParts(each, { raster: expression })) : value,
  }) as Tree
}

/** Names a field expression uses: of fields and datasets, a variable's dataset with its variable. */
export function namesInExpression(expression: unknown): Set<string> {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string') names.add(value)
    if (!isTree(value)) return
    for (const key of innerKeys) visit(value[key])
    for (const key of innerTables) if (isTree(value[key])) Object.values(value[key] as Tree).forEach(visit)
    if (typeof value.series === 'string') names.add(value.series)
  }
  visit(expression)
  return names
}

function mapValues(table: Tree, change: (value: unknown) => unknown): Tree {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(value)]))
}

function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
