import { LoamError, Workspace, emptyWorkspace, renameInWorkspace } from '../../contract/index.ts'
import type { Renaming } from '../../contract/index.ts'
import { badProject } from './faults.ts'
import type { Place } from './place.ts'
import { parseJson } from './place.ts'

/** The workspace document as it stands, and what undo and redo would do. */
export interface StoredWorkspace {
  readonly document: Workspace
  /** Grows with each change, undo and redo. */
  readonly revision: number
  /** Label of the step that undo takes back, redo does again; null where there is none. */
  readonly undo: string | null
  readonly redo: string | null
}

export interface WorkspaceChange {
  readonly label: string
  readonly document: Workspace
  /** Revision of the document the change was made from. */
  readonly revision: number
  /** Successive changes of one key become one step. */
  readonly mergeKey?: string
}

/** As many as are kept, and the characters of all their documents together. */
const mostSteps = 300
const mostCharacters = 64e6

/** The history is a row of documents; `position` says which of them stands. The first has no label: nothing led to it. */
export function workspace(place: Place): StoredWorkspace {
  const { position, revision } = head(place)
  const row = place.db.prepare('SELECT label, document FROM workspace_steps WHERE position = ?').get(position) as
    | { label: string; document: string }
    | undefined
  const oldest = place.db.prepare('SELECT min(position) FROM workspace_steps').pluck().get() as number | null
  const next = place.db
    .prepare('SELECT label FROM workspace_steps WHERE position = ?')
    .pluck()
    .get(position + 1) as string | undefined
  return {
    document: row ? documentOf(row.document, place.path) : emptyWorkspace(),
    revision,
    undo: row && oldest !== null && position > oldest ? row.label : null,
    redo: next ?? null,
  }
}

/** Adds a step after the present one; what could be redone is gone.
 *  @throws conflict, with the present workspace in its details, when the change was made from an older one */
export function putWorkspace(place: Place, change: WorkspaceChange): StoredWorkspace {
  const { db } = place
  return db.transaction(() => {
    const { position } = current(place, change.revision)
    const key = change.mergeKey ?? null
    const insert = db.prepare(
      'INSERT OR REPLACE INTO workspace_steps (position, label, merge_key, document, made_at) VALUES (?, ?, ?, ?, ?)',
    )
    const present = db.prepare('SELECT merge_key FROM workspace_steps WHERE position = ?').get(position) as
      | { merge_key: string | null }
      | undefined
    if (!present) insert.run(position, '', null, JSON.stringify(emptyWorkspace()), Date.now())
    db.prepare('DELETE FROM workspace_steps WHERE position > ?').run(position)
    const to = key !== null && present?.merge_key === key ? position : position + 1
    insert.run(to, change.label, key, JSON.stringify(change.document), Date.now())
    prune(place, to)
    return moveTo(place, to)
  })()
}

/** Adds a step for datasets and station sets that are new in the project, so that undoing it takes them out: in every earlier
 *  document they count as taken out. */
export function addSources(place: Place, { label, datasets, stationSets, change }: SourcesStep): StoredWorkspace {
  const { db } = place
  return db.transaction(() => {
    const { position, revision } = head(place)
    const out = (document: Workspace): Workspace => ({
      ...document,
      removed: {
        datasets: [...new Set([...document.removed.datasets, ...datasets])],
        stationSets: [...new Set([...document.removed.stationSets, ...stationSets])],
      },
    })
    const update = db.prepare('UPDATE workspace_steps SET document = ? WHERE position = ?')
    const steps = db.prepare('SELECT position, document FROM workspace_steps WHERE position <= ?').all(position) as {
      position: number
      document: string
    }[]
    for (const step of steps) update.run(JSON.stringify(out(documentOf(step.document, place.path))), step.position)
    if (steps.length === 0)
      db.prepare(
        'INSERT INTO workspace_steps (position, label, merge_key, document, made_at) VALUES (?, ?, ?, ?, ?)',
      ).run(position, '', null, JSON.stringify(out(emptyWorkspace())), Date.now())
    const { document } = workspace(place)
    const removed = {
      datasets: document.removed.datasets.filter((name) => !datasets.includes(name)),
      stationSets: document.removed.stationSets.filter((name) => !stationSets.includes(name)),
    }
    return putWorkspace(place, { label, revision, document: change({ ...document, removed }) })
  })()
}

/** Carries a new name of a dataset into the document and every step of its history, so that undo never brings the old one back. */
export function renameInSteps(place: Place, renaming: Renaming): void {
  const { db, path } = place
  const update = db.prepare('UPDATE workspace_steps SET document = ? WHERE position = ?')
  const steps = db.prepare('SELECT position, document FROM workspace_steps').all() as {
    position: number
    document: string
  }[]
  for (const { position, document } of steps)
    update.run(JSON.stringify(renameInWorkspace(documentOf(document, path), renaming)), position)
  moveTo(place, head(place).position)
}

export interface SourcesStep {
  readonly label: string
  readonly datasets: readonly string[]
  readonly stationSets: readonly string[]
  /** What else the step does: roles, the CRS of the first data. */
  readonly change: (document: Workspace) => Workspace
}

/** @param by −1: takes the last step back; 1: does it again. Where there is none, nothing happens.
 *  @throws conflict as `putWorkspace` */
export function stepWorkspace(place: Place, revision: number, by: -1 | 1): StoredWorkspace {
  const { db } = place
  return db.transaction(() => {
    const { position } = current(place, revision)
    const isThere = db.prepare('SELECT 1 FROM workspace_steps WHERE position = ?').get(position + by) !== undefined
    if (!isThere) return workspace(place)
    // What comes after an undo is a step of its own, whatever its key.
    db.prepare('UPDATE workspace_steps SET merge_key = NULL WHERE position = ?').run(position + by)
    return moveTo(place, position + by)
  })()
}

function head({ db }: Place): { position: number; revision: number } {
  const row = db.prepare('SELECT position, revision FROM workspace_head').get()
  return (row as { position: number; revision: number } | undefined) ?? { position: 0, revision: 0 }
}

function current(place: Place, revision: number): { position: number } {
  const found = head(place)
  if (found.revision === revision) return found
  throw new LoamError(
    'conflict',
    `The workspace was changed in another window (revision ${found.revision}, the change was made from ${revision}). Take over the newer one, then repeat the change.`,
    { workspace: workspace(place) },
  )
}

function moveTo(place: Place, position: number): StoredWorkspace {
  const { revision } = head(place)
  place.db
    .prepare('INSERT OR REPLACE INTO workspace_head (id, position, revision) VALUES (1, ?, ?)')
    .run(position, revision + 1)
  return workspace(place)
}

/** Forgets the oldest steps. */
function prune({ db }: Place, position: number): void {
  db.prepare('DELETE FROM workspace_steps WHERE position <= ?').run(position - mostSteps)
  const sizes = db
    .prepare('SELECT position, length(document) AS characters FROM workspace_steps ORDER BY position DESC')
    .all() as { position: number; characters: number }[]
  let characters = 0
  for (const step of sizes) {
    characters += step.characters
    if (characters <= mostCharacters || step.position === position) continue
    db.prepare('DELETE FROM workspace_steps WHERE position <= ?').run(step.position)
    return
  }
}

function documentOf(text: string, path: string): Workspace {
  const found = Workspace.safeParse(parseJson(text, path))
  if (found.success) return found.data
  throw badProject(path, `its workspace document does not fit (${found.error.issues[0].path.join('.')})`)
}
