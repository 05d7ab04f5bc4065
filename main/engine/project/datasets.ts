import type { Database } from 'better-sqlite3'
import { LoamError, RasterDataset } from '../../contract/index.ts'
import type { Day, Grid, RasterVariable, Scene, SourceFile } from '../../contract/index.ts'
import { badProject } from './faults.ts'
import { requireFreeName } from './names.ts'
import { putNote } from './notes.ts'
import type { Place } from './place.ts'
import { parseJson } from './place.ts'
import { fromStored, toStored } from './stored-path.ts'
import { renameInSteps } from './workspace.ts'

/** A dataset in one line, for a list. */
export interface DatasetSummary {
  readonly name: string
  readonly grid: Grid
  readonly variables: readonly { readonly name: string; readonly unit: string }[]
  readonly fileCount: number
  readonly bytes: number
  readonly sceneCount: number
  /** Null for a dataset without dates. */
  readonly firstDay: Day | null
  readonly lastDay: Day | null
}

/** Stores a dataset, its files by paths relative to the project.
 *  @throws name_taken unless `replace`; bad_input when a scene points at a file or variable that is not there */
export function putDataset({ db, folder }: Place, given: RasterDataset, replace: boolean): void {
  const dataset = RasterDataset.parse(given)
  const { name, files, variables, scenes } = dataset
  for (const scene of scenes)
    if (scene.file >= files.length || scene.variable >= variables.length)
      throw new LoamError(
        'bad_input',
        `Dataset "${name}" has a scene with file ${scene.file} and variable ${scene.variable}, but ${files.length} files ` +
          `and ${variables.length} variables. This is a fault of its reader.`,
        { name },
      )
  db.transaction(() => {
    requireFreeName(db, 'dataset', name, replace)
    db.prepare('DELETE FROM datasets WHERE name = ?').run(name)
    const id = db
      .prepare('INSERT INTO datasets (name, grid, date_rule, notes, added_at) VALUES (?, ?, ?, ?, ?)')
      .run(name, putGrid(db, dataset.grid), dataset.dateRule, JSON.stringify(dataset.notes), Date.now()).lastInsertRowid
    const file = db.prepare('INSERT INTO dataset_files VALUES (?, ?, ?, ?, ?, ?)')
    files.forEach((f, i) => file.run(id, i, toStored(folder, f.path), f.bytes, f.modifiedMs, f.sha256))
    const variable = db.prepare('INSERT INTO dataset_variables VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    variables.forEach((v, i) => {
      const [low, high] = v.validRange ?? [null, null]
      variable.run(id, i, v.name, v.unit, v.kind, v.scale, v.offset, JSON.stringify(v.nodata), low, high, v.description)
    })
    const scene = db.prepare('INSERT INTO scenes VALUES (?, ?, ?, ?, ?, ?, ?)')
    scenes.forEach((s, i) => scene.run(id, i, s.variable, s.day, s.file, s.subdataset, s.band))
  })()
}

/** The dataset as it was stored, files with absolute paths; whether they are still there is not looked at.
 *  @throws unknown_name; bad_project when the record is not a dataset */
export function storedDataset({ db, path, folder }: Place, name: string): RasterDataset {
  const row = findDataset(db, name)
  const files = db
    .prepare(
      'SELECT path, bytes, modified_ms AS modifiedMs, sha256 FROM dataset_files WHERE dataset = ? ORDER BY position',
    )
    .all(row.id) as SourceFile[]
  const scenes = db
    .prepare('SELECT variable, day, file, subdataset, band FROM scenes WHERE dataset = ? ORDER BY position')
    .all(row.id) as Scene[]
  const checked = RasterDataset.safeParse({
    name,
    grid: getGrid(db, row.grid),
    variables: getVariables(db, row.id, path),
    files: files.map((file) => ({ ...file, path: fromStored(folder, file.path) })),
    scenes,
    dateRule: row.date_rule,
    notes: parseJson(row.notes, path),
  })
  if (!checked.success) throw badProject(path, `the record of dataset "${name}" does not hold together`)
  const dataset = checked.data
  if (dataset.scenes.some((s) => s.file >= files.length || s.variable >= dataset.variables.length))
    throw badProject(path, `dataset "${name}" has scenes without a file`)
  return dataset
}

/** All datasets, by name. */
export function listDatasets({ db, path }: Place): DatasetSummary[] {
  const rows = db
    .prepare(
      `SELECT d.id, d.name, d.grid,
         (SELECT count(*) FROM dataset_files f WHERE f.dataset = d.id) AS fileCount,
         (SELECT total(bytes) FROM dataset_files f WHERE f.dataset = d.id) AS bytes,
         (SELECT count(*) FROM scenes s WHERE s.dataset = d.id) AS sceneCount,
         (SELECT min(day) FROM scenes s WHERE s.dataset = d.id) AS firstDay,
         (SELECT max(day) FROM scenes s WHERE s.dataset = d.id) AS lastDay
       FROM datasets d ORDER BY d.name`,
    )
    .all() as (Omit<DatasetSummary, 'grid' | 'variables'> & { id: number; grid: number })[]
  return rows.map(({ id, grid, ...summary }) => ({
    ...summary,
    grid: getGrid(db, grid),
    variables: getVariables(db, id, path).map((variable) => ({ name: variable.name, unit: variable.unit })),
  }))
}

/** Gives a dataset another name, and the workspace's documents, those of its history too, with it.
 *  @throws unknown_name, name_taken, bad_input */
export function renameDataset(place: Place, from: string, to: string): void {
  const { db } = place
  const { id } = findDataset(db, from)
  if (from === to) return
  db.transaction(() => {
    requireFreeName(db, 'dataset', to, false)
    db.prepare('UPDATE datasets SET name = ? WHERE id = ?').run(to, id)
    renameInSteps(place, { of: 'dataset', from, to })
    putNote(place, to, `It was called ${from} before.`)
  })()
}

/** Forgets a dataset; its files stay where they are.
 *  @throws unknown_name */
export function removeDataset({ db }: Place, name: string): void {
  const { id } = findDataset(db, name)
  db.prepare('DELETE FROM datasets WHERE id = ?').run(id)
}

/** Writes where files were found, or when they were last written, once their contents have proved the same.
 *  @param moved position → path before, for the note */
export function updateFiles(
  place: Place,
  name: string,
  changed: ReadonlyMap<number, SourceFile>,
  moved: ReadonlyMap<number, string>,
): void {
  const { db, folder } = place
  const { id } = findDataset(db, name)
  const update = db.prepare('UPDATE dataset_files SET path = ?, modified_ms = ? WHERE dataset = ? AND position = ?')
  db.transaction(() => {
    for (const [position, file] of changed) update.run(toStored(folder, file.path), file.modifiedMs, id, position)
    if (moved.size === 0) return
    const [position, before] = [...moved][0]
    const now = toStored(folder, changed.get(position)!.path)
    const count = moved.size === 1 ? '1 file was' : `${moved.size} files were`
    putNote(
      place,
      name,
      `${count} found again by the contents; the first is now ${now}, it was ${toStored(folder, before)}.`,
    )
  })()
}

interface DatasetRow {
  id: number
  grid: number
  date_rule: string
  notes: string
}

function findDataset(db: Database, name: string): DatasetRow {
  const row = db.prepare('SELECT id, grid, date_rule, notes FROM datasets WHERE name = ?').get(name)
  if (row) return row as DatasetRow
  const names = db.prepare('SELECT name FROM datasets ORDER BY name').pluck().all() as string[]
  throw new LoamError(
    'unknown_name',
    `The project has no dataset "${name}"; it has ${names.length ? names.join(', ') : 'none yet'}. ` +
      'Check the name, or add the dataset.',
    { name, known: names },
  )
}

function putGrid(db: Database, grid: Grid): number {
  const cells = [grid.crs, ...grid.transform, grid.rows, grid.cols]
  db.prepare(
    `INSERT OR IGNORE INTO grids (crs, a0, a1, a2, a3, a4, a5, row_count, col_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(...cells)
  return db
    .prepare(
      `SELECT id FROM grids WHERE crs = ? AND a0 = ? AND a1 = ? AND a2 = ? AND a3 = ? AND a4 = ? AND a5 = ?
         AND row_count = ? AND col_count = ?`,
    )
    .pluck()
    .get(...cells) as number
}

function getGrid(db: Database, id: number): Grid {
  const row = db.prepare('SELECT crs, a0, a1, a2, a3, a4, a5, row_count, col_count FROM grids WHERE id = ?').raw()
  const [crs, a0, a1, a2, a3, a4, a5, rows, cols] = row.get(id) as [string, ...number[]]
  return { crs, transform: [a0, a1, a2, a3, a4, a5], rows, cols }
}

function getVariables(db: Database, dataset: number, path: string): RasterVariable[] {
  const rows = db
    .prepare(
      `SELECT name, unit, kind, scale, offset, nodata, valid_min, valid_max, description FROM dataset_variables
       WHERE dataset = ? ORDER BY position`,
    )
    .all(dataset) as (Omit<RasterVariable, 'nodata' | 'validRange'> & {
    nodata: string
    valid_min: number | null
    valid_max: number | null
  })[]
  return rows.map(({ valid_min: low, valid_max: high, nodata, ...rest }) => ({
    ...rest,
    nodata: parseJson(nodata, path) as number[],
    validRange: low === null || high === null ? null : [low, high],
  }))
}
