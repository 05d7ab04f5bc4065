import { create } from 'zustand'
import { isDay } from '../../main/contract/index.ts'
import type { Day, Period } from '../../main/contract/index.ts'

export const placeIds = ['data', 'explore', 'model', 'runs', 'validate', 'report'] as const
export type PlaceId = (typeof placeIds)[number]

export type CompareMode = 'single' | 'swipe' | 'side' | 'grid' | 'difference'

/** What is looked at, shared by every panel. */
export type Selection =
  | { readonly kind: 'none' }
  /** In the workspace's CRS. */
  | { readonly kind: 'cell'; readonly x: number; readonly y: number }
  | { readonly kind: 'station'; readonly set: string; readonly station: string }
  | { readonly kind: 'layer'; readonly layer: string }
  | { readonly kind: 'dataset'; readonly name: string }
  | { readonly kind: 'stationSet'; readonly name: string }
  | { readonly kind: 'run'; readonly run: string }

export interface Camera {
  /** Centre of the view in the workspace's CRS. */
  readonly x: number
  readonly y: number
  /** log2 of screen pixels per CRS unit. */
  readonly zoom: number
}

interface Panels {
  readonly left: number
  readonly right: number
  /** Height of the part below the map, per place. */
  readonly docks: Readonly<Partial<Record<PlaceId, number>>>
  readonly isLeftOpen: boolean
  readonly isRightOpen: boolean
  /** Places whose lower part is folded away. */
  readonly closedDocks: Readonly<Partial<Record<PlaceId, boolean>>>
  readonly isTimeFolded: boolean
}

export interface Session {
  readonly place: PlaceId
  readonly panels: Panels
  readonly camera: Camera | null
  readonly day: Day | null
  /** Brushed on the time bar: used for means, preview and runs. */
  readonly period: Period | null
  readonly selection: Selection
  readonly compare: {
    readonly mode: CompareMode
    /** Layer ids. */
    readonly a: string | null
    readonly b: string | null
    /** Place of the handle, 0 to 1. */
    readonly swipe: number
    /** What the pictures of a grid differ in. */
    readonly grid: { readonly by: 'layer' } | { readonly by: 'day'; readonly days: readonly Day[] }
  }
  /** Text by which lists are filtered, per place. */
  readonly filter: Partial<Record<PlaceId, string>>
  readonly theme: 'system' | 'light' | 'dark'
  /** Single-letter keys while map or time bar has the focus. */
  readonly hasLetterKeys: boolean
  /** What is drawn below and around the data: land and borders; lines of degrees or of the map's coordinates. */
  readonly baseMap: {
    readonly isShown: boolean
    readonly graticule: 'none' | 'degrees' | 'map'
    /** Light and shade of the project's own terrain. */
    readonly hasShade: boolean
  }
  /** Several places of the CRS read-out: EPSG code typed by the user, null for the working CRS. */
  readonly readoutCrs: string | null
  set(change: Partial<Omit<Session, 'set'>>): void
}

export const usualPanels: Panels = {
  left: 280,
  right: 320,
  docks: { validate: 480 },
  isLeftOpen: true,
  isRightOpen: true,
  closedDocks: { explore: true },
  isTimeFolded: false,
}

/** What the page keeps by itself; nothing of it is content of the project. */
export const useSession = create<Session>((set) => ({
  place: 'data',
  panels: usualPanels,
  camera: null,
  day: null,
  period: null,
  selection: { kind: 'none' },
  compare: { mode: 'single', a: null, b: null, swipe: 0.5, grid: { by: 'layer' } },
  filter: {},
  theme: 'system',
  hasLetterKeys: true,
  readoutCrs: null,
  baseMap: { isShown: true, graticule: 'none', hasShade: false },
  ...stored(),
  ...fromAddress(),
  set: (change) => set(change),
}))

/** Height of the part below the map where nobody has moved its border. */
export const usualDock = 300

export const session = (): Session => useSession.getState()

const storageKey = 'loam.session'

/** Kept on this machine from start to start: look and sizes, no content. */
function stored(): Partial<Session> {
  try {
    const { panels, theme, hasLetterKeys, readoutCrs, baseMap } = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    return {
      ...(panels ? { panels: { ...usualPanels, ...panels } } : {}),
      ...(['system', 'light', 'dark'].includes(theme) ? { theme } : {}),
      ...(typeof hasLetterKeys === 'boolean' ? { hasLetterKeys } : {}),
      ...(typeof readoutCrs === 'string' ? { readoutCrs } : {}),
      ...(typeof baseMap?.isShown === 'boolean' && ['none', 'degrees', 'map'].includes(baseMap.graticule)
        ? { baseMap: { ...baseMap, hasShade: baseMap.hasShade === true } }
        : {}),
    }
  } catch {
    return {}
  }
}

/** The address carries place, date and selection, so that Back works in a browser. */
function fromAddress(): Partial<Session> {
  const query = new URLSearchParams(location.hash.slice(1))
  const place = placeIds.find((id) => id === query.get('place'))
  const day = query.get('day') ?? ''
  return {
    ...(place ? { place } : {}),
    ...(isDay(day) ? { day } : {}),
    ...(query.has('select') ? { selection: readSelection(query.get('select') ?? '') } : {}),
  }
}

function readSelection(text: string): Selection {
  const [kind, first = '', second = ''] = text.split('|')
  if (kind === 'cell' && Number.isFinite(Number(first)) && Number.isFinite(Number(second)))
    return { kind, x: Number(first), y: Number(second) }
  if (kind === 'station') return { kind, set: first, station: second }
  if (kind === 'layer') return { kind, layer: first }
  if (kind === 'dataset' || kind === 'stationSet') return { kind, name: first }
  if (kind === 'run') return { kind, run: first }
  return { kind: 'none' }
}

function writeSelection(selection: Selection): string {
  return Object.values(selection).join('|')
}

/** Ties the store to the address and to this machine's storage. Called once. */
export function keepSession(): void {
  const write = ({ place, day, selection }: Session, before: Session) => {
    const query = new URLSearchParams({ place })
    if (day) query.set('day', day)
    if (selection.kind !== 'none') query.set('select', writeSelection(selection))
    const hash = `#${query}`
    if (hash === location.hash) return
    // A new place is a step back can take; days and cells are not, or playing would fill the history.
    if (place !== before.place) history.pushState(null, '', hash)
    else history.replaceState(null, '', hash)
  }
  useSession.subscribe((now, before) => {
    write(now, before)
    const { panels, theme, hasLetterKeys, readoutCrs, baseMap } = now
    localStorage.setItem(storageKey, JSON.stringify({ panels, theme, hasLetterKeys, readoutCrs, baseMap }))
  })
  window.addEventListener('popstate', () => session().set(fromAddress()))
  write(session(), session())
}

/** Sets the theme's tokens on the page and follows the system where asked. */
export function keepTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    const { theme } = session()
    document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
  }
  dark.addEventListener('change', apply)
  useSession.subscribe((now, before) => now.theme !== before.theme && apply())
  apply()
}
