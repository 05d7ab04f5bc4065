import { endpoints } from '../../main/contract/index.ts'
import type { ServerEvent } from '../../main/contract/index.ts'
import { addressOf } from './client.ts'
import { queryClient } from './query-client.ts'
import { runEvent } from './runs.ts'
import { taskChanged } from './tasks.ts'

type Listener = (event: ServerEvent) => void
const listeners = new Set<Listener>()

/** Calls `listener` for each event of the engine. @returns a function that ends it */
export function onServerEvent(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** A browser asks again by itself when the line breaks, but not when it was answered with a refusal, as while the engine is
 *  started again. */
const openAgainMs = 2000

/** Opens the event stream and keeps what was asked from the engine up to date with it. @returns a function that closes it */
export function followEvents(): () => void {
  let stream: EventSource
  let timer: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    stream = new EventSource(addressOf(endpoints.events.route, {}))
    stream.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as ServerEvent
      take(event)
      for (const listener of listeners) listener(event)
    })
    stream.addEventListener('error', () => {
      if (stream.readyState === EventSource.CLOSED) timer = setTimeout(open, openAgainMs)
    })
  }
  open()
  return () => {
    clearTimeout(timer)
    stream.close()
  }
}

function take(event: ServerEvent): void {
  switch (event.type) {
    case 'task':
      return taskChanged(event.task)
    case 'run':
      return runEvent(event.run, event.event)
    case 'runs':
      return void queryClient.invalidateQueries({ queryKey: ['runs'] })
    default:
      // A project was opened or closed, data were added, or events were missed: everything may be different.
      void queryClient.invalidateQueries()
  }
}
