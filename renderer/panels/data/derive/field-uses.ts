import { namesInExpression } from '../../../../main/contract/index.ts'
import type { FieldExpression, LayerSource, Workspace } from '../../../../main/contract/index.ts'
import { inOrder } from './form-of.ts'

export type Fields = Readonly<Record<string, FieldExpression>>

export const fieldsOf = ({ recipe }: Pick<Workspace, 'recipe'>): Fields => (recipe.fields ?? {}) as Fields

/** Fields an expression is made of, directly and through others. */
export function fieldsBelow(expression: unknown, fields: Fields): Set<string> {
  const found = new Set<string>()
  const visit = (each: unknown): void => {
    for (const name of namesInExpression(each)) {
      if (found.has(name) || !Object.hasOwn(fields, name)) continue
      found.add(name)
      visit(fields[name])
    }
  }
  visit(expression)
  return found
}

/** Fields that are made of a field, directly and through others: it cannot be made of them. */
export function fieldsAbove(name: string, fields: Fields): Set<string> {
  return new Set(Object.keys(fields).filter((each) => fieldsBelow(fields[each], fields).has(name)))
}

/** Everything a field depends on as one text: two that are equal compute the same from the same data. */
export function fieldKey(name: string, fields: Fields): string | null {
  if (!Object.hasOwn(fields, name)) return null
  const below = [...fieldsBelow(fields[name], fields)].toSorted()
  return inOrder([fields[name], below.map((each) => [each, fields[each]])])
}

export interface FieldUse {
  readonly kind: 'predictor' | 'field' | 'layer' | 'recipe'
  readonly name: string
}

/** What of the workspace is made of a field. It follows a change by itself. */
export function usesOfField(name: string, { recipe, layers }: Workspace): FieldUse[] {
  const fields = fieldsOf({ recipe })
  const above = fieldsAbove(name, fields)
  const names = new Set([name, ...above])
  const isMade = (expression: unknown): boolean => [...namesInExpression(expression)].some((each) => names.has(each))
  const predictors = (recipe.predictors ?? {}) as Fields
  const target = recipe.target as { readonly raster?: FieldExpression } | undefined
  const training = recipe.training as { readonly weight?: FieldExpression } | undefined
  return [
    ...Object.entries(predictors).flatMap(([own, each]) =>
      isMade(each) ? [{ kind: 'predictor' as const, name: own }] : [],
    ),
    ...Array.from(above, (own) => ({ kind: 'field' as const, name: own })),
    ...(target?.raster !== undefined && isMade(target.raster) ? [{ kind: 'recipe' as const, name: 'target' }] : []),
    ...(training?.weight !== undefined && isMade(training.weight)
      ? [{ kind: 'recipe' as const, name: 'weight of rows' }]
      : []),
    ...layers.flatMap((layer) =>
      showsField(layer.source, names) ? [{ kind: 'layer' as const, name: layer.name }] : [],
    ),
  ]
}

function showsField(source: LayerSource, names: ReadonlySet<string>): boolean {
  if (source.of === 'difference') return showsField(source.a, names) || showsField(source.b, names)
  if (source.of !== 'field') return false
  return names.has(source.name) || [...fieldsBelow(source.expression, source.fields)].some((each) => names.has(each))
}
