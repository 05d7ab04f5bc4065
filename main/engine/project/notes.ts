import type { Place } from './place.ts'

/** Something that happened to the project and that its user may want to know later. */
export interface Note {
  /** UTC milliseconds since 1970. */
  readonly notedAtMs: number
  /** Name of the dataset it concerns, `project`, or `test part`. */
  readonly subject: string
  readonly text: string
}

export function putNote({ db }: Pick<Place, 'db'>, subject: string, text: string): void {
  db.prepare('INSERT INTO notes (noted_at, subject, text) VALUES (?, ?, ?)').run(Date.now(), subject, text)
}

/** Oldest first. */
export function listNotes({ db }: Place): Note[] {
  return db.prepare('SELECT noted_at AS notedAtMs, subject, text FROM notes ORDER BY id').all() as Note[]
}
