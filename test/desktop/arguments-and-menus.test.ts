import { expect, test } from 'vitest'
import type { MenuCommand } from '../../main/contract/index.ts'
import { dialogOptions } from '../../main/desktop/dialog-options.ts'
import { engineRuntime } from '../../main/desktop/engine-runtime.ts'
import { menuTemplate } from '../../main/desktop/menu-template.ts'
import { isOwnPage } from '../../main/desktop/own-page.ts'
import { projectArgument } from '../../main/desktop/project-argument.ts'
import { quitAnswer, quitQuestion } from '../../main/desktop/quit-question.ts'

test('the project of a start is its last .loam argument, whole', () => {
  const of = (...argv: string[]) => projectArgument(['/opt/loam/electron', ...argv], '/home/kim')
  expect(of('.', 'farm.loam')).toBe('/home/kim/farm.loam')
  expect(of('/data/A farm.LOAM', '--flag')).toBe('/data/A farm.LOAM')
  expect(of('--original-process-start-time=1', 'a.loam', '../b.loam')).toBe('/home/b.loam')
  expect(of('file:///data/A%20farm.loam')).toBe('/data/A farm.loam')
  expect(of('.', '--project.loam')).toBeNull()
  expect(of('file://elsewhere/farm.loam')).toBeNull()
  expect(of()).toBeNull()
  // The program itself is none.
  expect(projectArgument(['/opt/x.loam'], '/')).toBeNull()
})

const command = (id: string, group: string, keys: string | null = null, isEnabled = true): MenuCommand => ({
  id,
  title: `Do ${id} …`,
  group,
  keys,
  isEnabled,
})

test('the native menu is made from the page’s commands, group by group', () => {
  const menus = menuTemplate(
    [
      command('keys', 'Help', '?'),
      command('new', 'Project', 'Ctrl+Shift+N'),
      command('undo', 'Edit', 'Ctrl+Z', false),
      command('next', 'Time', ']'),
      command('odd', 'Own group', 'Alt+←'),
    ],
    'linux',
  ) as { label: string; submenu: { id?: string; role?: string; accelerator?: string; enabled?: boolean }[] }[]
  expect(menus.map(({ label }) => label)).toEqual(['Project', 'Edit', 'View', 'Time', 'Own group', 'Help'])
  expect(menus[0].submenu[0]).toEqual({
    id: 'new',
    label: 'Do new …',
    enabled: true,
    accelerator: 'CmdOrCtrl+Shift+N',
    registerAccelerator: false,
  })
  expect(menus[0].submenu.at(-1)).toEqual({ role: 'quit' })
  expect(menus[1].submenu[0]).toMatchObject({ id: 'undo', enabled: false })
  expect(menus[1].submenu.map(({ role }) => role)).toContain('paste')
  expect(menus[4].submenu[0]).toMatchObject({ accelerator: 'Alt+Left' })
  expect(menus[5].submenu[0]).toMatchObject({ accelerator: '?' })
})

test('a Mac has its own first menu, and quits from there', () => {
  const menus = menuTemplate([command('new', 'Project')], 'darwin')
  expect(menus[0]).toEqual({ role: 'appMenu' })
  expect(JSON.stringify(menus)).not.toContain('"quit"')
})

test('keys that Electron does not know are left out, others written its way', () => {
  const keysOf = (keys: string) => {
    const [, menu] = menuTemplate([command('x', 'Edit', keys)], 'darwin') as [
      unknown,
      { submenu: { accelerator?: string }[] },
    ]
    return menu.submenu[0].accelerator
  }
  expect(keysOf('Ctrl++')).toBe('CmdOrCtrl+Plus')
  expect(keysOf('Ctrl+,')).toBe('CmdOrCtrl+,')
  expect(keysOf('F6')).toBe('F6')
  expect(keysOf('Shift+Enter')).toBe('Shift+Enter')
  expect(keysOf('Ctrl+☃')).toBeUndefined()
  expect(keysOf('')).toBeUndefined()
})

test('a file dialog is made from what the page wishes, and from nothing else', () => {
  expect(dialogOptions({ title: 'Add', kind: 'files', glob: '*.tif,*.nc', action: 'Add' })).toEqual({
    kind: 'files',
    options: {
      title: 'Add',
      buttonLabel: 'Add',
      properties: ['openFile', 'multiSelections'],
      filters: [
        { name: '*.tif *.nc', extensions: ['tif', 'nc'] },
        { name: '*', extensions: ['*'] },
      ],
    },
  })
  expect(dialogOptions({ title: 'Save', kind: 'save', defaultName: 'farm.loam' })?.options.defaultPath).toBe(
    'farm.loam',
  )
  expect(dialogOptions({ title: 'Save', kind: 'save', defaultName: '../x' })?.options.defaultPath).toBeUndefined()
  expect(dialogOptions({ title: 'Any', kind: 'file', glob: '*.tif,scene?' })?.options.filters).toBeUndefined()
  for (const wish of [
    null,
    'x',
    {},
    { title: 1, kind: 'file' },
    { title: 'x', kind: 'toString' },
    { title: 'x', kind: 'device' },
  ])
    expect(dialogOptions(wish)).toBeNull()
})

test('the engine runs in the Node that was named, else the packaged, else the one on the path', () => {
  const find = (there: string[], env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux') =>
    engineRuntime({ env, platform, resourcesPath: '/opt/loam/resources' }, (path) => there.includes(path))
  const env = { PATH: '/a:/b::/c', LOAM_NODE: '/n/node' }
  expect(find(['/n/node', '/b/node'], env)).toBe('/n/node')
  expect(find(['/opt/loam/resources/node/bin/node', '/b/node'], env)).toBe('/opt/loam/resources/node/bin/node')
  expect(find(['/c/node', '/b/node'], env)).toBe('/b/node')
  expect(find([], env)).toBeNull()
  expect(find([], {})).toBeNull()
})

test('closing asks only while a run is under way, and an odd answer stays', () => {
  expect(quitQuestion(0)).toBeNull()
  expect(quitQuestion(1)!.message).toBe('A run is under way')
  expect(quitQuestion(3)!.message).toBe('3 runs are under way')
  const { buttons, defaultId, cancelId } = quitQuestion(1)!
  expect(buttons.map((_, i) => quitAnswer(i))).toEqual(['keep running', 'pause and quit', 'stay'])
  expect([quitAnswer(defaultId), quitAnswer(cancelId), quitAnswer(-1), quitAnswer(7)]).toEqual([
    'keep running',
    'stay',
    'stay',
    'stay',
  ])
})

test('only addresses of the page are its own', () => {
  for (const own of ['app://loam/', 'app://loam/runs?day=2018-07-04#x']) expect(isOwnPage(own)).toBe(true)
  for (const foreign of [
    'app://loam.evil/',
    'app://evil/',
    'https://loam/',
    'file:///app/loam',
    'javascript:1',
    '',
    'x',
  ])
    expect(isOwnPage(foreign)).toBe(false)
})
