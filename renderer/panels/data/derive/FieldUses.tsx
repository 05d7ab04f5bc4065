import { useWorkspaceStore } from '../../../state/workspace.ts'
import { Strip } from '../../../widgets/PanelState.tsx'
import { fieldsOf, usesOfField } from './field-uses.ts'
import { runWords, useRunsOfFields } from './use-runs-of-field.ts'

const kindWords = { predictor: 'predictor', field: 'field', layer: 'layer', recipe: 'recipe:' } as const

/** What is made of a field, and what a change of it means for each. */
export function FieldUses({ name }: { readonly name: string }) {
  const document = useWorkspaceStore((state) => state.document)
  const runs = useRunsOfFields(fieldsOf(document)).get(name)
  const uses = usesOfField(name, document)
  const isRun = runs !== undefined && runs.same.length > 0
  return (
    <section className="panel-section">
      <h3>Used by</h3>
      {uses.length === 0 && !isRun && <p className="text-2">Nothing yet.</p>}
      {uses.length > 0 && (
        <>
          <ul>
            {uses.map(({ kind, name: use }, i) => (
              // Two layers may have one name.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={`${kind} ${use} ${i}`}>
                <span className="text-2">{kindWords[kind]}</span> {use}
              </li>
            ))}
          </ul>
          <p className="text-2">These follow a change at once.</p>
        </>
      )}
      {isRun && (
        <Strip tone="info">
          {runWords(runs.same)} {runs.same.length === 1 ? 'was' : 'were'} made with it as it is. After a change the maps
          of {runs.same.length === 1 ? 'that run' : 'those runs'} are stale: they stay as they are until you run again.
        </Strip>
      )}
      {runs !== undefined && runs.older.length > 0 && (
        <Strip tone="warn">
          {runWords(runs.older)} {runs.older.length === 1 ? 'was' : 'were'} made with an earlier version of it. Run
          again to bring the maps up to date.
        </Strip>
      )}
    </section>
  )
}
