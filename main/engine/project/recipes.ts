import { LoamError, Recipe } from '../../contract/index.ts'
import { canonicalJson, hashJson } from '../files/index.ts'
import { badProject } from './faults.ts'
import type { Place } from './place.ts'
import { parseJson } from './place.ts'

/** Keeps a recipe under the hash of its contents; the same recipe twice is one record.
 *  @returns SHA-256 of its canonical JSON, hex */
export function putRecipe({ db }: Place, given: Recipe): string {
  const recipe = Recipe.parse(given)
  const hash = hashJson(recipe)
  db.prepare('INSERT OR IGNORE INTO recipes (hash, name, json, added_at) VALUES (?, ?, ?, ?)').run(
    hash,
    recipe.name,
    canonicalJson(recipe),
    Date.now(),
  )
  return hash
}

/** @throws unknown_name; bad_project when the text is not the recipe its hash names */
export function recipe({ db, path }: Place, hash: string): Recipe {
  const text = db.prepare('SELECT json FROM recipes WHERE hash = ?').pluck().get(hash) as string | undefined
  if (text === undefined)
    throw new LoamError('unknown_name', `The project has no recipe ${hash}. List the runs to see those it has.`, {
      hash,
    })
  const json = parseJson(text, path)
  const checked = Recipe.safeParse(json)
  if (!checked.success || hashJson(json) !== hash) throw badProject(path, `recipe ${hash} was altered`)
  return checked.data
}
