import type { ShippedRecipe } from '../../../main/contract/index.ts'
import { useShippedRecipes } from '../../api/recipe.ts'
import { replaceDraft } from '../../state/draft.ts'
import { ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { useModel } from './model-state.ts'

/** Recipes that come with Loam, those first that this project has everything for. */
export function RecipePicker() {
  const isOpen = useModel((state) => state.isPickerOpen)
  const recipes = useShippedRecipes(isOpen)
  const close = () => useModel.setState({ isPickerOpen: false })
  const take = ({ name, recipe }: ShippedRecipe) => {
    replaceDraft(`Start from ${name}`, recipe)
    close()
  }
  const sorted = (recipes.data ?? []).toSorted((a, b) => a.lacks.length - b.lacks.length)
  return (
    <Sheet title="Start from a recipe" isOpen={isOpen} onClose={close}>
      {recipes.isLoading && <LoadingRows label="Reading recipes" />}
      {recipes.error && <ErrorStrip fault={recipes.error} onRetry={() => void recipes.refetch()} />}
      <ul className="recipe-list">
        {sorted.map((each) => (
          <li key={each.id}>
            <button type="button" className="recipe-row" onClick={() => take(each)}>
              <span className="recipe-row-name">{each.name}</span>
              <span className="text-2">{each.description}</span>
              <span className={each.lacks.length > 0 ? 'text-3' : 'recipe-row-ready'}>
                {each.lacks.length > 0
                  ? `Names ${each.lacks.length} things this project lacks: ${each.lacks.join(', ')}`
                  : 'This project has all it names'}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
