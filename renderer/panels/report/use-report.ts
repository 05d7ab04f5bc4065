import { create } from 'zustand'
import { endpoints } from '../../../main/contract/index.ts'
import type { ReportSettings, WrittenReport } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { taskResult } from '../../api/tasks.ts'
import { editWorkspace, workspace } from '../../state/workspace.ts'

interface ReportState {
  readonly run: string | null
  readonly isWriting: boolean
  readonly fault: unknown
  /** By run: where its report lies, and when it was written here. */
  readonly written: Readonly<Record<string, WrittenReport & { readonly atMs: number; readonly settings: string }>>
}

export const useReport = create<ReportState>(() => ({ run: null, isWriting: false, fault: null, written: {} }))

/** Everything a report of now would be made from, as text, to see whether the one shown is stale. */
export function reportKey(): string {
  const { report, figures } = workspace()
  return JSON.stringify({ report, figures })
}

/** Writes the report of a run. @param path elsewhere than in the run's folder */
export async function writeReport(run: string, path?: string): Promise<WrittenReport | null> {
  const { report: settings, figures } = workspace()
  useReport.setState({ isWriting: true, fault: null })
  try {
    const task = await call(endpoints.writeReport, { params: { run }, body: { settings, figures: [...figures], path } })
    const report = await taskResult<WrittenReport>(task)
    if (report.relativePath !== null) {
      const entry = { ...report, atMs: Date.now(), settings: reportKey() }
      useReport.setState(({ written }) => ({ written: { ...written, [run]: entry } }))
    }
    return report
  } catch (thrown) {
    useReport.setState({ fault: thrown })
    return null
  } finally {
    useReport.setState({ isWriting: false })
  }
}

export function editReport(what: string, change: Partial<ReportSettings>): void {
  editWorkspace(
    `${what} of the report`,
    (document) => ({ ...document, report: { ...document.report, ...change } }),
    `report ${what}`,
  )
}
