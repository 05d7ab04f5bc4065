import { asLoamError } from '../contract/index.ts'
import type { FromServerProcess, ToServerProcess } from '../contract/index.ts'
import { configFolder } from './config-folder.ts'
import { pageFolder } from './page-folder.ts'
import { startServer } from './start-server.ts'
import type { RunningServer } from './start-server.ts'
import { outliveStrayFaults } from './stray-faults.ts'

/** The process behind the desktop's window: the same server as in a browser, on a pipe. It ends with its parent; a run that
 *  goes on then is interrupted, or paused when that was chosen, and can be resumed. */
let server: RunningServer | null = null
const tell = (message: FromServerProcess): void => void (process.connected && process.send?.(message, () => {}))

async function start(message: Extract<ToServerProcess, { type: 'start' }>): Promise<void> {
  const { socketPath, token, projectPath, isRestart } = message
  const folders = { staticFolder: pageFolder(), configFolder: configFolder() }
  const started = await startServer({ listen: { socketPath }, token, ...folders })
  server = started
  const { context } = started
  void follow(started)
  // A project that cannot be opened is told on the page's start place, not by a window that does not come.
  if (projectPath !== null)
    await context.openProject(projectPath, 'auto').catch((thrown: unknown) => {
      process.stderr.write(`loam: ${asLoamError(thrown).message}\n`)
    })
  if (isRestart && context.openEngine) for (const id of context.runs.killed) context.runs.start(id, {})
  tell({ type: 'ready' })
}

async function follow({ context }: RunningServer): Promise<void> {
  for await (const { data } of context.events.follow(0, new AbortController().signal)) {
    if (data.type === 'project') tell({ type: 'project', path: data.path })
    if (data.type === 'runs' || data.type === 'project')
      tell({ type: 'runs', underWay: context.openEngine ? context.runs.live().length : 0 })
  }
}

let isClosing = false
async function close(): Promise<void> {
  if (isClosing) return
  isClosing = true
  await server?.close()
  process.exit(0)
}

outliveStrayFaults()
process.on('disconnect', () => void close())
process.on('message', (message: ToServerProcess) => {
  if (message.type === 'close') {
    if (message.pause && server?.context.openEngine) server.context.runs.pauseAtClose()
    void close()
  } else
    start(message).catch((thrown: unknown) => {
      process.send?.({ type: 'failed', message: asLoamError(thrown).message } satisfies FromServerProcess, () =>
        process.exit(70),
      )
    })
})
