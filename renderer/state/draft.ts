import { create } from 'zustand'
import type { Draft } from '../../main/contract/index.ts'
import { editWorkspace, useWorkspaceStore } from './workspace.ts'

interface DraftBase {
  /** The run whose recipe the draft began with, so that changes can be marked; null for a draft of its own. */
  readonly run: string | null
  readonly recipe: Draft | null
}

export const useDraftBase = create<DraftBase>(() => ({ run: null, recipe: null }))

/** The recipe in the making. */
export function useDraft(): Draft {
  return useWorkspaceStore((state) => state.document.recipe)
}

/** What stands at `learner.treeCount`; undefined when nothing does. */
export function partAt(draft: Draft, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), draft)
}

/** The same draft with another value at a path; undefined takes it out. Objects on the way are made. */
export function withPart(draft: Draft, path: string, value: unknown): Draft {
  const [key, ...rest] = path.split('.')
  const own = draft[key]
  const next = rest.length === 0 ? value : withPart(isObject(own) ? (own as Draft) : {}, rest.join('.'), value)
  if (next !== undefined) return { ...draft, [key]: next as Draft[string] }
  const { [key]: _gone, ...others } = draft
  return others
}

/** Changes one part of the draft; dragging or typing in one place is one step of undo, unless each change is its own, as of a button
 *  that replaces what was there. */
export function editDraft(label: string, path: string, value: unknown, isOwnStep = false): void {
  editWorkspace(
    label,
    (document) => ({ ...document, recipe: withPart(document.recipe, path, value) }),
    isOwnStep ? undefined : `recipe ${path}`,
  )
}

/** Puts another recipe in its place. */
export function replaceDraft(label: string, recipe: Draft, base: DraftBase = { run: null, recipe: null }): void {
  useDraftBase.setState(base)
  editWorkspace(label, (document) => ({ ...document, recipe }))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
