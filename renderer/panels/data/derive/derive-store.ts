import { create } from 'zustand'
import type { FieldExpression } from '../../../../main/contract/index.ts'
import { openDataPanel } from '../data-panel.ts'
import type { FieldForm, FieldKind } from './field-forms.ts'
import {
  expressionOfStep,
  insertAfter,
  insertBefore,
  oneStep,
  putInPlace,
  rowsOf,
  stepInput,
  stepsOf,
  takeOut,
  withInput,
} from './field-steps.ts'
import type { FieldSteps } from './field-steps.ts'
import { sameField } from './form-of.ts'
import { readWritten, writeExpression } from './written-expression.ts'

/** A field as it is made: its name as typed, its steps, and the one whose form is open. */
interface Draft {
  readonly name: string
  readonly steps: FieldSteps
  readonly chosen: string
  /** Steps that were taken out and can be put back, the latest last. */
  readonly takenOut: readonly TakenOut[]
}

interface TakenOut {
  readonly id: string
  /** What took it, and where; for the result the step that is the result now. */
  readonly from: { readonly user: string; readonly slot: string } | { readonly result: string }
}

/** A field of the recipe as it was opened. */
interface Opened {
  readonly name: string
  readonly expression: FieldExpression
  readonly steps: FieldSteps
}

interface DeriveState extends Draft {
  /** The field that is changed; null while a new one is made. */
  readonly editing: Opened | null
  /** A new field in the making, while another one is changed. */
  readonly aside: Draft
  /** By field, what was changed of it and not saved when its sheet was left. */
  readonly unsaved: Readonly<Record<string, { readonly draft: Draft; readonly opened: Opened }>>
  /** Counts changes after which what was pressed may be gone, so that the open step takes the focus. */
  readonly rearranged: number
}

const blank: Draft = { name: '', steps: oneStep, chosen: oneStep.root, takenOut: [] }

/** The field in the making. It is kept when the panel is closed. */
export const useDerive = create<DeriveState>(() => ({
  ...blank,
  editing: null,
  aside: blank,
  unsaved: {},
  rearranged: 0,
}))

/** A change of which steps there are. */
function rearrange(change: Partial<Draft>): void {
  useDerive.setState(({ rearranged }) => ({ ...change, rearranged: rearranged + 1 }))
}

const draftOf = ({ name, steps, chosen, takenOut }: Draft): Draft => ({ name, steps, chosen, takenOut })

/** The form that is open. */
export function useForm(): FieldForm {
  return useDerive(({ steps, chosen }) => steps.forms[chosen])
}

export function changeForm(change: Partial<FieldForm>): void {
  useDerive.setState(({ steps, chosen }) => ({
    steps: { ...steps, forms: { ...steps.forms, [chosen]: { ...steps.forms[chosen], ...change } } },
  }))
}

export const nameField = (name: string): void => useDerive.setState({ name })
export const chooseStep = (chosen: string): void => useDerive.setState({ chosen })

/** Makes the open step in another way. As text it begins with what its form said. */
export function changeKind(kind: FieldKind, krigingCrs: (set: string) => string | null): void {
  const { steps, chosen } = useDerive.getState()
  const said = kind === 'written' ? expressionOfStep(steps, chosen, krigingCrs) : null
  changeForm({ kind, ...(said === null ? {} : { written: writeExpression(said) }) })
}

/** A text that forms can show becomes steps. The text stays among what was taken out. */
export function showAsSteps(): void {
  const { steps, chosen } = useDerive.getState()
  const { expression } = readWritten(steps.forms[chosen].written)
  if (expression === null) return
  const made = stepsOf(expression, steps)
  const whole = { ...steps, forms: { ...steps.forms, ...made.forms } }
  rearrange({ steps: putInPlace(whole, chosen, stepInput(made.root)), chosen: made.root })
}

/** Opens a new step that makes one of the inputs of a step. */
export function addStepBefore(id: string, slot: string): void {
  const { steps, added } = insertBefore(useDerive.getState().steps, id, slot)
  rearrange({ steps, chosen: added })
}

/** Opens a new step that is made of a step. */
export function addStepAfter(id: string): void {
  const { steps, added } = insertAfter(useDerive.getState().steps, id)
  rearrange({ steps, chosen: added })
}

/** Takes a step out of the chain; its form is kept, so that it can be put back. */
export function removeStep(id: string): void {
  const { steps: before, chosen, takenOut } = useDerive.getState()
  const steps = takeOut(before, id)
  if (!steps) return
  const { user } = rowsOf(before).find((row) => row.id === id)!
  const from = user ? { user: user.id, slot: user.slot.key } : { result: steps.root }
  const isThere = rowsOf(steps).some((row) => row.id === chosen)
  rearrange({
    steps,
    chosen: isThere ? chosen : (user?.id ?? steps.root),
    takenOut: [...takenOut, { id, from }],
  })
}

/** Puts the step back that was taken out last. */
export function putBack(): void {
  const { steps, takenOut } = useDerive.getState()
  const last = takenOut.at(-1)
  if (!last) return
  const { id, from } = last
  const next =
    'user' in from
      ? {
          ...steps,
          forms: { ...steps.forms, [from.user]: withInput(steps.forms[from.user], from.slot, stepInput(id)) },
        }
      : putInPlace(steps, from.result, stepInput(id))
  rearrange({ steps: next, chosen: id, takenOut: takenOut.slice(0, -1) })
}

/** Opens the sheet for a new field. */
export function openDerive(kind?: FieldKind, input?: string): void {
  leave(false)
  if (kind) changeForm({ kind, ...(input ? { input } : {}) })
  openDataPanel('derive')
}

/** Opens the sheet filled in with a field; as it was left where that was not saved and the field is still the same. */
export function openField(name: string, expression: FieldExpression): void {
  leave(false)
  const { unsaved, ...now } = useDerive.getState()
  const { [name]: kept, ...others } = unsaved
  const steps = stepsOf(expression)
  const isKept = kept !== undefined && sameField(kept.opened.expression, expression)
  const draft = isKept ? kept.draft : { name, steps, chosen: steps.root, takenOut: [] }
  const editing = isKept ? kept.opened : { name, expression, steps }
  useDerive.setState({ ...draft, editing, aside: draftOf(now), unsaved: others })
  openDataPanel('derive')
}

/** The field that is changed as the recipe has it. */
export function beginAgain(): void {
  const { editing } = useDerive.getState()
  if (editing === null) return
  const { name, steps } = editing
  rearrange({ name, steps, chosen: steps.root, takenOut: [] })
}

/** Leaves the field that was changed; a new one in the making is kept.
 *  @param isSaved what was changed is in the recipe */
export function closeDerive(isSaved = false): void {
  leave(isSaved)
  openDataPanel('card')
}

/** Whether the field that is changed differs from what the recipe has. */
export function isChanged({ editing, steps, name }: Pick<DeriveState, 'editing' | 'steps' | 'name'>): boolean {
  if (editing === null) return false
  const made = steps === editing.steps ? editing.expression : expressionOfStep(steps, steps.root)
  return name !== editing.name || made === null || !sameField(made, editing.expression)
}

/** Back to the new field in the making. What was changed of another and not saved waits for it to be opened again. */
function leave(isSaved: boolean): void {
  const before = useDerive.getState()
  const { editing, aside, unsaved } = before
  if (editing === null) return
  const kept = isSaved || !isChanged(before) ? {} : { [editing.name]: { draft: draftOf(before), opened: editing } }
  useDerive.setState({ ...aside, editing: null, aside: blank, unsaved: { ...unsaved, ...kept } })
}
