import { recipeSettings } from '../../../main/contract/index.ts'
import type { CardId, Draft } from '../../../main/contract/index.ts'

/** Settings that differ between two recipes, where a default and its absence are the same. */
export function changedPaths(
  base: Draft,
  draft: Draft,
): { readonly path: string; readonly card: CardId; readonly was: unknown }[] {
  const [was, is] = [leaves(base), leaves(draft)]
  const defaults = new Map(recipeSettings().map((setting) => [setting.path, setting]))
  const valueOf = (from: ReadonlyMap<string, unknown>, path: string) =>
    from.get(path) ?? defaults.get(path)?.default ?? null
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    const isSame = JSON.stringify(valueOf(was, path)) === JSON.stringify(valueOf(is, path))
    return isSame || path === 'name' || path === 'loam'
      ? []
      : [{ path, card: cardOf(path), was: was.get(path) ?? null }]
  })
}

const cardOf = (path: string): CardId => {
  const head = path.split('.')[0]
  if (path.startsWith('product.residual')) return 'residual'
  if (head === 'target' || head === 'baseline') return 'target'
  if (head === 'predictors' || head === 'fields') return 'predictors'
  if (head === 'validation') return 'validation'
  if (head === 'learner' || head === 'seed') return 'learner'
  return head === 'training' || head === 'split' || head === 'minValidFraction' ? 'samples' : 'output'
}

/** Values of a recipe by their path; predictors, fields and lists are one value each. */
function leaves(value: unknown, path = '', into = new Map<string, unknown>()): Map<string, unknown> {
  const isLeaf =
    value === null ||
    typeof value !== 'object' ||
    Array.isArray(value) ||
    /^(predictors|fields|target|grid)\./.test(path)
  if (isLeaf) return into.set(path, value)
  for (const [key, inner] of Object.entries(value)) leaves(inner, path ? `${path}.${key}` : key, into)
  return into
}
