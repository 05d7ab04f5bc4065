import { LoamError } from '../../contract/index.ts'
import type { Field } from './field.ts'

/** Checks that predictors are different things.
 *  @returns sentences to show the user: predictors a model may use, but not as they are meant
 *  @throws bad_recipe when two predictors have the same numbers, whatever they are called */
export function predictorChecks(predictors: readonly Field[]): string[] {
  const byId = new Map<string, Field>()
  for (const field of predictors) {
    const twin = byId.get(field.id)
    if (twin)
      throw new LoamError(
        'bad_recipe',
        `Predictors "${twin.name}" and "${field.name}" are the same: both are ${field.lineage}, from the same files. Point one of them at its own source, or remove it.`,
        { predictors: [twin.name, field.name], id: field.id },
      )
    byId.set(field.id, field)
  }
  return predictors.flatMap((field) => {
    if (field.kind === 'circular')
      return [
        `Predictor "${field.name}" is an angle: 359° and 1° are far apart to a model. Use its sine and cosine, for terrain "eastness" and "northness".`,
      ]
    if (field.kind === 'categorical')
      return [
        `Predictor "${field.name}" holds classes: a model takes their numbers as an order. Use one predictor per class (a formula such as class == 3).`,
      ]
    return []
  })
}
