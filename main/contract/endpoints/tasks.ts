import { endpoint, json } from '../endpoint.ts'
import type { Task } from '../server-event.ts'

export const taskEndpoints = {
  /** Newest first; those that ended lately too. */
  listTasks: endpoint('GET /tasks', { reply: json<Task[]>() }),
  /** Answers at once with the task as it is then, `cancelling`; its end is told over the events. */
  cancelTask: endpoint('POST /tasks/:task/cancel', { reply: json<Task>(), errors: ['unknown_name'] }),
}
