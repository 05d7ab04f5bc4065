import type { Project } from '../project/index.ts'
import { reproduceRun } from '../runs/index.ts'
import { wholePower } from './start-run.ts'
import type { RunHooks, RunPower } from './start-run.ts'
import { engineVersions } from './versions.ts'

/** Computes a finished run once more from its plan and says of every file whether its bytes are the same, and which programs changed
 *  since. */
export async function repeatRun(
  project: Project,
  id: string,
  power: RunPower,
  { signal, onEvent }: Pick<RunHooks, 'signal' | 'onEvent'>,
) {
  const { folder, versions: made } = project.run(id)
  const compared = await reproduceRun(folder, project, { ...wholePower(power), signal, onEvent })
  const now = engineVersions()
  const programs = [...new Set([...Object.keys(made), ...Object.keys(now)])]
  const changedVersions = programs
    .filter((program) => made[program] !== now[program])
    .map((program) => ({ program, was: made[program] ?? '', is: now[program] ?? null }))
  return { compared, changedVersions }
}
