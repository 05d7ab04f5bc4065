import { relative } from 'node:path'
import { connect } from './connect.ts'
import type { Place } from './place.ts'
import { parseJson } from './place.ts'
import { fromStored } from './stored-path.ts'

/** Where things lie beside a copy of the project, by where they lie now (absolute). */
export interface CopiedPaths {
  /** Relative to the copy's folder, `/` between parts; null for a file that stays where it is. */
  file(path: string): string | null
  run(id: string): string
}

/** Writes a consistent copy of the project file and sets its paths anew, so that it works in another folder and on another machine.
 *  What stays where it is keeps its whole path. The caller gives a path aside and renames. */
export function copyProject({ db, path: from, folder }: Place, to: string, { file, run }: CopiedPaths): void {
  db.prepare('VACUUM INTO ?').run(to)
  const copy = connect(to, { readonly: false })
  try {
    copy.pragma('journal_mode = MEMORY')
    const moved = (stored: string): string => {
      const now = fromStored(folder, stored)
      return file(now) ?? now
    }
    copy.transaction(() => {
      const files = copy.prepare('SELECT dataset, position, path FROM dataset_files').all() as {
        dataset: number
        position: number
        path: string
      }[]
      const putFile = copy.prepare('UPDATE dataset_files SET path = ? WHERE dataset = ? AND position = ?')
      for (const each of files) putFile.run(moved(each.path), each.dataset, each.position)

      const sets = copy.prepare('SELECT id, sources FROM station_sets').all() as { id: number; sources: string }[]
      const putSources = copy.prepare('UPDATE station_sets SET sources = ? WHERE id = ?')
      for (const { id, sources } of sets) {
        const parsed = parseJson(sources, from) as { path: string }[]
        putSources.run(JSON.stringify(parsed.map((source) => ({ ...source, path: moved(source.path) }))), id)
      }

      const runs = copy.prepare('SELECT number, id, folder FROM runs').all() as {
        number: number
        id: string
        folder: string
      }[]
      const putRun = copy.prepare('UPDATE runs SET folder = ? WHERE number = ?')
      const made = copy.prepare('SELECT path FROM artefacts WHERE run = ?').pluck()
      const putMade = copy.prepare('UPDATE artefacts SET path = ? WHERE run = ? AND path = ?')
      for (const { number, id, folder: stored } of runs) {
        const before = fromStored(folder, stored)
        putRun.run(run(id), number)
        for (const path of made.all(number) as string[]) {
          const inside = relative(before, fromStored(folder, path)).replaceAll('\\', '/')
          if (!inside.startsWith('..')) putMade.run(`${run(id)}/${inside}`, number, path)
        }
      }
    })()
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}
