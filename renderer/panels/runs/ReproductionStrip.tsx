import { cancelTask, useTask } from '../../api/tasks.ts'
import { sayFault } from '../../state/notices.ts'
import { Button } from '../../widgets/Button.tsx'
import { Strip } from '../../widgets/PanelState.tsx'
import { ProgressBar } from '../../widgets/ProgressBar.tsx'
import { useRunsPlace } from './runs-state.ts'

/** Whether computing the run once more gave the same bytes. */
export function ReproductionStrip({ run }: { readonly run: string }) {
  const result = useRunsPlace((state) => state.reproductions[run])
  const taskId = useRunsPlace((state) => state.reproducing[run]) ?? null
  const task = useTask(taskId)
  if (task)
    return (
      <div className="run-reproducing">
        <ProgressBar
          label={`Reproducing ${run}`}
          value={task.total > 0 ? task.done / task.total : null}
          text={`Reproducing: ${task.doing || 'starting'}`}
        />
        <Button onPress={() => void cancelTask(task.id).catch(sayFault)}>Stop</Button>
      </div>
    )
  if (!result) return null
  const versions = result.changedVersions.map(({ program, was, is }) => `${program} ${was || 'none'} → ${is ?? 'none'}`)
  const note = versions.length > 0 ? ` Other versions than then: ${versions.join(', ')}.` : ''
  if (result.isIdentical)
    return <Strip tone="good">{`Reproduced: identical bytes in all ${result.files} files.${note}`}</Strip>
  const { firstDifference: first } = result
  return (
    <Strip tone="bad">
      {first
        ? `Not the same: ${first.file} was ${first.was.slice(0, 12)}…, is ${first.is ? `${first.is.slice(0, 12)}…` : 'not there'}.${note}`
        : `Not the same.${note}`}
    </Strip>
  )
}
