import type { FieldExpression } from '../../../main/contract/index.ts'
import { LayerStyle } from '../../../main/contract/index.ts'
import { say } from '../../state/notices.ts'
import { addLayer, editWorkspace, useWorkspaceStore, workspace } from '../../state/workspace.ts'
import { Icon } from '../../widgets/Icon.tsx'
import { MenuButton } from '../../widgets/MenuButton.tsx'

type Fields = Readonly<Record<string, FieldExpression>>

const fieldsOf = ({ recipe }: ReturnType<typeof workspace>) => (recipe.fields ?? {}) as Fields

/** Derived fields of the recipe in the making. */
export function FieldList() {
  const document = useWorkspaceStore((state) => state.document)
  const fields = fieldsOf(document)
  const predictors = (document.recipe.predictors ?? {}) as Record<string, unknown>
  if (Object.keys(fields).length === 0) return null
  return (
    <section className="field-list" aria-label="Derived fields">
      <h3 className="source-group">
        Derived fields <span className="text-2">{Object.keys(fields).length}</span>
      </h3>
      <ul>
        {Object.keys(fields).map((name) => (
          <li key={name} className="source-item">
            <Icon name="model" size={14} />
            <span className="source-name" title={name}>
              {name}
            </span>
            {Object.values(predictors).includes(name) && <span className="text-2 source-fact">predictor</span>}
            <MenuButton
              label={`More about ${name}`}
              rows={[
                { id: 'map', title: 'Add to map', icon: 'layers', run: () => show(name) },
                { id: 'predictor', title: 'Use as predictor', run: () => asPredictor(name) },
                { id: 'remove', title: 'Remove', icon: 'trash', startsGroup: true, run: () => remove(name) },
              ]}
            />
          </li>
        ))}
      </ul>
    </section>
  )
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
