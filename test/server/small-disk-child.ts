import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Engine } from '../../main/engine/engine.ts'
import { writeUpload } from '../../main/server/upload.ts'

// On a disk with less room than is kept free for the project: one upload, and what it left.
const folder = join(process.argv[2], 'farm')
mkdirSync(folder)
const engine = await Engine.create(join(folder, 'farm.loam'))
const body = new Blob([new Uint8Array(100_000)]).stream()
const told = await writeUpload(engine.project, { batch: 'b', path: 'x.tif' }, body, new AbortController().signal).catch(
  (fault: { code: string; message: string }) => ({ code: fault.code, message: fault.message }),
)
await engine.close()
const imports = join(folder, 'farm-imports/b')
process.stdout.write(JSON.stringify({ told, left: existsSync(imports) ? readdirSync(imports) : [] }))
