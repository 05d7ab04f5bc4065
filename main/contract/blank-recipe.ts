/** A recipe to begin with: what is missing is asked by its cards. The first dataset that gets a part in an empty draft begins one
 *  too, so that a target and predictors are enough for a preview. */
export const blankRecipe = {
  loam: 'recipe/1',
  name: 'New recipe',
  seed: 1,
  predictors: {},
  split: { by: 'place', folds: 5 },
  learner: { type: 'forest' },
  product: { applicability: true },
}
