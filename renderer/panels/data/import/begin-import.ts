import { LoamError, endpoints } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { startSurvey } from '../../../api/surveys.ts'
import { uploadFile } from '../../../api/upload.ts'
import { sayFault } from '../../../state/notices.ts'
import { useWorkspaceStore } from '../../../state/workspace.ts'
import { chooseFiles } from '../../../widgets/choose-files.ts'
import { resetImport, useImport } from './import-store.ts'
import { filesOf } from './dropped-files.ts'
import type { DroppedFile, DroppedItem } from './dropped-files.ts'

/** Files sent at a time: enough to keep the line busy, few enough for the disk. */
const sentTogether = 3

/** Opens the import sheet on files of the engine's machine. */
export async function importPaths(paths: readonly string[]): Promise<void> {
  closeImport()
  useImport.setState({ isOpen: true })
  await lookInto(paths)
}

async function lookInto(paths: readonly string[]): Promise<void> {
  try {
    const { id } = await startSurvey(paths)
    useImport.setState({ survey: id, upload: null, stopUpload: null })
  } catch (fault) {
    useImport.setState({ fault, upload: null, stopUpload: null })
  }
}

/** Asks for files and folders. */
export async function chooseData(): Promise<void> {
  if (useWorkspaceStore.getState().isReadOnly) return
  const paths = await chooseFiles({ title: 'Add data', kind: 'files', action: 'Look into them' })
  if (paths) await importPaths(paths)
}

/** Imports what was dropped into a browser: it is sent to the engine first. */
export async function importDropped(items: readonly DroppedItem[]): Promise<void> {
  closeImport()
  const stop = new AbortController()
  const { signal } = stop
  const batch = `drop-${Date.now().toString(36)}`
  useImport.setState({ isOpen: true, found: 0, stopUpload: () => stop.abort() })
  try {
    const files = await filesOf(items, signal, (found) => useImport.setState({ found }))
    if (files.length === 0)
      throw new LoamError(
        'not_found',
        'There is no file in what was dropped. Loam needs rasters, station tables or archives of them. Drop a folder that holds some.',
      )
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
    useImport.setState({ found: null, batch, upload: { files: files.length, filesDone: 0, bytes, bytesDone: 0 } })
    const paths = await send(files, batch, signal)
    signal.throwIfAborted()
    await lookInto(paths)
  } catch (fault) {
    // Who called it off closed the sheet, and another import may be in it by now.
    if (signal.aborted) return
    stop.abort()
    useImport.setState({ fault, found: null, upload: null, stopUpload: null })
  }
}

/** @returns the paths of what was dropped, a folder as one */
async function send(files: readonly DroppedFile[], batch: string, signal: AbortSignal): Promise<string[]> {
  const sent = files.map(() => 0)
  let filesDone = 0
  const tell = () => {
    if (signal.aborted) return
    const bytesDone = sent.reduce((sum, each) => sum + each, 0)
    useImport.setState(({ upload }) => ({ upload: upload && { ...upload, bytesDone, filesDone } }))
  }
  const paths: string[] = []
  let next = 0
  const sendSome = async () => {
    for (let i = next++; i < files.length; i = next++) {
      const { file, path } = files[i]
      const at = i
      const onProgress = (bytes: number) => {
        sent[at] = Math.min(bytes, file.size)
        tell()
      }
      signal.throwIfAborted()
      paths[i] = await uploadFile(file, { batch, path }, { signal, onProgress })
      filesDone++
      onProgress(file.size)
    }
  }
  await Promise.all(Array.from({ length: sentTogether }, sendSome))
  return [...new Set(paths.map((path, i) => topOf(path, files[i].path)))]
}

/** The dropped folder a file came with, where it lies now; the file itself when it was dropped alone. */
function topOf(path: string, dropped: string): string {
  const below = dropped.split('/').length - 1
  return path
    .split(/(?=[\\/])/)
    .slice(0, below === 0 ? undefined : -below)
    .join('')
}

/** Closes the sheet: what is looked into is let go, what was sent and nobody uses is removed. */
export function closeImport(): void {
  const { survey, stopUpload, batch } = useImport.getState()
  stopUpload?.()
  resetImport()
  void letGo(survey, batch).catch(sayFault)
}

/** Ends a survey, then removes what was sent for it unless the project uses it. In this order: a survey reads the files. */
export async function letGo(survey: string | null, batch: string | null): Promise<void> {
  if (survey) await call(endpoints.closeSurvey, { params: { survey } })
  if (batch) await call(endpoints.discardUpload, { params: { batch } })
}
