import { useEffect, useRef } from 'react'
import type { CSSProperties, RefObject } from 'react'
import type { Choice } from '../../../widgets/fields.tsx'
import { Select } from '../../../widgets/fields.tsx'
import { Button } from '../../../widgets/Button.tsx'
import { MenuButton } from '../../../widgets/MenuButton.tsx'
import type { MenuRow } from '../../../widgets/MenuButton.tsx'
import { Chip } from '../../../widgets/PanelState.tsx'
import { FormFields } from './FormFields.tsx'
import {
  addStepAfter,
  addStepBefore,
  changeKind,
  chooseStep,
  putBack,
  removeStep,
  useDerive,
  useForm,
} from './derive-store.ts'
import { expressionOf, fieldKinds, kindWords } from './field-forms.ts'
import { rowsOf, slotsOf, stepWords, takeOut } from './field-steps.ts'
import type { FieldSteps, StepRow } from './field-steps.ts'
import './step-list.css'

/** Deeper steps are drawn no further in: the panel is narrow. */
const mostIndents = 4

interface StepListProps {
  /** Names that an input can be. */
  readonly inputs: readonly Choice[]
  readonly krigingCrs: (set: string) => string | null
}

/** The steps that make a field, innermost first; the open one with its form in place. A field of one step is its form alone. */
export function StepList({ inputs, krigingCrs }: StepListProps) {
  const { steps, chosen, takenOut, rearranged } = useDerive()
  const last = takenOut.at(-1)
  const back = last && (
    <Button look="quiet" icon="undo" onPress={putBack}>
      {`Put back “${stepWords(steps, last.id)}”`}
    </Button>
  )
  const list = useRef<HTMLDivElement>(null)
  useFocusOnOpen(list, rearranged)
  const rows = rowsOf(steps)
  if (rows.length === 1)
    return (
      <div ref={list} className="step-alone">
        <StepForm inputs={inputs} krigingCrs={krigingCrs} />
        <div className="step-more">
          <MenuButton label="Add a step" text="Add a step" rows={insertions(steps, rows[0])} />
          {back}
        </div>
      </div>
    )
  return (
    <div ref={list}>
      <ol className="step-list" aria-label="Steps, innermost first">
        {rows.map((row) => {
          const isOpen = row.id === chosen
          // What comes before it may lack something; that is told there.
          const isWhole = expressionOf(steps.forms[row.id], undefined, () => 0) !== null
          return (
            <li
              key={row.id}
              style={{ '--indents': Math.min(row.depth, mostIndents) } as CSSProperties}
              data-open={isOpen || undefined}
            >
              <div className="step-head">
                <button
                  type="button"
                  className="step-open"
                  aria-expanded={isOpen}
                  title={stepWords(steps, row.id)}
                  onClick={() => chooseStep(row.id)}
                  onKeyDown={({ key }) => moveFocus(list.current, row.number - 1, key)}
                >
                  <span className="step-number">{row.number}</span>
                  <span className="step-words">{stepWords(steps, row.id)}</span>
                </button>
                {!isWhole && <Chip tone="warn">not complete</Chip>}
                <MenuButton
                  label={`More about step ${row.number}`}
                  rows={[
                    ...insertions(steps, row),
                    {
                      id: 'out',
                      title: 'Take it out',
                      icon: 'trash',
                      startsGroup: true,
                      isDisabled: takeOut(steps, row.id) === null,
                      run: () => removeStep(row.id),
                    },
                  ]}
                />
              </div>
              <p className="step-use text-2">
                {row.user ? `${row.user.slot.label} of step ${numberOf(rows, row.user.id)}` : 'The result'}
              </p>
              {isOpen && <StepForm inputs={inputs} krigingCrs={krigingCrs} />}
            </li>
          )
        })}
      </ol>
      {back && <div className="step-more">{back}</div>}
    </div>
  )
}

function StepForm({ inputs, krigingCrs }: StepListProps) {
  const form = useForm()
  return (
    <div className="form">
      <Select
        label="How"
        value={form.kind}
        onChange={(kind) => changeKind(kind, krigingCrs)}
        choices={fieldKinds.map((id) => ({ id, ...kindWords[id] }))}
      />
      <FormFields inputs={inputs} />
    </div>
  )
}

/** Where a new step can go: before each input of a step, and after the step. */
function insertions(steps: FieldSteps, { id }: StepRow): MenuRow[] {
  const slots = slotsOf(steps.forms[id])
  return [
    ...slots.map(({ key, label }) => ({
      id: key,
      title: slots.length === 1 ? 'Insert a step before' : `Insert a step before, for ${label}`,
      run: () => addStepBefore(id, key),
    })),
    { id: 'after', title: 'Insert a step after', run: () => addStepAfter(id) },
  ]
}

const numberOf = (rows: readonly StepRow[], id: string) => rows.find((row) => row.id === id)?.number

/** Up and Down go from step to step, as in a list. */
function moveFocus(list: HTMLElement | null, at: number, key: string): void {
  const by = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
  if (by === 0) return
  list?.querySelectorAll<HTMLButtonElement>('.step-open')[at + by]?.focus()
}

/** After a step came or went, what was pressed may be gone: the open step takes the focus, or where there is one step its first field.
 *  A menu gives the focus back in the next frame, so this comes in the one after. */
function useFocusOnOpen(list: RefObject<HTMLElement | null>, rearranged: number): void {
  const seen = useRef(rearranged)
  useEffect(() => {
    if (seen.current === rearranged) return
    seen.current = rearranged
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        list.current
          ?.querySelector<HTMLElement>('.step-open[aria-expanded="true"], .step-alone .select-button')
          ?.focus(),
      ),
    )
  }, [list, rearranged])
}
