import { create } from 'zustand'
import { openDataPanel } from '../data-panel.ts'
import { emptyForm } from './field-forms.ts'
import type { FieldForm, FieldKind } from './field-forms.ts'

/** The field in the making. It is kept when the panel is closed. */
export const useDerive = create<{ readonly form: FieldForm }>(() => ({ form: emptyForm }))

export function changeForm(change: Partial<FieldForm>): void {
  useDerive.setState(({ form }) => ({ form: { ...form, ...change } }))
}

export function openDerive(kind?: FieldKind, input?: string): void {
  if (kind) changeForm({ kind, ...(input ? { input } : {}) })
  openDataPanel('derive')
}
