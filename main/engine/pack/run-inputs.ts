import type { SourceFile } from '../../contract/index.ts'
import type { Project } from '../project/index.ts'
import { readPlan } from '../runs/index.ts'

/** A file that runs were computed from. */
export interface RunInput {
  /** As the dataset was called when the run was planned. */
  readonly dataset: string
  readonly file: SourceFile
  readonly runs: string[]
}

/** What the runs of a project were computed from, by SHA-256: the datasets may be called otherwise by now, hold other files, or be gone. */
export async function runInputs(project: Project): Promise<Map<string, RunInput>> {
  const inputs = new Map<string, RunInput>()
  for (const { id, folder } of project.runs()) {
    // A run whose folder is gone or damaged is packed as it is.
    const plan = await readPlan(folder).catch(() => null)
    for (const { name, files } of plan?.datasets ?? [])
      for (const file of files) {
        const known = inputs.get(file.sha256)
        if (!known) inputs.set(file.sha256, { dataset: name, file, runs: [id] })
        else if (known.runs.at(-1) !== id) known.runs.push(id)
      }
  }
  return inputs
}
