import type { ServerEvent } from '../contract/index.ts'
import type { StreamedEvent } from './routes.ts'

const keptEvents = 2000

/** Tells pages what happened. The last events are kept, so that a page that was away a moment misses nothing. */
export class EventBus {
  readonly #listeners = new Set<() => void>()
  readonly #kept: StreamedEvent<ServerEvent>[] = []
  #last = 0

  tell(data: ServerEvent): void {
    this.#kept.push({ id: ++this.#last, data })
    if (this.#kept.length > keptEvents) this.#kept.shift()
    for (const wake of this.#listeners) wake()
  }

  /** Events as they come, until `signal`. A page that saw nothing yet, or too long ago, is first told to refresh.
   *  @param after number of the last event it saw */
  async *follow(after: number | null, signal: AbortSignal): AsyncGenerator<StreamedEvent<ServerEvent>> {
    // Numbers begin anew with each server, so one from before a restart may be greater than any here.
    let seen = after ?? this.#last
    const isKnown = after !== null && after <= this.#last && after >= this.#last - this.#kept.length
    if (!isKnown) {
      seen = this.#last
      yield { id: seen, data: { type: 'refresh' } }
    }
    while (!signal.aborted) {
      const news = this.#kept.filter(({ id }) => id > seen)
      if (news.length === 0) await this.#next(signal)
      else if (news[0].id > seen + 1) {
        // A page that reads slower than events are forgotten.
        seen = this.#last
        yield { id: seen, data: { type: 'refresh' } }
      } else
        for (const event of news) {
          seen = event.id
          yield event
        }
    }
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#listeners.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#listeners.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
