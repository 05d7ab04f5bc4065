import type { StreamedEvent } from './routes.ts'

/** Often enough that a tunnel does not fall asleep and a page that is gone is noticed. */
const heartbeatMs = 15_000

/** Events as the bytes of a `text/event-stream`; made as they are read, so a slow reader holds nothing up. */
export function eventStream(
  events: AsyncIterable<StreamedEvent<unknown>>,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const iterator = events[Symbol.asyncIterator]()
  const text = new TextEncoder()
  let next: Promise<IteratorResult<StreamedEvent<unknown>>> | null = null
  return new ReadableStream<Uint8Array>({
    start(controller) {
      // Tells the browser how soon to come back, and sends the headers at once.
      controller.enqueue(text.encode('retry: 1000\n\n'))
    },
    async pull(controller) {
      next ??= iterator.next()
      let timer: NodeJS.Timeout | undefined
      const quiet = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), heartbeatMs)
      })
      const found = await Promise.race([next, quiet]).finally(() => clearTimeout(timer))
      if (found === null) return controller.enqueue(text.encode(': still here\n\n'))
      next = null
      if (found.done || signal.aborted) return controller.close()
      const { id, data } = found.value
      controller.enqueue(text.encode(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`))
    },
    async cancel() {
      // The generator waits for an event; the signal of the request has woken it.
      await iterator.return?.()
    },
  })
}
