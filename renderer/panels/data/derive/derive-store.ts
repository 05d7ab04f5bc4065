import { create } from 'zustand'
import type { FieldExpression } from '../../../../main/contract/index.ts'
import { openDataPanel } from '../data-panel.ts'
import { emptyForm } from './field-forms.ts'
import type { FieldForm, FieldKind } from './field-forms.ts'
import { formOf } from './form-of.ts'

interface DeriveState {
  readonly form: FieldForm
  /** The field that is changed; null while a new one is made. */
  readonly editing: string | null
}

/** The field in the making. It is kept when the panel is closed. */
export const useDerive = create<DeriveState>(() => ({ form: emptyForm, editing: null }))

export function changeForm(change: Partial<FieldForm>): void {
  useDerive.setState(({ form }) => ({ form: { ...form, ...change } }))
}

/** Opens the sheet for a new field. What was changed of another one is let go. */
export function openDerive(kind?: FieldKind, input?: string): void {
  if (useDerive.getState().editing !== null) useDerive.setState({ form: emptyForm, editing: null })
  if (kind) changeForm({ kind, ...(input ? { input } : {}) })
  openDataPanel('derive')
}

/** Opens the sheet filled in with a field. @returns whether the sheet can show it */
export function openField(name: string, expression: FieldExpression): boolean {
  const form = formOf(name, expression)
  if (!form) return false
  useDerive.setState({ form, editing: name })
  openDataPanel('derive')
  return true
}

/** Leaves the field that was changed; a new one in the making is kept. */
export function closeDerive(): void {
  if (useDerive.getState().editing !== null) useDerive.setState({ form: emptyForm, editing: null })
  openDataPanel('card')
}
