import { endpoints } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { replaceDraft } from '../../state/draft.ts'
import { say, sayFault } from '../../state/notices.ts'
import { workspace } from '../../state/workspace.ts'
import { chooseFiles } from '../../widgets/choose-files.ts'

/** Takes a recipe file in as the draft. */
export async function importDraft(): Promise<void> {
  const chosen = await chooseFiles({ title: 'Import recipe', kind: 'file', glob: '*.json', action: 'Import recipe' })
  if (!chosen) return
  try {
    const { recipe } = await call(endpoints.importRecipe, { body: { path: chosen[0] } })
    replaceDraft('Import recipe', recipe)
  } catch (thrown) {
    sayFault(thrown)
  }
}

/** Writes the draft as a file that `loam run` takes. */
export async function exportDraft(): Promise<void> {
  const { recipe } = workspace()
  const name = `${String(recipe.name ?? 'recipe').replace(/[^\w-]+/g, '-')}.json`
  const chosen = await chooseFiles({ title: 'Export recipe', kind: 'save', glob: '*.json', defaultName: name })
  if (!chosen) return
  const path = chosen[0].endsWith('.json') ? chosen[0] : `${chosen[0]}.json`
  try {
    await call(endpoints.exportRecipe, { body: { path, recipe } })
    say('good', `Recipe written to ${path}`)
  } catch (thrown) {
    sayFault(thrown)
  }
}
