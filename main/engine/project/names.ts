import type { Database } from 'better-sqlite3'
import { LoamError } from '../../contract/index.ts'

/** Letters of any script, so that a dataset can be called what it is; no dot, because recipes write `dataset.variable`. */
const wellFormed = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ -]{0,62}[\p{L}\p{M}\p{N}_-]$|^[\p{L}\p{N}_]$/u

/** Makes sure that a dataset or station set can be stored under a name. Both share one set of names, because people read
 *  them in one list.
 *  @param replace what is of the same kind under that name gives way
 *  @throws bad_input for a name that recipes could not use; name_taken */
export function requireFreeName(db: Database, kind: 'dataset' | 'station set', name: string, replace: boolean): void {
  if (!wellFormed.test(name))
    throw new LoamError(
      'bad_input',
      `"${name}" is no name for a ${kind}. It needs 1 to 64 letters, digits, "_", "-" or spaces, without a dot, because ` +
        'recipes write dataset.variable. Choose another name.',
      { name },
    )
  const found = (table: string): boolean => db.prepare(`SELECT 1 FROM ${table} WHERE name = ?`).get(name) !== undefined
  const isDataset = found('datasets')
  const taken = isDataset ? 'dataset' : found('station_sets') ? 'station set' : null
  if (taken === null || (replace && taken === kind)) return
  const wayOut = taken === kind ? 'Choose another name, or replace it.' : 'Choose another name.'
  throw new LoamError('name_taken', `The project already has a ${taken} "${name}". ${wayOut}`, { name })
}
