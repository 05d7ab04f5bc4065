import { expect, test } from 'vitest'
import type { Task } from '../../main/contract/index.ts'
import { endOf, ok } from './answers.ts'
import { testServer } from './server.ts'

test('events go on where a page left off, and say so when they cannot', async () => {
  const server = await testServer()
  const { events } = server.server.context
  const first = async (lastEventId?: string): Promise<string> => {
    const stop = new AbortController()
    const headers = lastEventId === undefined ? server.page : { ...server.page, 'last-event-id': lastEventId }
    const answer = await fetch(`${server.origin}/api/events`, { headers, signal: stop.signal })
    let text = ''
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString()
      if (/^data: .*\n\n/m.test(text)) break
    }
    stop.abort()
    return text.replace('retry: 1000\n\n', '')
  }
  events.tell({ type: 'catalog' })
  events.tell({ type: 'runs' })
  expect(await first()).toBe('id: 2\ndata: {"type":"refresh"}\n\n')
  expect(await first('1')).toBe('id: 2\ndata: {"type":"runs"}\n\n')
  expect(await first('7')).toBe('id: 2\ndata: {"type":"refresh"}\n\n')
  for (let i = 0; i < 3000; i++) events.tell({ type: 'runs' })
  expect(await first('1')).toBe('id: 3002\ndata: {"type":"refresh"}\n\n')
  expect(await first('3001')).toBe('id: 3002\ndata: {"type":"runs"}\n\n')
})

test('tasks tell how far they are and stop when asked', async () => {
  const server = await testServer()
  const { tasks } = server.server.context
  const waiting = tasks.begin('Wait', async ({ signal, report }) => {
    report({ doing: 'waiting', done: 1, total: 2 })
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  })
  const [seen] = await ok<Task[]>(server.get('/tasks'))
  expect(seen).toMatchObject({ id: waiting.id, doing: 'waiting', done: 1, total: 2, state: 'running' })
  expect(await ok(server.post(`/tasks/${waiting.id}/cancel`))).toMatchObject({ state: 'cancelling' })
  expect(await endOf(server, waiting)).toMatchObject({ state: 'cancelled' })
  expect((await server.post('/tasks/t99/cancel')).status).toBe(404)
})
