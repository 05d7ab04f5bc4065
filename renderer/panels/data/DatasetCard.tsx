import { useState } from 'react'
import type { DatasetCard as Card } from '../../../main/contract/index.ts'
import { useCoverage, useDataset } from '../../api/datasets.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingLine, LoadingRows, Strip } from '../../widgets/PanelState.tsx'
import { Select } from '../../widgets/fields.tsx'
import { formatBytes, formatCount, formatSignificant, formatUnit } from '../../widgets/format.ts'
import { CoverageCalendar } from './CoverageCalendar.tsx'
import { DatasetFiles } from './DatasetFiles.tsx'
import { SampleHistogram } from './SampleHistogram.tsx'
import { addToMap } from './add-to-map.ts'
import { locateFiles } from './locate-files.ts'
import { counted, inWindowWords } from './words.ts'

/** What was found in a dataset, what it holds, where it lies, and what uses it. */
export function DatasetCard({ name }: { readonly name: string }) {
  const card = useDataset(name)
  const coverage = useCoverage(name)
  const isOut = useWorkspaceStore((state) => state.document.removed.datasets.includes(name))
  const [chosen, choose] = useState<string | null>(null)
  if (isOut) return <EmptyState>{name} was taken out. Undo brings it back.</EmptyState>
  if (card.isLoading) return <LoadingRows rows={8} label={`Reading ${name}`} />
  if (card.error) return <ErrorStrip fault={card.error} onRetry={() => void card.refetch()} />
  if (!card.data) return null
  const { data } = card
  const variable = data.variables.find((each) => each.name === chosen) ?? data.variables[0]
  const isSingle = data.variables.length === 1
  return (
    <>
      <div className="panel-head">
        <h2 title={name}>{name}</h2>
        <Button icon="layers" onPress={() => addToMap(name, variable, isSingle)}>
          Add to map
        </Button>
      </div>
      <LoadingLine isShown={card.isFetching} label={`Reading ${name}`} />
      {data.missingFiles > 0 && <Unreachable card={data} />}
      <section className="panel-section">
        {!isSingle && (
          <Select
            label="Variable"
            value={variable.name}
            onChange={choose}
            choices={data.variables.map((each) => ({ id: each.name, name: each.name, hint: formatUnit(each.unit) }))}
          />
        )}
        <dl className="facts">
          <dt>Unit</dt>
          <dd>{formatUnit(variable.unit) || (variable.unit === '1' ? 'none, a ratio' : 'not known')}</dd>
          <dt>Kind</dt>
          <dd>{kindWords[variable.kind]}</dd>
          <dt>Scale, offset</dt>
          <dd>
            × {formatSignificant(variable.scale, 6)}, + {formatSignificant(variable.offset, 6)}
          </dd>
          <dt>No value is</dt>
          <dd>{variable.nodata.filter((each) => !Number.isNaN(each)).join(', ') || 'NaN only'}</dd>
          {variable.validRange && (
            <>
              <dt>Valid range</dt>
              <dd>{variable.validRange.map((each) => formatSignificant(each)).join(' … ')}</dd>
            </>
          )}
          {variable.description && (
            <>
              <dt>Described as</dt>
              <dd>{variable.description}</dd>
            </>
          )}
          <dt>Grid</dt>
          <dd>
            {formatCount(data.grid.rows)} × {formatCount(data.grid.cols)} cells of {data.cellText}
          </dd>
          <dt>CRS</dt>
          <dd>
            {data.crsName} {data.grid.crs.startsWith('EPSG:') && `(${data.grid.crs})`}
          </dd>
          <dt>Dates</dt>
          <dd>
            {data.days === 0 ? 'static' : `${formatCount(data.days)}, ${data.firstDay} … ${data.lastDay}`}
            {data.days > 0 && <div className="text-2">{data.dateRule}</div>}
          </dd>
          <dt>Files</dt>
          <dd>
            {counted(data.files.length, 'file')}, {formatBytes(data.bytes)}
          </dd>
        </dl>
      </section>
      <section className="panel-section">
        <h3>Values{data.firstDay ? ` on ${data.firstDay}` : ''}</h3>
        <SampleHistogram dataset={name} variable={variable} day={data.firstDay} />
      </section>
      {coverage.data && coverage.data.days.length > 0 && (
        <section className="panel-section">
          <h3>Dates</h3>
          <CoverageCalendar {...coverage.data} />
        </section>
      )}
      <section className="panel-section">
        <h3>Used by</h3>
        {data.usedBy.length === 0 ? (
          <p className="text-2">Nothing yet. Press T to make it the target, P to make it a predictor.</p>
        ) : (
          <ul>
            {data.usedBy.map(({ kind, name: use }) => (
              <li key={`${kind} ${use}`}>
                <span className="text-2">{useWords[kind]}</span> {use}
              </li>
            ))}
          </ul>
        )}
      </section>
      {data.notes.length > 0 && (
        <section className="panel-section">
          <h3>What Loam assumed and saw</h3>
          <ul className="data-notes">
            {data.notes.map((note) => (
              <li key={note}>{inWindowWords(note)}</li>
            ))}
          </ul>
        </section>
      )}
      <section className="panel-section">
        <h3>Source files</h3>
        <DatasetFiles files={data.files} />
      </section>
    </>
  )
}

const kindWords = {
  continuous: 'continuous, averaged by area',
  circular: 'direction, averaged as unit vectors',
  decibel: 'decibel, averaged as power',
  categorical: 'classes, the most frequent one stands for a cell',
} as const

const useWords = { run: 'run', recipe: 'recipe', layer: 'layer', field: 'field' } as const

function Unreachable({ card: { name, missingFiles } }: { readonly card: Card }) {
  return (
    <div className="panel-section">
      <Strip
        tone="warn"
        action={
          <Button icon="search" onPress={() => void locateFiles()}>
            Locate …
          </Button>
        }
      >
        {counted(missingFiles, 'file')} of {name} {missingFiles === 1 ? 'is' : 'are'} not where{' '}
        {missingFiles === 1 ? 'it was' : 'they were'}. The drive may be unplugged, or the files were moved. Choose the
        folder they lie in now: they are known by their contents, so renamed files are found too.
      </Strip>
    </div>
  )
}
