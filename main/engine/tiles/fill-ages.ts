import { addDays } from '../../contract/index.ts'
import type { Day, FieldExpression, Grid, Recipe } from '../../contract/index.ts'
import { compileField } from '../fields/index.ts'
import type { Field, FieldContext } from '../fields/index.ts'
import { readFieldCell } from './read-cell.ts'

/** How old the observation is that a filled predictor rests on. */
export interface FillAge {
  readonly observed: Field
  readonly maxAgeDays: number
}

/** Of the predictors that are fills in time, the field they fill and how far they look. */
export function fillAges(recipe: Pick<Recipe, 'predictors' | 'fields'>, context: FieldContext): Map<string, FillAge> {
  const ages = new Map<string, FillAge>()
  for (const [name, expression] of Object.entries(recipe.predictors)) {
    const named = resolved(expression, recipe.fields)
    if (typeof named !== 'object' || !('fillInTime' in named)) continue
    const observed = compileField(name, named.fillInTime, context)
    ages.set(name, { observed, maxAgeDays: named.maxAgeDays })
  }
  return ages
}

/** Days from `day` to the nearest one on which the cell was observed; null when there is none within the limit. */
export async function ageAt(
  { observed, maxAgeDays }: FillAge,
  grid: Grid,
  cell: { readonly row: number; readonly col: number },
  day: Day,
  signal?: AbortSignal,
): Promise<number | null> {
  const dates = new Set(observed.times as readonly Day[])
  for (let age = 0; age <= maxAgeDays; age++)
    for (const date of age === 0 ? [day] : [addDays(day, -age), addDays(day, age)]) {
      if (!dates.has(date)) continue
      const { value } = await readFieldCell(observed, grid, cell, date, signal)
      if (value !== null) return age
    }
  return null
}

/** What a chain of names ends at. Circles were refused when the recipe was compiled. */
function resolved(expression: FieldExpression, fields: Readonly<Record<string, FieldExpression>>): FieldExpression {
  let each = expression
  while (typeof each === 'string' && Object.hasOwn(fields, each)) each = fields[each]
  return each
}
