import { Notification, app, dialog, powerSaveBlocker, protocol, session } from 'electron'
import type { BrowserWindow } from 'electron'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DesktopChannel } from '../contract/index.ts'
import { answerBridge, showMenu } from './bridge.ts'
import { engineRuntime } from './engine-runtime.ts'
import { EngineWatch } from './engine-watch.ts'
import { forwardRequest } from './forward-request.ts'
import { isOwnPage } from './own-page.ts'
import { pipeNames } from './pipe-folder.ts'
import { projectArgument } from './project-argument.ts'
import { quitAnswer, quitQuestion } from './quit-question.ts'
import { openWindow } from './window.ts'

// The desktop: one window, one engine process behind it. Everything that can be judged without Electron is in the other files of
// this room, which the tests know; here it is only wired.

const appFolder = app.getAppPath()
const statePath = (): string => join(app.getPath('userData'), 'window.json')
let window: BrowserWindow | null = null
let watch: EngineWatch | null = null
let isLeaving = false
/** The window is closed over a run that goes on. */
let isInBackground = false
let blocker: number | null = null
/** Asked for before there was a window. macOS tells it by an event, the others by an argument. */
let firstProject = projectArgument(process.argv, process.cwd())

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
])

if (!app.requestSingleInstanceLock()) app.quit()
else {
  app.on('second-instance', (_event, argv, folder) => {
    show()
    openProject(projectArgument(argv, folder))
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openProject(path)
  })
  app.on('activate', show)
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    if (isLeaving) return
    isLeaving = true
    event.preventDefault()
    void Promise.resolve(watch?.close()).then(() => app.exit(0))
  })
  void app.whenReady().then(start)
}

function start(): void {
  const runtime = engineRuntime(
    { env: process.env, platform: process.platform, resourcesPath: process.resourcesPath },
    existsSync,
  )
  if (!runtime) {
    dialog.showErrorBox(
      'Loam cannot start its engine',
      'No Node was found for it. Start Loam with `npm start`, or install it again.',
    )
    return app.exit(70)
  }
  const pipes = pipeNames(process.platform, process.env)
  if (pipes.folder) process.on('exit', () => rmSync(pipes.folder!, { recursive: true, force: true }))
  watch = new EngineWatch({
    spawn: () => startEngine(runtime),
    newSocketPath: pipes.next,
    projectPath: firstProject,
    onProject: (path) => {
      if (path !== null) app.addRecentDocument(path)
      window?.setRepresentedFilename(path ?? '')
    },
    onRuns: (underWay) => {
      stayAwake(underWay > 0)
      if (underWay === 0 && isInBackground) leaveBackground()
    },
    onGivenUp: (message) => {
      dialog.showErrorBox('Loam’s engine keeps ending', `${message}\n\nYour project is safe. Start Loam again.`)
      app.exit(70)
    },
  })
  const { pipe } = watch
  const { defaultSession } = session
  defaultSession.protocol.handle('app', (request) =>
    isOwnPage(request.url) ? forwardRequest(request, pipe) : new Response(null, { status: 404 }),
  )
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
  answerBridge()
  showMenu([])
  newWindow()
}

function startEngine(runtime: string): ChildProcess {
  const { NODE_OPTIONS: _options, ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env
  return spawn(runtime, [join(appFolder, 'out', 'main', 'server-process.js')], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'json',
  })
}

function newWindow(): void {
  const opened = openWindow(appFolder, statePath())
  window = opened
  opened.on('close', (event) => {
    const question = isLeaving ? null : quitQuestion(watch?.underWay ?? 0)
    if (!question) return
    event.preventDefault()
    void dialog
      .showMessageBox(opened, { type: 'question', ...question, buttons: [...question.buttons] })
      .then(({ response }) => {
        const answer = quitAnswer(response)
        if (answer === 'keep running') {
          isInBackground = true
          opened.hide()
        }
        if (answer === 'pause and quit') leave({ pause: true })
      })
  })
  opened.on('closed', () => (window = null))
}

/** A machine that falls asleep over a run of hours is no help. The screen may go dark. */
function stayAwake(isNeeded: boolean): void {
  if (isNeeded && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension')
  else if (!isNeeded && blocker !== null) {
    powerSaveBlocker.stop(blocker)
    blocker = null
  }
}

/** The runs ended that the window was closed over. */
function leaveBackground(): void {
  if (Notification.isSupported()) new Notification({ title: 'Loam', body: 'The runs have ended.' }).show()
  leave()
}

function leave(how: { pause?: boolean } = {}): void {
  void Promise.resolve(watch?.close(how)).then(() => {
    isLeaving = true
    app.exit(0)
  })
}

function show(): void {
  if (!window) return
  isInBackground = false
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** The page opens it: it may have to ask what becomes of the present one. */
function openProject(path: string | null): void {
  if (path === null) return
  const channel: DesktopChannel = 'loam:open-project'
  if (window) window.webContents.send(channel, path)
  else firstProject = path
}
