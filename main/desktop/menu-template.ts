import type { MenuCommand } from '../contract/index.ts'

/** One row of a native menu as plain data; the window makes a menu of it. */
export type MenuRow =
  | { readonly type: 'separator' }
  | { readonly role: string; readonly label?: string }
  | { readonly label: string; readonly submenu: readonly MenuRow[] }
  | {
      readonly label: string
      readonly id: string
      readonly enabled: boolean
      readonly accelerator?: string
      /** False: the key is shown, and the page itself hears it, as in a browser. */
      readonly registerAccelerator: false
    }

/** Groups in the order of menus everywhere; others follow as the page lists them. */
const usualOrder = ['Project', 'Edit', 'View', 'Map', 'Time', 'Layer', 'Data', 'Model', 'Run', 'Report', 'Help']

const editRoles: readonly MenuRow[] = [
  { type: 'separator' },
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
]

/** The native menu of the page's command table: one menu a group, with what each system expects besides. */
export function menuTemplate(commands: readonly MenuCommand[], platform: NodeJS.Platform): MenuRow[] {
  const groups = new Map<string, MenuCommand[]>()
  for (const name of ['Project', 'Edit', 'View']) groups.set(name, [])
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command])
  const names = [...groups.keys()].sort((a, b) => orderOf(a) - orderOf(b))
  const menus = names.map((name) => ({ label: name, submenu: rowsOf(name, groups.get(name)!, platform) }))
  const shown = menus.filter(({ submenu }) => submenu.length > 0)
  return platform === 'darwin' ? [{ role: 'appMenu' }, ...shown, { role: 'windowMenu' }] : shown
}

function orderOf(name: string): number {
  const place = usualOrder.indexOf(name)
  if (place >= 0) return place
  // Groups of the page's own stand before Help.
  return usualOrder.length - 1.5
}

function rowsOf(group: string, commands: readonly MenuCommand[], platform: NodeJS.Platform): MenuRow[] {
  const rows: MenuRow[] = commands.map(({ id, title, keys, isEnabled }) => ({
    label: title.replaceAll('&', '&&'),
    id,
    enabled: isEnabled,
    registerAccelerator: false,
    ...(keys === null ? {} : acceleratorOf(keys)),
  }))
  if (group === 'Edit') return [...rows, ...editRoles]
  if (group === 'View') return [...rows, ...(rows.length > 0 ? [separator] : []), { role: 'togglefullscreen' }]
  if (group === 'Project' && platform !== 'darwin')
    return [...rows, ...(rows.length > 0 ? [separator] : []), { role: 'quit' }]
  return rows
}

const separator: MenuRow = { type: 'separator' }

const keyNames: Record<string, string> = {
  ctrl: 'CmdOrCtrl',
  mod: 'CmdOrCtrl',
  control: 'CmdOrCtrl',
  cmd: 'CmdOrCtrl',
  meta: 'CmdOrCtrl',
  alt: 'Alt',
  option: 'Alt',
  shift: 'Shift',
  enter: 'Enter',
  esc: 'Esc',
  escape: 'Esc',
  space: 'Space',
  tab: 'Tab',
  del: 'Delete',
  delete: 'Delete',
  backspace: 'Backspace',
  home: 'Home',
  end: 'End',
  pageup: 'PageUp',
  pagedown: 'PageDown',
  arrowleft: 'Left',
  arrowright: 'Right',
  arrowup: 'Up',
  arrowdown: 'Down',
  left: 'Left',
  right: 'Right',
  up: 'Up',
  down: 'Down',
  plus: 'Plus',
  '←': 'Left',
  '→': 'Right',
  '↑': 'Up',
  '↓': 'Down',
  '⏎': 'Enter',
}

/** `Ctrl+Shift+F` as Electron writes it; keys it does not know are left out rather than shown wrong. */
function acceleratorOf(keys: string): { accelerator?: string } {
  const [first] = keys.split(' ')
  const plus = first.endsWith('++')
  const parts = (plus ? first.slice(0, -2) : first).split('+').filter(Boolean)
  const names = [...parts, ...(plus ? ['plus'] : [])].map((part) => {
    const known = keyNames[part.toLowerCase()]
    if (known) return known
    return /^([\x21-\x7e]|F\d{1,2})$/i.test(part) ? part.toUpperCase() : null
  })
  return names.length === 0 || names.includes(null) ? {} : { accelerator: names.join('+') }
}
