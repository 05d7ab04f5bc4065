const lastInLine = new Map<string, Promise<unknown>>()

/** Runs `work` after everything that was asked under the same name before it. */
export function oneAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const before = lastInLine.get(name) ?? Promise.resolve()
  const mine = before.then(work, work)
  // A failure is the caller's; those behind must not see it.
  lastInLine.set(
    name,
    mine.catch(() => undefined),
  )
  return mine
}
