import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LoamError } from '../../../main/contract/index.ts'
import { openProject } from '../../../main/engine/project/index.ts'
import { recipeSample } from './samples.ts'
import { hashJson } from '../../../main/engine/files/index.ts'

// Reads a project in a place where nothing may be written, and says what it saw: `reader-child.mjs <project>`.
const [path] = process.argv.slice(2)
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'loam-child-'))
const project = await openProject(path, { mode: 'read' })
const name = project.info.name
let recipes = 0
try {
  project.recipe(hashJson(recipeSample))
  recipes = 1
} catch (thrown) {
  if (!(thrown instanceof LoamError) || thrown.code !== 'unknown_name') throw thrown
}
await project.close()
const written = await openProject(path, { mode: 'write' }).catch(({ code }: LoamError) => ({ code }))
const left = readdirSync(process.env.TMPDIR).length
rmSync(process.env.TMPDIR, { recursive: true })
console.log(JSON.stringify({ name, recipes, written, left }))
