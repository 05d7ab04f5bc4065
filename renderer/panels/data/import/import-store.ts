import { create } from 'zustand'
import type { SourceRole } from '../../../../main/contract/index.ts'

/** What the user says of a product before it is added. */
export interface ProductDraft {
  readonly name?: string
  readonly role?: SourceRole
  readonly isLeftOut?: boolean
  readonly replace?: boolean
}

export interface UploadState {
  readonly files: number
  readonly filesDone: number
  readonly bytes: number
  readonly bytesDone: number
}

interface ImportState {
  /** The sheet is shown; it may be closed while the survey goes on. */
  readonly isOpen: boolean
  readonly survey: string | null
  /** Files found so far in the folders that were dropped; null when they are not read. */
  readonly found: number | null
  readonly upload: UploadState | null
  /** Name the uploaded files were sent under; null when nothing was sent. */
  readonly batch: string | null
  readonly stopUpload: (() => void) | null
  readonly fault: unknown
  readonly drafts: Readonly<Record<string, ProductDraft>>
  /** Product whose details are open. */
  readonly opened: string | null
}

const closed: ImportState = {
  isOpen: false,
  survey: null,
  found: null,
  upload: null,
  batch: null,
  stopUpload: null,
  fault: null,
  drafts: {},
  opened: null,
}

/** The import that is under way, if any. */
export const useImport = create<ImportState>(() => closed)

export const resetImport = (): void => useImport.setState(closed)

export function draftProduct(id: string, change: ProductDraft): void {
  useImport.setState(({ drafts }) => ({ drafts: { ...drafts, [id]: { ...drafts[id], ...change } } }))
}
