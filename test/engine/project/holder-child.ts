import { setTimeout as sleep } from 'node:timers/promises'
import { openProject } from '../../../main/engine/project/index.ts'
import { recipeSample } from './samples.ts'

// A second process with a project open for writing: `holder-child.mjs <project> <what>`. Writes recipes until killed.
const [path, what] = process.argv.slice(2)
try {
  const project = await openProject(path, { mode: 'write', what })
  process.send!({ event: 'open' })
  for (let i = 0; ; i++) {
    const hash = project.putRecipe({ ...recipeSample, name: `${what} ${i}` })
    process.send!({ event: 'saved', hash })
    await sleep(1)
  }
} catch (thrown) {
  const { code, message, details } = thrown as { code: string; message: string; details: unknown }
  process.send!({ event: 'refused', code, message, details }, () => process.exit(0))
}
