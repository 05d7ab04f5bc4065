import { addressOf } from '../../api/client.ts'
import { endpoints } from '../../../main/contract/index.ts'
import { say } from '../../state/notices.ts'
import { session } from '../../state/session.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { chooseFiles } from '../../widgets/choose-files.ts'
import { Chip, EmptyState, ErrorStrip, LoadingLine } from '../../widgets/PanelState.tsx'
import { useValidatedRun } from '../validate/validate-state.ts'
import { reportKey, useReport, writeReport } from './use-report.ts'

/** The report as it was written, at true size; what changed since makes it stale. */
export function ReportPage() {
  const newest = useValidatedRun()
  const { run: chosen, isWriting, fault, written } = useReport()
  const document = useWorkspaceStore((state) => state.document)
  const run = chosen ?? newest?.id
  if (!run)
    return (
      <EmptyState
        action={
          <Button look="primary" onPress={() => session().set({ place: 'model' })}>
            Set up a model
          </Button>
        }
      >
        A report tells a finished run: maps, scores, plots, methods, every setting and the hash of every file.
      </EmptyState>
    )
  const report = written[run]
  const isStale = report !== undefined && report.settings !== reportKey()
  const saveAs = async () => {
    const chosenPath = await chooseFiles({
      title: 'Save report',
      kind: 'save',
      glob: '*.html',
      action: 'Save report',
      defaultName: `report-${run}.html`,
    })
    const saved = chosenPath && (await writeReport(run, chosenPath[0]))
    if (saved) say('good', `The report is in ${saved.path}.`)
  }
  return (
    <div className="report-page" data-edits={document.figures.length}>
      <LoadingLine isShown={isWriting} label="Writing the report" />
      <div className="report-bar">
        <h2>Report of {run}</h2>
        {isStale && <Chip tone="warn">stale: settings changed since</Chip>}
        <span className="report-gap" />
        <Button onPress={() => void saveAs()} isDisabled={isWriting} icon="download">
          Save as …
        </Button>
        {/* Not disabled while it writes: that would take the focus away. */}
        <Button look="primary" onPress={() => void (isWriting || writeReport(run))}>
          {isWriting ? 'Writing the report' : report ? 'Write report again' : 'Write report'}
        </Button>
      </div>
      {fault !== null && <ErrorStrip fault={fault} onRetry={() => void writeReport(run)} />}
      {report?.relativePath ? (
        <iframe
          key={report.atMs}
          className="report-frame"
          sandbox=""
          title={`Report of run ${run}`}
          src={addressOf(endpoints.file.route, { query: { path: report.relativePath } })}
        />
      ) : (
        <EmptyState>
          One HTML file without anything from outside. Any browser shows it, and prints it to PDF.
        </EmptyState>
      )}
    </div>
  )
}
