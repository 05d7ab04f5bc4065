import { RunContext, readPlan, runTask } from '../runs/index.ts'
import { defaultCacheBytes } from './start-run.ts'
import type { RunHooks } from './start-run.ts'

/** Computes one share of a run in this process; it never opens the project. */
export async function computeShare(
  folder: string,
  share: { readonly task: number; readonly of: number },
  hooks: RunHooks & { readonly threads: number },
): Promise<void> {
  const context = await RunContext.open(folder, { cacheBytes: defaultCacheBytes })
  try {
    await runTask(context, share, hooks)
  } finally {
    context.close()
  }
}

/** The project and run a run's folder belongs to. */
export async function ownerOf(folder: string): Promise<{ project: string; runId: string }> {
  const plan = await readPlan(folder)
  const runId = folder.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '')
  return { project: plan.project, runId }
}
