import { LoamError } from '../../contract/index.ts'
import { openProject } from '../project/index.ts'
import type { RunRecord } from '../project/index.ts'
import { requestCancel, requestPause } from '../runs/index.ts'

/** Asks a run that another process computes to stop, or to pause.
 *  @throws bad_input when the run is not under way */
export async function askRun(
  projectPath: string,
  id: string | undefined,
  wish: 'cancel' | 'pause',
): Promise<RunRecord> {
  const project = await openProject(projectPath, { mode: 'read' })
  try {
    const runs = id === undefined ? project.runs() : [project.run(id)]
    const run = runs.filter(({ state }) => state === 'running' || (state === 'pausing' && wish === 'cancel')).at(-1)
    if (!run || !project.heldBy)
      throw new LoamError(
        'bad_input',
        `${id ? `Run ${id} of ${projectPath} is not` : `No run of ${projectPath} is`} under way, so there is nothing to ${wish}. \`loam runs\` shows how they stand.`,
      )
    await (wish === 'cancel' ? requestCancel : requestPause)(run.folder)
    return run
  } finally {
    await project.close()
  }
}
