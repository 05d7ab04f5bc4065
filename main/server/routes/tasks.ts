import type { taskEndpoints } from '../../contract/index.ts'
import type { Routes } from '../routes.ts'

export const taskRoutes: Routes<typeof taskEndpoints> = {
  listTasks: (_input, { tasks }) => tasks.list(),
  cancelTask: ({ params }, { tasks }) => tasks.cancel(params.task),
}
