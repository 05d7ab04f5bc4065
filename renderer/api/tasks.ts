import { useQuery } from '@tanstack/react-query'
import { LoamError, endpoints } from '../../main/contract/index.ts'
import type { Task } from '../../main/contract/index.ts'
import { call } from './client.ts'
import { queryClient } from './query-client.ts'

const key = ['tasks']

/** Long work besides runs, newest first; kept up to date by the event stream. */
export function useTasks(): Task[] {
  return useQuery({ queryKey: key, queryFn: ({ signal }) => call(endpoints.listTasks, { signal }) }).data ?? []
}

/** One task as it stands; undefined before it is known. */
export function useTask(id: string | null): Task | undefined {
  return useTasks().find((task) => task.id === id)
}

/** Takes in what an event told. */
export function taskChanged(task: Task): void {
  queryClient.setQueryData<Task[]>(key, (tasks = []) => [task, ...tasks.filter(({ id }) => id !== task.id)])
  waiting.get(task.id)?.(task)
}

export function cancelTask(task: string): Promise<Task> {
  return call(endpoints.cancelTask, { params: { task } })
}

const waiting = new Map<string, (task: Task) => void>()

/** Waits for a task's end.
 *  @returns its result
 *  @throws what it failed with; cancelled */
export async function taskResult<T>(begun: Task): Promise<T> {
  const task = await new Promise<Task>((resolve) => {
    const look = (now: Task) => {
      if (now.endedAtMs === null) return
      waiting.delete(begun.id)
      resolve(now)
    }
    waiting.set(begun.id, look)
    // It may have ended before anyone listened.
    const known = queryClient.getQueryData<Task[]>(key)?.find(({ id }) => id === begun.id)
    look(known ?? begun)
    void call(endpoints.listTasks, {}).then(
      (all) => look(all.find(({ id }) => id === begun.id) ?? begun),
      () => undefined,
    )
  })
  if (task.fault) throw LoamError.fromJSON(task.fault)
  return task.result as T
}
