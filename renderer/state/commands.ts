import { useLayoutEffect, useMemo } from 'react'
import { create } from 'zustand'

/** One row per action: menus, buttons, palette, keys and the native menu are all made from the rows. */
export interface Command {
  readonly id: string
  readonly title: string
  /** `Ctrl+Shift+F`, `F6`, `[`. Ctrl is ⌘ on a Mac. Single letters work only while map or time bar has the focus. */
  readonly keys?: readonly string[]
  readonly group: 'Project' | 'Edit' | 'View' | 'Map' | 'Time' | 'Layer' | 'Data' | 'Model' | 'Run' | 'Report' | 'Help'
  /** Why it cannot be used now; null when it can. */
  readonly unavailable?: () => string | null
  readonly run: () => void
}

interface Registry {
  readonly sets: ReadonlyMap<symbol, readonly Command[]>
}

const useRegistry = create<Registry>(() => ({ sets: new Map() }))

/** Adds commands while the calling component is there. `commands` should be stable (useMemo). */
export function useCommands(commands: readonly Command[]): void {
  // Before anything is painted: whoever sees a place can already use its keys.
  useLayoutEffect(() => {
    const key = Symbol('commands')
    useRegistry.setState(({ sets }) => ({ sets: new Map(sets).set(key, commands) }))
    return () =>
      useRegistry.setState(({ sets }) => {
        const rest = new Map(sets)
        rest.delete(key)
        return { sets: rest }
      })
  }, [commands])
}

/** All commands of now; of equal ids the newest. */
export function allCommands(): Command[] {
  return commandsOf(useRegistry.getState().sets)
}

function commandsOf(sets: Registry['sets']): Command[] {
  const byId = new Map<string, Command>()
  for (const commands of sets.values()) for (const command of commands) byId.set(command.id, command)
  return [...byId.values()]
}

/** For components that list commands: they are told when the table changes. */
export function useAllCommands(): Command[] {
  const { sets } = useRegistry()
  // The table is a new one with each change, so equal tables are one array.
  return useMemo(() => commandsOf(sets), [sets])
}

/** Runs a command by id, if it is there and available. */
export function runCommand(id: string): void {
  const command = allCommands().find((each) => each.id === id)
  if (command && !command.unavailable?.()) command.run()
}

const isMac = /Mac/.test(navigator.platform)

/** `Ctrl+Shift+F` for a key event, in the order the table writes it. */
export function keysOf(event: KeyboardEvent): string {
  const { key } = event
  const name = key === ' ' ? 'Space' : key.length === 1 && /[a-z]/.test(key) ? key.toUpperCase() : key
  const isCtrl = isMac ? event.metaKey : event.ctrlKey
  // Shift is part of what the key already says for signs such as `?`, `{` and `+`.
  const isShift = event.shiftKey && (name.length > 1 || /[A-Z0-9]/.test(name) || isCtrl)
  return [isCtrl ? 'Ctrl' : '', event.altKey ? 'Alt' : '', isShift ? 'Shift' : '', name].filter(Boolean).join('+')
}

/** Keys as they are shown on this system. */
export function shownKeys(keys: string): string {
  return isMac ? keys.replace('Ctrl+', '⌘').replace('Shift+', '⇧').replace('Alt+', '⌥') : keys.replace('Shift+', '⇧')
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === 'textbox')

interface KeyOptions {
  /** True when single letters may be used now. */
  readonly mayUseLetters: () => boolean
}

/** Listens for the keys of the table. In a browser tab Alt stands in where the browser keeps Ctrl for itself.
 *  @returns a function that ends it */
export function listenForKeys({ mayUseLetters }: KeyOptions): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    const pressed = keysOf(event)
    const alternatives = [pressed, ...(event.altKey && !event.ctrlKey ? [pressed.replace('Alt+', 'Ctrl+')] : [])]
    // Of several with one key the first that can be used now, so that Esc leaves one thing after the other.
    const command = alternatives
      .flatMap((keys) => allCommands().filter((each) => each.keys?.includes(keys)))
      .find((each) => !each.unavailable?.())
    if (!command) return
    const isPlain = !/^(Ctrl|Alt)\+/.test(pressed) && !/^F\d+$/.test(pressed)
    if (isTyping(event.target) && (isPlain || /^Ctrl\+(Shift\+)?[ZYAXCV]$/.test(pressed))) return
    if (isPlain && !isOnMap(event.target) && !alwaysPlain.has(pressed)) return
    if (isPlain && pressed.length === 1 && /[A-Z]/.test(pressed) && !mayUseLetters()) return
    event.preventDefault()
    command.run()
  }
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}

/** Plain keys that mean the same everywhere. */
const alwaysPlain = new Set(['?', 'Escape'])

/** Map and time bar mark themselves with `data-letter-keys`. */
function isOnMap(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-letter-keys]') !== null
}
