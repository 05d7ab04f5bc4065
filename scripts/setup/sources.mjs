import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './places.mjs'

/** All files below the places (files or folders of the repository) whose path passes `isSource`, sorted. */
export function filesBelow(places, isSource) {
  const found = []
  const visit = (path) => {
    if (!statSync(path).isDirectory()) {
      if (isSource(path)) found.push(path)
      return
    }
    for (const name of readdirSync(path)) if (name !== 'build' && name !== 'node_modules') visit(join(path, name))
  }
  for (const place of places) if (existsSync(`${root}/${place}`)) visit(`${root}/${place}`)
  return found.sort()
}

/** One SHA-256 over paths and contents. Contents, not times: a checkout changes the times of everything. A few hundred
 *  small files take about 20 ms. */
export function hashOfFiles(files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const bytes = readFileSync(file)
    hash.update(`${relative(root, file)}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}
