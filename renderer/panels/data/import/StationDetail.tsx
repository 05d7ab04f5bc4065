import type { ReactNode } from 'react'
import { formatDepth } from '../../../../main/contract/index.ts'
import type { StationTableSettings, SurveyedProduct } from '../../../../main/contract/index.ts'
import { useProductTable } from '../../../api/surveys.ts'
import { chooseFiles } from '../../../widgets/choose-files.ts'
import { Button } from '../../../widgets/Button.tsx'
import { ErrorStrip, LoadingRows } from '../../../widgets/PanelState.tsx'
import { Select } from '../../../widgets/fields.tsx'
import { formatUnit } from '../../../widgets/format.ts'
import { counted } from '../words.ts'
import { CommitField } from './CommitField.tsx'
import type { Review } from './ProductDetail.tsx'
import { TableMapping } from './TableMapping.tsx'

interface StationDetailProps {
  readonly survey: string
  readonly product: SurveyedProduct
  readonly review: Review
}

/** A table or archive of stations: what was read, the columns, and the questions only the user can answer. */
export function StationDetail({ survey, product, review }: StationDetailProps) {
  const { stations, refusal } = product
  const settings = stations?.settings ?? {}
  const isTable = stations !== null && stations.format !== 'ISMN'
  const table = useProductTable(survey, isTable ? product.id : null, JSON.stringify(settings))
  const set = (next: Partial<StationTableSettings>) => review({ stations: { ...settings, ...next } })
  const placeFrom = async () => {
    const chosen = await chooseFiles({
      title: 'List of stations',
      kind: 'file',
      glob: '*.csv,*.tsv,*.txt',
      action: 'Take places from it',
    })
    if (chosen) set({ stationsFile: chosen[0] })
  }
  const depth = settings.depth
  return (
    <>
      <div className="import-facts">
        {stations && stations.observations > 0 && (
          <dl className="facts">
            <dt>Read</dt>
            <dd>
              {counted(stations.stations.length, 'station')}, {counted(stations.observations, 'observation')},{' '}
              {stations.missing} missing
            </dd>
            <dt>Variables</dt>
            <dd>
              {stations.variables
                .slice(0, 8)
                .map(({ name, unit, depth: at }) => `${name} ${formatUnit(unit)}${at ? ` at ${formatDepth(at)}` : ''}`)
                .join(', ')}
              {stations.variables.length > 8 && ` and ${stations.variables.length - 8} more`}
            </dd>
            <dt>Places</dt>
            <dd>
              {stations.crs !== ''
                ? stations.crs
                : settings.stationsFile
                  ? settings.stationsFile.replace(/^.*[\\/]/, '')
                  : 'none in the file'}
            </dd>
            {stations.encoding && (
              <>
                <dt>Text</dt>
                <dd>
                  {stations.separator}-separated, {stations.encoding}, decimal{' '}
                  {stations.decimalMark === ',' ? 'comma' : 'point'}
                </dd>
              </>
            )}
            <dt>Days of</dt>
            <dd>{stations.timeZone}</dd>
          </dl>
        )}
        {isTable && (
          <div className="import-answers">
            {(refusal?.question === 'dateOrder' || settings.dateOrder) && (
              <Select
                label="Dates such as 03/04/2019"
                value={settings.dateOrder ?? null}
                onChange={(dateOrder) => set({ dateOrder })}
                choices={[
                  { id: 'dayFirst', name: 'Day first: 3 April' },
                  { id: 'monthFirst', name: 'Month first: 4 March' },
                ]}
              />
            )}
            <Labelled label="CRS of x and y">
              <CommitField
                label="CRS of x and y"
                value={settings.crs ?? ''}
                placeholder="EPSG:28992"
                isAssumed={refusal?.question === 'crs'}
                onCommit={(crs) => set({ crs: crs || undefined })}
              />
            </Labelled>
            <Labelled label="Time zone">
              <CommitField
                label="Time zone of times without one"
                value={settings.timeZone ?? ''}
                placeholder="UTC"
                onCommit={(timeZone) => set({ timeZone: timeZone || undefined })}
              />
            </Labelled>
            <Labelled label="Unit of values">
              <CommitField
                label="Unit of values whose heading does not say"
                value={settings.unit ?? ''}
                placeholder="m3 m-3, vol%"
                onCommit={(unit) => set({ unit: unit || undefined })}
              />
            </Labelled>
            <Labelled label="Depth, m">
              <CommitField
                label="Depth of values whose heading does not say, metres"
                value={depth ? depth.join('–') : ''}
                placeholder="0–0.05"
                onCommit={(text) => {
                  const [from, to = from] = text.split(/\s*[–-]\s*/).map(Number)
                  set({ depth: text !== '' && Number.isFinite(from) && from >= 0 ? [from, to] : undefined })
                }}
              />
            </Labelled>
            {refusal?.question === 'depthUnit' && (
              <Select
                label="Depths are in"
                value={settings.depthUnit ?? null}
                onChange={(depthUnit) => set({ depthUnit })}
                choices={(['m', 'cm', 'mm', 'in'] as const).map((id) => ({ id, name: id }))}
              />
            )}
            <Button icon="station" onPress={() => void placeFrom()}>
              Places from a list …
            </Button>
          </div>
        )}
      </div>
      {table.isLoading && isTable && <LoadingRows rows={4} label="Reading the first rows" />}
      {table.error && <ErrorStrip fault={table.error} onRetry={() => void table.refetch()} />}
      {table.data && (
        <TableMapping
          table={table.data}
          columns={settings.columns ?? {}}
          onChange={(columns) => set({ columns: Object.keys(columns).length > 0 ? columns : undefined })}
        />
      )}
    </>
  )
}

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="field">
      <span className="field-label" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  )
}
