import { endpoints } from '../../../main/contract/index.ts'
import type { BodyOf, Draft, ExportReport, Reproduction, RunDetails, RunSummary } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { queryClient } from '../../api/query-client.ts'
import { taskResult } from '../../api/tasks.ts'
import { replaceDraft } from '../../state/draft.ts'
import { say, sayFault } from '../../state/notices.ts'
import { session } from '../../state/session.ts'
import { formatBytes } from '../../widgets/format.ts'
import { useExport, useRunsPlace } from './runs-state.ts'

export async function startRun(run: string): Promise<void> {
  await change(() => call(endpoints.startRun, { params: { run }, body: {} }))
}

/** The parts under way end first; then neither memory nor cores are taken. */
export async function pauseRun(run: string): Promise<void> {
  await change(() => call(endpoints.pauseRun, { params: { run } }))
}

/** No question is asked: what is finished stays, and resume goes on there. */
export async function cancelRun(run: string): Promise<void> {
  await change(() => call(endpoints.cancelRun, { params: { run } }))
}

export async function discardRun(run: string): Promise<void> {
  await change(() => call(endpoints.discardRun, { params: { run } }))
}

async function change(work: () => Promise<RunSummary | null>): Promise<void> {
  try {
    const summary = await work()
    if (summary)
      queryClient.setQueryData(
        ['run', summary.id, 'details'],
        (old: RunDetails | undefined) => old && { ...old, ...summary },
      )
    await queryClient.invalidateQueries({ queryKey: ['runs'] })
  } catch (thrown) {
    sayFault(thrown)
  }
}

/** Opens the recipe of a run in the model place; what is changed there is marked. */
export function rerunWithChanges({ id, recipe }: RunDetails): void {
  const draft = JSON.parse(JSON.stringify(recipe)) as Draft
  replaceDraft(`Recipe of ${id}`, draft, { run: id, recipe: draft })
  session().set({ place: 'model' })
}

/** Asks what of the maps is written where. */
export function exportRun(run: RunDetails): void {
  useExport.setState({ run })
}

export async function writeExport(run: string, body: BodyOf<typeof endpoints.exportRun>): Promise<void> {
  try {
    const report = await taskResult<ExportReport>(await call(endpoints.exportRun, { params: { run }, body }))
    say('good', `${report.files} files, ${formatBytes(report.bytes)}, in ${report.folder}`, revealAction(report.folder))
  } catch (thrown) {
    sayFault(thrown)
  }
}

function revealAction(path: string) {
  const bridge = window.loam
  return bridge && { title: 'Show in folder', run: () => bridge.reveal(path) }
}

/** Computes a finished run once more, aside, and says whether every byte is the same. */
export async function reproduceRun(run: string): Promise<void> {
  try {
    const begun = await call(endpoints.reproduceRun, { params: { run }, body: {} })
    useRunsPlace.setState(({ reproducing }) => ({ reproducing: { ...reproducing, [run]: begun.id } }))
    const result = await taskResult<Reproduction>(begun)
    useRunsPlace.setState(({ reproductions }) => ({ reproductions: { ...reproductions, [run]: result } }))
  } catch (thrown) {
    sayFault(thrown)
  } finally {
    useRunsPlace.setState(({ reproducing: { [run]: _ended, ...rest } }) => ({ reproducing: rest }))
  }
}

export async function copyText(text: string, what: string): Promise<void> {
  await navigator.clipboard.writeText(text)
  say('good', `${what} copied`)
}
