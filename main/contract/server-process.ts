/** What the desktop tells the process that answers its window, over the IPC channel of a child process. */
export type ToServerProcess =
  | {
      readonly type: 'start'
      /** Unix socket or named pipe to answer on. */
      readonly socketPath: string
      /** Bearer token of every request. */
      readonly token: string
      readonly projectPath: string | null
      /** It takes the place of one that crashed: runs that were under way go on. */
      readonly isRestart: boolean
    }
  /** `pause`: runs that wait or go on are paused, as was chosen; else they are interrupted. */
  | { readonly type: 'close'; readonly pause: boolean }

export type FromServerProcess =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string }
  /** Another project is open, or none. */
  | { readonly type: 'project'; readonly path: string | null }
  /** How many runs wait or go on. */
  | { readonly type: 'runs'; readonly underWay: number }
