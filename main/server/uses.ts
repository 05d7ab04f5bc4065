import type { Workspace } from '../contract/index.ts'

export interface Use {
  readonly kind: 'recipe' | 'layer' | 'field'
  readonly name: string
}

/** Places of the workspace that name a dataset or station set. */
export function usesOf({ recipe, layers }: Workspace, name: string): Use[] {
  const isNamed = (part: unknown): boolean => {
    const text = JSON.stringify(part) ?? ''
    return text.includes(JSON.stringify(name)) || text.includes(`"${name}.`)
  }
  const { fields, predictors, ...others } = recipe as Record<string, unknown>
  const inTable = (table: unknown, kind: Use['kind']): Use[] =>
    Object.entries((table ?? {}) as Record<string, unknown>).flatMap(([own, part]) =>
      isNamed(part) ? [{ kind, name: own }] : [],
    )
  return [
    ...Object.entries(others).flatMap(([part, value]) =>
      isNamed(value) ? [{ kind: 'recipe' as const, name: part }] : [],
    ),
    ...inTable(predictors, 'recipe'),
    ...inTable(fields, 'field'),
    ...layers.flatMap((layer) => (isNamed(layer.source) ? [{ kind: 'layer' as const, name: layer.name }] : [])),
  ]
}
