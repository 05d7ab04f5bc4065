import { blankRecipe } from '../../../main/contract/index.ts'
import type { DatasetRow, SourceRole, StationSetRow, Workspace } from '../../../main/contract/index.ts'
import { editWorkspace } from '../../state/workspace.ts'
import { roleWords } from './words.ts'

type Recipe = Workspace['recipe']

/** The name a recipe gives a dataset or one of its variables. */
export function recipeName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_]+/g, '_')
  return /^[A-Za-z_]/.test(name) ? name : `p_${name}`
}

const isOf = (expression: unknown, name: string): boolean =>
  expression === name || (typeof expression === 'string' && expression.startsWith(`${name}.`))

const predictorsOf = (recipe: Recipe): Record<string, unknown> => (recipe.predictors ?? {}) as Record<string, unknown>

/** The part a dataset plays, as the recipe in the making names it. */
export function roleOf(name: string, { recipe, masks }: Pick<Workspace, 'recipe' | 'masks'>): SourceRole {
  const target = recipe.target as { raster?: unknown } | undefined
  if (isOf(target?.raster, name)) return 'target'
  if (Object.values(predictorsOf(recipe)).some((each) => isOf(each, name))) return 'predictor'
  return masks.includes(name) ? 'mask' : 'unassigned'
}

/** True when the target of the recipe is measured at stations of the set. */
export function isTargetSet(name: string, { recipe }: Pick<Workspace, 'recipe'>): boolean {
  return (recipe.target as { stations?: unknown } | undefined)?.stations === name
}

/** Takes a dataset out of every part and gives it one. */
export function withRole(
  document: Workspace,
  { name, variables }: Pick<DatasetRow, 'name' | 'variables'>,
  role: SourceRole,
): Workspace {
  const { target, ...rest } = document.recipe
  const recipe: Recipe = isOf((target as { raster?: unknown } | undefined)?.raster, name) ? rest : document.recipe
  const others = Object.entries(predictorsOf(recipe)).filter(([, each]) => !isOf(each, name))
  const isSingle = variables.length === 1
  const own =
    role === 'predictor'
      ? variables.map((variable): [string, string] => [
          freeName(recipeName(isSingle ? name : `${name}_${variable.name}`), others),
          isSingle ? name : `${name}.${variable.name}`,
        ])
      : []
  const best =
    variables.find(({ unit }) => unit === 'm3 m-3') ??
    variables.find((variable) => /moist|(^|_)s?sm/i.test(variable.name)) ??
    variables[0]
  const masks = document.masks.filter((each) => each !== name)
  return {
    ...document,
    recipe: {
      ...(role === 'target' || role === 'predictor' ? blankRecipe : {}),
      ...recipe,
      ...(role === 'target' ? { target: { raster: isSingle ? name : `${name}.${best.name}` } } : {}),
      predictors: Object.fromEntries([...others, ...own]) as Recipe[string],
    },
    masks: role === 'mask' ? [...masks, name] : masks,
  }
}

function freeName(name: string, taken: readonly (readonly [string, unknown])[]): string {
  let free = name
  for (let i = 2; taken.some(([other]) => other === free); i++) free = `${name}_${i}`
  return free
}

export function setRole(dataset: DatasetRow, role: SourceRole): void {
  editWorkspace(`${dataset.name}: ${roleWords[role].toLowerCase()}`, (document) => withRole(document, dataset, role))
}

/** The target becomes what the stations of a set measure: soil moisture where it has it. */
export function setStationTarget({ name, variables }: StationSetRow): void {
  const best =
    variables.find(({ unit }) => unit === 'm3 m-3') ??
    variables.find((variable) => /moist|vw|(^|_)s?sm/i.test(variable.name)) ??
    variables[0]
  const target = { stations: name, variable: best.name, ...(best.depth ? { depth: best.depth } : {}) }
  editWorkspace(`${name}: target`, (document) => ({
    ...document,
    recipe: { ...blankRecipe, ...document.recipe, target },
  }))
}

/** Takes datasets and station sets out; they stay in the project file, so that this can be undone. */
export function takeOut(names: readonly string[], kind: 'datasets' | 'stationSets'): void {
  const what = names.length === 1 ? names[0] : `${names.length} datasets`
  editWorkspace(`Take out ${what}`, (document) => ({
    ...document,
    removed: { ...document.removed, [kind]: [...new Set([...document.removed[kind], ...names])] },
  }))
}
