import type { RunDetails, ServerEvent } from '../../main/contract/index.ts'
import { ok } from './answers.ts'
import type { TestServer } from './server.ts'

/** Events of a page that listens from now on. */
export async function listen({ origin, page }: TestServer) {
  const stop = new AbortController()
  const answer = await fetch(`${origin}/api/events`, { headers: page, signal: stop.signal })
  const told: ServerEvent[] = []
  const wake = new Set<() => void>()
  const read = async (): Promise<void> => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data) told.push(JSON.parse(data) as ServerEvent)
      }
      for (const look of wake) look()
    }
  }
  void read().catch(() => {})
  const until = <T>(find: (events: readonly ServerEvent[]) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        try {
          const found = find(told)
          if (found === undefined) return
          resolve(found)
        } catch (thrown) {
          reject(thrown as Error)
        }
        wake.delete(look)
      }
      wake.add(look)
      look()
    })
  return { told, until, stop: () => stop.abort() }
}

/** A run has begun a step. @throws when it ended before, as when the bundle is just being built anew */
export function begun(told: readonly ServerEvent[]): true | undefined {
  for (const event of told) {
    if (event.type !== 'run') continue
    if (event.event.event === 'step') return true
    if (event.event.event === 'state' && event.event.state !== 'running') throw new Error(event.event.message)
  }
  return undefined
}

/** Waits for a run's end by asking, as a page that lost its events would. */
export async function ended(server: TestServer, run: string): Promise<RunDetails> {
  for (;;) {
    const details = await ok<RunDetails>(server.get(`/runs/${run}`))
    if (!['waiting', 'running', 'pausing', 'cancelling'].includes(details.state)) return details
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
