import type { GridSpec, Workspace } from '../../../../main/contract/index.ts'
import { withPart } from '../../../state/draft.ts'
import { editWorkspace } from '../../../state/workspace.ts'

const placeOf = { fine: 'grid', training: 'target.grid' } as const
const wordOf = { fine: 'Fine grid', training: 'Training grid' } as const

/** Sets a grid of the recipe in the making; null leaves the training grid to the coarse product.
 *  @param isTyping what is typed in a row is one step of undo */
export function setGrid(of: 'fine' | 'training', grid: GridSpec | null, isTyping = false): void {
  const change = (document: Workspace): Workspace => ({
    ...document,
    recipe: withPart(document.recipe, placeOf[of], grid ?? undefined),
  })
  editWorkspace(wordOf[of], change, isTyping ? `${of} grid` : undefined)
}
