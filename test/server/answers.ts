import { expect } from 'vitest'
import type { Task } from '../../main/contract/index.ts'
import type { TestServer } from './server.ts'

/** What a request that must succeed answers. */
export async function ok<T>(answer: Promise<Response>): Promise<T> {
  const response = await answer
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return JSON.parse(text) as T
}

/** Waits for a task's end by asking. */
export async function endOf(server: TestServer, { id }: Task): Promise<Task> {
  for (;;) {
    const task = (await ok<Task[]>(server.get('/tasks'))).find((each) => each.id === id)!
    if (task.endedAtMs !== null) return task
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
