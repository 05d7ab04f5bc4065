import { create } from 'zustand'
import { asLoamError } from '../../main/contract/index.ts'

export interface Notice {
  readonly id: number
  readonly tone: 'good' | 'info' | 'warn' | 'bad'
  readonly text: string
  readonly atMs: number
  readonly action?: { readonly title: string; readonly run: () => void }
}

interface Notices {
  /** Everything said since the start, newest last; the status list shows it. */
  readonly all: readonly Notice[]
  /** Ids of those on screen now. */
  readonly shown: readonly number[]
}

export const useNotices = create<Notices>(() => ({ all: [], shown: [] }))

let nextId = 1
const keptOnScreenMs = 4000

/** Says something in the corner: successes go after 4 s, errors stay; all are kept in the status list. */
export function say(tone: Notice['tone'], text: string, action?: Notice['action']): void {
  const id = nextId++
  useNotices.setState(({ all, shown }) => ({
    all: [...all.slice(-199), { id, tone, text, atMs: Date.now(), action }],
    shown: [...shown.slice(-3), id],
  }))
  if (tone !== 'bad') setTimeout(() => dismiss(id), keptOnScreenMs)
}

export function dismiss(id: number): void {
  useNotices.setState(({ shown }) => ({ shown: shown.filter((each) => each !== id) }))
}

/** An error that no panel could show itself. Stops on request are no errors. */
export function sayFault(thrown: unknown): void {
  const fault = asLoamError(thrown)
  if (fault.code !== 'cancelled') say('bad', fault.message)
}
