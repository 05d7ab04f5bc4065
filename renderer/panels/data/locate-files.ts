import { create } from 'zustand'
import { endpoints } from '../../../main/contract/index.ts'
import type { RelinkResult, Task } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { cancelTask, taskResult } from '../../api/tasks.ts'
import { say, sayFault } from '../../state/notices.ts'
import { chooseFiles } from '../../widgets/choose-files.ts'
import { counted } from './words.ts'

interface Relinking {
  /** Where moved files are looked for; null while nothing is. */
  readonly folder: string | null
  readonly task: Task | null
  /** What was found, before it is taken. */
  readonly matches: RelinkResult | null
  readonly fault: unknown
}

const closed: Relinking = { folder: null, task: null, matches: null, fault: null }

export const useRelinking = create<Relinking>(() => closed)

/** Asks for a folder, looks there and below for all files that moved, and shows what it found before anything is changed. */
export async function locateFiles(): Promise<void> {
  const chosen = await chooseFiles({ title: 'Folder the files were moved to', kind: 'folder', action: 'Look in here' })
  if (!chosen) return
  const [folder] = chosen
  useRelinking.setState({ ...closed, folder })
  try {
    const task = await call(endpoints.relink, { body: { folder, isTrial: true } })
    useRelinking.setState({ task })
    const matches = await taskResult<RelinkResult>(task)
    if (useRelinking.getState().task?.id === task.id) useRelinking.setState({ matches })
  } catch (fault) {
    if (useRelinking.getState().folder === folder) useRelinking.setState({ fault })
  }
}

/** Takes down where the files are now. */
export async function takeMatches(): Promise<void> {
  const { folder } = useRelinking.getState()
  if (folder === null) return
  try {
    const begun = await call(endpoints.relink, { body: { folder, isTrial: false } })
    const { found, missing } = await taskResult<RelinkResult>(begun)
    useRelinking.setState(closed)
    say('good', `${counted(found.length, 'file')} linked again.`)
    if (missing.length > 0)
      say(
        'warn',
        `${counted(missing.length, 'file')} still missing, such as ${missing[0].path}. Look in another folder.`,
      )
  } catch (fault) {
    useRelinking.setState({ fault })
  }
}

/** Closes the sheet; a search that goes on is stopped. */
export function closeRelinking(): void {
  const { task, matches } = useRelinking.getState()
  if (task && !matches) void cancelTask(task.id).catch(sayFault)
  useRelinking.setState(closed)
}
