import type { Survey, Task } from '../../main/contract/index.ts'
import type { TestServer } from './server.ts'

/** Begins an import and waits until everything was looked into. */
export async function surveyed(server: TestServer, paths: readonly string[]): Promise<Survey> {
  const begun = (await (await server.post('/surveys', { paths })).json()) as Survey
  for (;;) {
    const now = (await (await server.get(`/surveys/${begun.id}`)).json()) as Survey
    if (now.state !== 'looking') return now
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Waits for a task's end. @returns the task */
export async function ended(server: TestServer, begun: Response): Promise<Task> {
  const { id } = (await begun.json()) as Task
  for (;;) {
    const tasks = (await (await server.get('/tasks')).json()) as Task[]
    const task = tasks.find((each) => each.id === id)
    if (task && task.endedAtMs !== null) return task
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
