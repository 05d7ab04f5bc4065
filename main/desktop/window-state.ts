import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Where a window was, in points of the screen. */
export interface WindowState {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly isMaximised: boolean
}

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const usualSize = { width: 1440, height: 900 } as const
const smallest = { width: 720, height: 480 } as const
/** As much of the title bar has to lie on a screen that the window can be taken hold of. */
const grip = { width: 120, height: 40 } as const

/** Where a window opens: as it was, if it can be seen and held there; else in its usual size in the middle of the first screen.
 *  @param kept as read from the settings, from any version or damaged
 *  @param screens usable areas of the displays there are now, the main one first */
export function placeWindow(kept: unknown, screens: readonly Area[]): WindowState {
  const state = asWindowState(kept)
  if (state && screens.some((screen) => canBeHeld(state, screen))) return state
  const [main] = screens
  const width = Math.min(state?.width ?? usualSize.width, main.width)
  const height = Math.min(state?.height ?? usualSize.height, main.height)
  return {
    x: main.x + Math.round((main.width - width) / 2),
    y: main.y + Math.round((main.height - height) / 2),
    width,
    height,
    isMaximised: state?.isMaximised ?? false,
  }
}

function asWindowState(kept: unknown): WindowState | null {
  if (kept === null || typeof kept !== 'object') return null
  const { x, y, width, height, isMaximised } = kept as Record<string, unknown>
  if (![x, y, width, height].every((value) => Number.isSafeInteger(value))) return null
  if ((width as number) < smallest.width || (height as number) < smallest.height) return null
  return { x, y, width, height, isMaximised: isMaximised === true } as WindowState
}

function canBeHeld({ x, y, width }: WindowState, screen: Area): boolean {
  const seen = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x)
  return seen >= grip.width && y >= screen.y && y + grip.height <= screen.y + screen.height
}

/** Null when there is none, or it cannot be read: then the usual place does. */
export function readWindowState(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** Aside and renamed, so that a crash leaves the old one. */
export function keepWindowState(path: string, state: WindowState): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(state))
  renameSync(`${path}.new`, path)
}
