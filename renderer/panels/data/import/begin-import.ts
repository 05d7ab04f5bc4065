import { asLoamError, endpoints } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { startSurvey } from '../../../api/surveys.ts'
import { uploadFile } from '../../../api/upload.ts'
import { sayFault } from '../../../state/notices.ts'
import { useWorkspaceStore } from '../../../state/workspace.ts'
import { chooseFiles } from '../../../widgets/choose-files.ts'
import { resetImport, useImport } from './import-store.ts'
import type { DroppedFile } from './dropped-files.ts'

/** Files sent at a time: enough to keep the line busy, few enough for the disk. */
const sentTogether = 3

/** Opens the import sheet on files of the engine's machine. */
export async function importPaths(paths: readonly string[]): Promise<void> {
  useImport.setState({ isOpen: true, fault: null, drafts: {}, opened: null, survey: null })
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
export async function importDropped(files: readonly DroppedFile[]): Promise<void> {
  if (files.length === 0) return
  const stop = new AbortController()
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
  resetImport()
  useImport.setState({
    isOpen: true,
    upload: { files: files.length, filesDone: 0, bytes, bytesDone: 0 },
    stopUpload: () => stop.abort(),
  })
  try {
    await importPaths(await send(files, stop.signal))
  } catch (thrown) {
    if (asLoamError(thrown).code === 'cancelled') resetImport()
    else useImport.setState({ fault: thrown, upload: null, stopUpload: null })
  }
}

/** @returns the paths of what was dropped, a folder as one */
async function send(files: readonly DroppedFile[], signal: AbortSignal): Promise<string[]> {
  const batch = `drop-${Date.now().toString(36)}`
  const sent = files.map(() => 0)
  const tell = () => {
    const bytesDone = sent.reduce((sum, each) => sum + each, 0)
    useImport.setState(({ upload }) => ({ upload: upload && { ...upload, bytesDone } }))
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
      paths[i] = await uploadFile(file, { batch, path }, { signal, onProgress })
      onProgress(file.size)
      useImport.setState(({ upload }) => ({ upload: upload && { ...upload, filesDone: upload.filesDone + 1 } }))
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

/** Closes the sheet; what is looked into is let go. */
export function closeImport(): void {
  const { survey, stopUpload } = useImport.getState()
  stopUpload?.()
  if (survey) void call(endpoints.closeSurvey, { params: { survey } }).catch(sayFault)
  resetImport()
}
