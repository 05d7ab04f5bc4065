import { endpoints } from '../../../main/contract/index.ts'
import type { RelinkResult } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { taskResult } from '../../api/tasks.ts'
import { say, sayFault } from '../../state/notices.ts'
import { chooseFiles } from '../../widgets/choose-files.ts'
import { counted } from './words.ts'

/** Asks for a folder and looks there, and below, for all files that moved. */
export async function locateFiles(): Promise<void> {
  const chosen = await chooseFiles({ title: 'Folder the files were moved to', kind: 'folder', action: 'Look in here' })
  if (!chosen) return
  try {
    const begun = await call(endpoints.relink, { body: { folder: chosen[0] } })
    const { found, missing } = await taskResult<RelinkResult>(begun)
    if (found.length > 0) say('good', `Found ${counted(found.length, 'file')} again.`)
    if (missing.length > 0)
      say(
        'warn',
        `${counted(missing.length, 'file')} still missing, such as ${missing[0].path}. Look in another folder.`,
      )
    if (found.length + missing.length === 0) say('info', 'All files are where they should be.')
  } catch (thrown) {
    sayFault(thrown)
  }
}
