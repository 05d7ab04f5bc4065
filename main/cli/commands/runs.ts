import { Engine } from '../../engine/engine.ts'
import type { RunStep } from '../../contract/index.ts'
import type { RunRecord } from '../../engine/project/index.ts'
import type { CliCommand } from '../command.ts'
import { stepTitles } from '../follow-run.ts'
import { duration } from '../output.ts'
import { textTable } from '../text-table.ts'

type RunWithSteps = RunRecord & { readonly steps: readonly RunStep[] }

export const runsCommand: CliCommand = {
  name: 'runs',
  summary: 'list the runs of a project; with the id of one, its steps',
  declare: (command) => command.argument('<project>').argument('[run]', 'only this run, step by step'),
  async run([path, only], _options, { output }) {
    const engine = await Engine.open(path, 'read')
    try {
      const { project } = engine
      const runs = (only ? [project.run(only)] : project.runs()).map((run) => ({
        ...run,
        // A run that says it is under way while nobody holds the project was killed.
        state:
          (run.state === 'running' || run.state === 'pausing') && !project.heldBy
            ? ('interrupted' as const)
            : run.state,
        steps: project.steps(run.id),
      }))
      output.result(only ? details(runs[0]) : list(runs), runs)
    } finally {
      await engine.close()
    }
  },
}

const longestRemark = 60

function list(runs: readonly RunWithSteps[]): string {
  if (runs.length === 0) return 'No runs yet. Start one with `loam run PROJECT RECIPE`.'
  const rows = runs.map((run) => {
    const [remark] = run.message.split('\n')
    return [
      run.id,
      run.name.slice(0, 30),
      stateText(run.state),
      dateText(run.createdAtMs),
      tookText(run),
      String(sum(run, 'computed')),
      String(sum(run, 'reused')),
      remark.length > longestRemark ? `${remark.slice(0, longestRemark)}…` : remark,
    ]
  })
  return textTable(['run', 'recipe', 'state', 'made (UTC)', 'took', 'computed', 'reused', ''], rows)
}

function details(run: RunWithSteps): string {
  const rows = run.steps.map(({ step, state, seconds, computed, reused, total }) => [
    stepTitles[step],
    state === 'done' ? 'done' : 'begun',
    state === 'done' ? duration(seconds) : '',
    state === 'done' ? String(computed) : '',
    state === 'done' ? String(reused) : '',
    String(total),
  ])
  return [
    `${run.id} ${run.name}: ${stateText(run.state)}, made ${dateText(run.createdAtMs)} UTC${tookText(run) ? `, took ${tookText(run)}` : ''}`,
    ...(run.message ? [run.message] : []),
    run.folder,
    ...(rows.length > 0 ? ['', textTable(['step', 'state', 'took', 'computed', 'reused', 'parts'], rows)] : []),
  ].join('\n')
}

function stateText(state: RunRecord['state']): string {
  return state === 'waiting' ? 'planned' : state === 'done_with_warnings' ? 'done, warnings' : state
}

function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

function tookText({ startedAtMs, endedAtMs }: RunRecord): string {
  return startedAtMs === null || endedAtMs === null ? '' : duration((endedAtMs - startedAtMs) / 1000)
}

function sum({ steps }: RunWithSteps, count: 'computed' | 'reused'): number {
  return steps.reduce((total, step) => total + step[count], 0)
}
