/** Often enough to know that it goes on, seldom enough to work beside it. */
export const quietMs = 10_000

/** What may be said when, so that a screen reader is not held up by progress: ordinary words at most every 10 s, what just came in
 *  between is dropped, as newer words will tell more; urgent words at once, and then it is quiet again.
 *  @returns asked with words and the time in ms; true when they are to be said */
export function pace(): (isUrgent: boolean, nowMs: number) => boolean {
  let saidAtMs = -Infinity
  return (isUrgent, nowMs) => {
    if (!isUrgent && nowMs - saidAtMs < quietMs) return false
    saidAtMs = nowMs
    return true
  }
}
