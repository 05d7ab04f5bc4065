import { reportSections } from '../../../main/contract/index.ts'
import type { Figure, ReportSection } from '../../../main/contract/index.ts'
import { editWorkspace, useWorkspaceStore } from '../../state/workspace.ts'
import { IconButton } from '../../widgets/Button.tsx'
import { EmptyState } from '../../widgets/PanelState.tsx'
import { Checkbox, NumberField, Select, TextField } from '../../widgets/fields.tsx'
import { useFinishedRuns, useValidatedRun } from '../validate/validate-state.ts'
import { PinnedFigure } from './PinnedFigure.tsx'
import { editReport, useReport } from './use-report.ts'
import './report.css'

const sectionNames: Record<ReportSection, string> = {
  verdict: 'Did it help?',
  maps: 'Maps',
  scores: 'Scores',
  figures: 'Figures of the run',
  pinned: 'Pinned pictures',
  careful: 'Be careful',
  methods: 'Methods',
  settings: 'Every setting',
  inputs: 'Inputs with hashes',
  outputs: 'Outputs with hashes',
}

/** What goes into the report, in which order. */
export function ReportLeft() {
  const runs = useFinishedRuns().data
  const newest = useValidatedRun()
  const chosen = useReport((state) => state.run)
  const report = useWorkspaceStore((state) => state.document.report)
  const figures = useWorkspaceStore((state) => state.document.figures)
  const toggle = (section: ReportSection, isOn: boolean) =>
    editReport(sectionNames[section], {
      sections: isOn ? [...report.sections, section] : report.sections.filter((each) => each !== section),
    })
  const ordered = [...report.sections, ...reportSections.filter((section) => !report.sections.includes(section))]
  return (
    <>
      <div className="panel-head">
        <h2>Report</h2>
      </div>
      <div className="panel-section form">
        <Select
          label="Run"
          value={chosen ?? newest?.id ?? null}
          onChange={(run) => useReport.setState({ run })}
          choices={(runs ?? []).map(({ id, name }) => ({ id, name: `${id} · ${name}` }))}
          placeholder="No finished run yet"
        />
        <TextField
          label="Title"
          value={report.title}
          placeholder="Project and run"
          onChange={(title) => editReport('Title', { title })}
        />
        <TextField
          label="Introduction"
          isMultiline
          value={report.introduction}
          hint="Plain text; an empty line parts paragraphs."
          onChange={(introduction) => editReport('Introduction', { introduction })}
        />
        <NumberField
          label="Maps shown"
          value={report.maps}
          min={0}
          max={24}
          unit="days, evenly spread"
          onChange={(maps) => editReport('Maps', { maps: maps ?? 6 })}
        />
      </div>
      <div className="panel-section">
        <h3>Sections</h3>
        <ul>
          {ordered.map((section) => {
            const at = report.sections.indexOf(section)
            return (
              <li key={section} className="report-row">
                <Checkbox isSelected={at >= 0} onChange={(isOn) => toggle(section, isOn)}>
                  {sectionNames[section]}
                </Checkbox>
                <IconButton
                  icon="chevronUp"
                  label={`Move ${sectionNames[section]} up`}
                  isDisabled={at <= 0}
                  onPress={() => editReport('Order', { sections: swapped(report.sections, at, at - 1) })}
                />
                <IconButton
                  icon="chevronDown"
                  label={`Move ${sectionNames[section]} down`}
                  isDisabled={at < 0 || at === report.sections.length - 1}
                  onPress={() => editReport('Order', { sections: swapped(report.sections, at, at + 1) })}
                />
              </li>
            )
          })}
        </ul>
      </div>
      <div className="panel-section">
        <h3>Pinned pictures</h3>
        {figures.length === 0 && <EmptyState>Pin any chart from its menu, or the map with Ctrl+Shift+F.</EmptyState>}
        <ul>
          {figures.map((figure, i) => (
            <PinnedRow key={figure.id} figure={figure} at={i} of={figures.length} />
          ))}
        </ul>
      </div>
    </>
  )
}

function PinnedRow({ figure, at, of }: { readonly figure: Figure; readonly at: number; readonly of: number }) {
  const { id, title, caption, file } = figure
  const change = (part: Partial<Figure>, what: string) =>
    editWorkspace(
      `${what} of ${title}`,
      (document) => ({
        ...document,
        figures: document.figures.map((each) => (each.id === id ? { ...each, ...part } : each)),
      }),
      `${id} ${what}`,
    )
  const move = (to: number) =>
    editWorkspace('Order of pictures', (document) => ({ ...document, figures: swapped(document.figures, at, to) }))
  return (
    <li className="report-picture">
      <img src={`/api/files?path=${encodeURIComponent(file)}`} alt={title} />
      <div className="form">
        <TextField label="Title" value={title} onChange={(next) => change({ title: next }, 'Title')} />
        <TextField
          label="Caption"
          isMultiline
          value={caption}
          onChange={(next) => change({ caption: next }, 'Caption')}
        />
      </div>
      <div className="report-picture-actions">
        <PinnedFigure figure={figure} />
        <IconButton icon="chevronUp" label={`Move ${title} up`} isDisabled={at === 0} onPress={() => move(at - 1)} />
        <IconButton
          icon="chevronDown"
          label={`Move ${title} down`}
          isDisabled={at === of - 1}
          onPress={() => move(at + 1)}
        />
        <IconButton
          icon="trash"
          label={`Take ${title} out`}
          onPress={() =>
            editWorkspace(`Take out ${title}`, (document) => ({
              ...document,
              figures: document.figures.filter((each) => each.id !== id),
            }))
          }
        />
      </div>
    </li>
  )
}

function swapped<T>(list: readonly T[], a: number, b: number): T[] {
  const next = [...list]
  ;[next[a], next[b]] = [next[b], next[a]]
  return next
}
