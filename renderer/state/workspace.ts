import { create } from 'zustand'
import { LoamError, asLoamError, emptyWorkspace, endpoints } from '../../main/contract/index.ts'
import type { MapLayer, Workspace, WorkspaceState } from '../../main/contract/index.ts'
import { call } from '../api/client.ts'
import { onServerEvent } from '../api/events.ts'
import { say, sayFault } from './notices.ts'

interface Edit {
  readonly label: string
  readonly change: (document: Workspace) => Workspace
  readonly mergeKey?: string
}

interface WorkspaceStore {
  /** With all edits that are still on their way to the project file. */
  readonly document: Workspace
  readonly undo: string | null
  readonly redo: string | null
  readonly isLoaded: boolean
  readonly isSaving: boolean
  /** Edits stay in this window: the project is open for viewing only. */
  readonly isReadOnly: boolean
}

export const useWorkspaceStore = create<WorkspaceStore>(() => ({
  document: emptyWorkspace(),
  undo: null,
  redo: null,
  isLoaded: false,
  isSaving: false,
  isReadOnly: false,
}))

/** The document as it is now, outside of components. */
export const workspace = (): Workspace => useWorkspaceStore.getState().document

let saved: WorkspaceState = { document: emptyWorkspace(), revision: 0, undo: null, redo: null }
let pending: Edit[] = []
let turn: Promise<void> = Promise.resolve()

/** Reads the document of the project that was opened, and follows changes made elsewhere.
 *  @returns a function that ends it */
export function followWorkspace(isReadOnly: boolean): () => void {
  pending = []
  useWorkspaceStore.setState({ isReadOnly, isLoaded: false })
  const load = () => call(endpoints.workspace, {}).then(take, sayFault)
  void load()
  const stopPointer = followPointer()
  const stopEvents = onServerEvent((event) => {
    // The engine is back: what could not be saved is saved now.
    if (event.type === 'refresh' && pending.length > 0) turn = turn.then(save)
    const isNews = event.type === 'workspace' && event.revision > saved.revision
    if ((isNews || event.type === 'refresh') && pending.length === 0) void load()
  })
  return () => {
    stopPointer()
    stopEvents()
  }
}

/** After such a pause dragging or typing in the same place is a step of its own. */
const stepPauseMs = 2000
let latest = { key: '', beganAtMs: 0, atMs: 0 }

/** When the pointer that is down went down; null while none is. */
let pressedAtMs: number | null = null
const press = () => (pressedAtMs = Date.now())
const release = () => (pressedAtMs = null)

/** @returns a function that ends it */
function followPointer(): () => void {
  addEventListener('pointerdown', press, true)
  addEventListener('pointerup', release, true)
  addEventListener('pointercancel', release, true)
  return () => {
    removeEventListener('pointerdown', press, true)
    removeEventListener('pointerup', release, true)
    removeEventListener('pointercancel', release, true)
  }
}

/** @returns a key that edits of one gesture have in common, and no other gesture of any window has */
function gestureKey(key: string): string {
  const atMs = Date.now()
  // A drag is one step however long it rests, or a busy machine lets it wait.
  const isHeld = pressedAtMs !== null && pressedAtMs <= latest.atMs
  const isSame = latest.key === key && (isHeld || atMs - latest.atMs < stepPauseMs)
  latest = { key, beganAtMs: isSame ? latest.beganAtMs : atMs, atMs }
  return `${key} ${latest.beganAtMs}`
}

/** Changes the document: shown at once, saved in order, one step of undo. Edits with the same `gesture` in a row, without a long
 *  pause between them, are one step. */
export function editWorkspace(label: string, change: Edit['change'], gesture?: string): void {
  const mergeKey = gesture && gestureKey(gesture)
  const store = useWorkspaceStore.getState()
  if (store.isReadOnly) {
    useWorkspaceStore.setState({ document: change(store.document) })
    return
  }
  const last = pending.at(-1)
  if (mergeKey && last?.mergeKey === mergeKey && pending.length > 1)
    pending[pending.length - 1] = { label, mergeKey, change: (document) => change(last.change(document)) }
  else pending.push({ label, change, mergeKey })
  show()
  turn = turn.then(save)
}

/** Takes the last step back, or does it again. */
export function stepHistory(direction: 'undo' | 'redo'): Promise<void> {
  turn = turn.then(async () => {
    await save()
    const label = saved[direction]
    if (!label) return
    try {
      const row = direction === 'undo' ? endpoints.undoWorkspace : endpoints.redoWorkspace
      take(await call(row, { body: { revision: saved.revision } }))
      say('info', direction === 'undo' ? `Undone: ${label}` : `Done again: ${label}`)
    } catch (thrown) {
      sayFault(thrown)
    }
  })
  return turn
}

/** Waits until everything is in the project file. */
export const workspaceSaved = (): Promise<void> => turn

async function save(): Promise<void> {
  while (pending.length > 0) {
    const { label, change, mergeKey } = pending[0]
    try {
      const body = { label, document: change(saved.document), revision: saved.revision, mergeKey }
      const reply = await call(endpoints.putWorkspace, { body })
      pending.shift()
      take(reply)
    } catch (thrown) {
      const fault = asLoamError(thrown)
      const newer = fault.details as unknown as WorkspaceState | undefined
      if (fault.code === 'conflict' && newer?.document) {
        // Another window was first: the same change is made to its document.
        saved = newer
        continue
      }
      keepTrying(fault)
      return
    }
  }
}

function keepTrying(fault: LoamError): void {
  const isOurs = fault.code === 'bad_input' || fault.code === 'internal'
  if (isOurs) {
    // The engine will not take it however often it is offered.
    pending.shift()
    show()
    say('bad', fault.message)
    return
  }
  say('bad', `${fault.message} Your changes stay in this window until they are saved.`, {
    title: 'Save again',
    run: () => {
      turn = turn.then(save)
    },
  })
}

function take(state: WorkspaceState): void {
  saved = state
  show()
}

function show(): void {
  const document = pending.reduce((before, { change }) => change(before), saved.document)
  const undo = pending.at(-1)?.label ?? saved.undo
  const redo = pending.length > 0 ? null : saved.redo
  useWorkspaceStore.setState({ document, undo, redo, isLoaded: true, isSaving: pending.length > 0 })
}

/** One layer changed in place. */
export function editLayer(label: string, id: string, change: (layer: MapLayer) => MapLayer, gesture?: string): void {
  const layers = (document: Workspace) => document.layers.map((layer) => (layer.id === id ? change(layer) : layer))
  editWorkspace(label, (document) => ({ ...document, layers: layers(document) }), gesture)
}

/** A new layer on top of the others, shown and selected by the caller. */
export function addLayer(layer: Omit<MapLayer, 'id'>): string {
  const id = newId('l')
  editWorkspace(`Add layer ${layer.name}`, (document) => ({
    ...document,
    layers: [{ ...layer, id }, ...document.layers],
  }))
  return id
}

export function newId(prefix: string): string {
  return `${prefix}${crypto.randomUUID().slice(0, 8)}`
}
