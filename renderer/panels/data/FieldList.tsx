import { useState } from 'react'
import { LayerStyle } from '../../../main/contract/index.ts'
import { say } from '../../state/notices.ts'
import { addLayer, editWorkspace, useWorkspaceStore, workspace } from '../../state/workspace.ts'
import { Icon } from '../../widgets/Icon.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'
import { Chip } from '../../widgets/PanelState.tsx'
import { RenameFieldSheet } from './RenameFieldSheet.tsx'
import { openField } from './derive/derive-store.ts'
import { fieldsOf } from './derive/field-uses.ts'
import { runWords, useRunsOfFields } from './derive/use-runs-of-field.ts'

/** Derived fields of the recipe in the making. One opens with a click or Enter, F2 renames it. */
export function FieldList() {
  const document = useWorkspaceStore((state) => state.document)
  const [renamed, setRenamed] = useState<string | null>(null)
  const fields = fieldsOf(document)
  const runs = useRunsOfFields(fields)
  const predictors = (document.recipe.predictors ?? {}) as Record<string, unknown>
  if (Object.keys(fields).length === 0) return null
  return (
    <section className="field-list" aria-label="Derived fields">
      <h3 className="source-group">
        Derived fields <span className="text-2">{Object.keys(fields).length}</span>
      </h3>
      <ul>
        {Object.keys(fields).map((name) => {
          const older = runs.get(name)?.older ?? []
          return (
            <li key={name} className="source-item">
              <Icon name="model" size={14} />
              <button
                type="button"
                className="field-open source-name"
                title={`Change ${name}`}
                onClick={() => open(name)}
                onKeyDown={({ key }) => key === 'F2' && setRenamed(name)}
              >
                {name}
              </button>
              {older.length > 0 && (
                <span
                  title={`${runWords(older)} used an earlier version of ${name}. Run again to bring the maps up to date.`}
                >
                  <Chip tone="warn">{older.length === 1 ? 'a run is stale' : `${older.length} runs are stale`}</Chip>
                </span>
              )}
              {Object.values(predictors).includes(name) && <span className="text-2 source-fact">predictor</span>}
              <MenuButton
                label={`More about ${name}`}
                rows={[
                  { id: 'change', title: 'Change …', icon: 'edit', run: () => open(name) },
                  { id: 'rename', title: 'Rename …', keys: 'F2', run: () => setRenamed(name) },
                  { id: 'map', title: 'Add to map', icon: 'layers', startsGroup: true, run: () => show(name) },
                  { id: 'predictor', title: 'Use as predictor', run: () => asPredictor(name) },
                  { id: 'remove', title: 'Remove', icon: 'trash', startsGroup: true, run: () => remove(name) },
                ]}
              />
            </li>
          )
        })}
      </ul>
      {renamed !== null && <RenameFieldSheet name={renamed} onClose={() => setRenamed(null)} />}
    </section>
  )
}

function open(name: string): void {
  openField(name, fieldsOf(workspace())[name])
}

function show(name: string): void {
  const { [name]: expression, ...fields } = fieldsOf(workspace())
  if (expression === undefined) return
  addLayer({
    name,
    source: { of: 'field', expression, fields, name },
    isVisible: true,
    style: LayerStyle.parse({ ramp: 'viridis', range: { mode: 'dataset' } }),
  })
  say('good', `${name} is on the map.`)
}

function asPredictor(name: string): void {
  editWorkspace(`${name}: predictor`, (document) => ({
    ...document,
    recipe: {
      ...document.recipe,
      predictors: { ...(document.recipe.predictors as Record<string, string> | undefined), [name]: name },
    },
  }))
}

/** The field, and a predictor that is nothing but it. */
function remove(name: string): void {
  editWorkspace(`Remove ${name}`, (document) => {
    const { [name]: _field, ...fields } = fieldsOf(document)
    const predictors = Object.fromEntries(
      Object.entries((document.recipe.predictors ?? {}) as Record<string, string>).filter(([, each]) => each !== name),
    )
    return {
      ...document,
      recipe: { ...document.recipe, fields, predictors } as typeof document.recipe,
    }
  })
}
