import type { Recipe, TestOpening } from '../../contract/index.ts'
import { hashJson } from '../files/index.ts'

/** Subject of the notes that keep the openings of test parts: notes are only ever added, undo does not know them. */
export const openingSubject = 'test part'

/** A test part is the same for all runs that seal the same rows of the same target: once one run has looked at it, no other is blind
 *  to it any more. */
export function testPartKey({ split, target }: Pick<Recipe, 'split' | 'target'>): string {
  return hashJson({ test: split.test ?? null, target })
}

type StoredOpening = TestOpening & { readonly key: string }

export function writeOpening(opening: TestOpening, key: string): string {
  return JSON.stringify({ ...opening, key } satisfies StoredOpening)
}

/** Openings of one test part, oldest first. */
export function openingsOf(
  notes: readonly { readonly subject: string; readonly text: string }[],
  key: string,
): TestOpening[] {
  return notes.flatMap(({ subject, text }) => {
    if (subject !== openingSubject) return []
    const { key: own, ...opening } = JSON.parse(text) as StoredOpening
    return own === key ? [opening] : []
  })
}
