/** Requests that follow each other faster than this are of one picture. */
const togetherMs = 30

/** The job to begin: of the newest picture, as that is what the user looks at now; of one picture the first that was asked for, as the
 *  page asks for its middle first.
 *  @param waiting in the order they were asked for, not empty
 *  @returns its index */
export function nextJob(waiting: readonly { readonly askedAtMs: number }[]): number {
  let first = waiting.length - 1
  while (first > 0 && waiting[first].askedAtMs - waiting[first - 1].askedAtMs < togetherMs) first--
  return first
}
