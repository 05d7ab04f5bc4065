import { useMemo } from 'react'
import type { ValidatedStation, ValidationSummary } from '../../../main/contract/index.ts'
import { useSession } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { DataTable } from '../../widgets/DataTable.tsx'
import type { Column } from '../../widgets/DataTable.tsx'
import { EmptyState, ErrorStrip, LoadingRows } from '../../widgets/PanelState.tsx'
import { Select, Switch } from '../../widgets/fields.tsx'
import { formatNumber } from '../../widgets/format.ts'
import { RampSwatch } from '../explore/RampSwatch.tsx'
import { useFilteredPairs } from './use-filtered-pairs.ts'
import { largestBias, useStationLooks } from './use-station-looks.ts'
import {
  selectStation,
  useFinishedRuns,
  useSelectedStation,
  useValidateState,
  useValidatedRun,
  useValidation,
  useValidations,
} from './validate-state.ts'

/** What is compared with what, and the stations to choose from. */
export function ValidateLeft() {
  const runs = useFinishedRuns()
  const run = useValidatedRun()
  const validations = useValidations(run?.id)
  const validation = useValidation(run?.id)
  const subject = useValidateState((state) => state.subject)
  if (runs.isLoading) return <LoadingRows label="Reading the runs" />
  if (!run) return <EmptyState>Scores come with the first finished run.</EmptyState>
  return (
    <>
      <div className="panel-head">
        <h2>Compare</h2>
      </div>
      <div className="panel-section form">
        <Select
          label="Run"
          value={run.id}
          onChange={(id) => useValidateState.setState({ run: id, validation: null })}
          choices={(runs.data ?? []).map(({ id, name }) => ({ id, name: `${id} · ${name}` }))}
        />
        {validations.error && <ErrorStrip fault={validations.error} onRetry={() => void validations.refetch()} />}
        {validation && (
          <>
            <Select
              label="Scored against"
              value={validation.name}
              onChange={(name) => useValidateState.setState({ validation: name })}
              choices={(validations.data ?? []).map(({ name, from, measured, stations }) => ({
                id: name,
                name,
                hint: from === 'stations' ? `${stations.length} stations` : measured ? 'raster' : 'modelled raster',
              }))}
            />
            <Select
              label="What is scored"
              value={subject}
              onChange={(subject) => useValidateState.setState({ subject })}
              choices={[
                { id: 'fine', name: 'Fine map' },
                { id: 'coarse', name: 'Coarse product', isDisabled: !validation.hasCoarse },
                { id: 'smoothed', name: 'Coarse product, smoothed', isDisabled: !validation.hasCoarse },
              ]}
            />
            <PeriodFilter />
          </>
        )}
      </div>
      {validation && validation.stations.length > 0 && <Stations run={run.id} validation={validation} />}
    </>
  )
}

function PeriodFilter() {
  const { period, set } = useSession()
  return period ? (
    <div className="validate-filter">
      <span>
        {period.from} to {period.to}
      </span>
      <Button look="quiet" icon="close" onPress={() => set({ period: null })}>
        All days
      </Button>
    </div>
  ) : (
    <p className="text-3">Brush the time bar to score a period.</p>
  )
}

function Stations({ run, validation }: { readonly run: string; readonly validation: ValidationSummary }) {
  const filtered = useFilteredPairs(run, validation)
  useStationLooks(validation, filtered)
  // While something is filtered the table is of the stations that are left, with what is left of their pairs.
  const left = useMemo(
    () => filtered && new Map(filtered.boxes.filter(({ by }) => by === 'station').map((box) => [box.id, box])),
    [filtered],
  )
  const rows = left ? validation.stations.filter(({ id }) => left.has(id)) : validation.stations
  const selected = useSelectedStation(validation)
  const columns = useMemo(
    (): Column<ValidatedStation>[] => [
      { id: 'name', title: 'Station', cell: ({ name, id }) => name || id, sortBy: ({ name, id }) => name || id },
      {
        id: 'n',
        title: 'n',
        width: 52,
        isNumber: true,
        cell: ({ id, scores }) => (left ? left.get(id)?.n : scores?.n) ?? 0,
        sortBy: ({ id, scores }) => (left ? left.get(id)?.n : scores?.n) ?? 0,
      },
      {
        id: 'rmse',
        title: 'RMSE',
        width: 78,
        isNumber: true,
        cell: ({ id, scores }) => formatNumber(left ? left.get(id)?.rmse : scores?.measures.rmse.value),
        sortBy: ({ id, scores }) => (left ? left.get(id)?.rmse : scores?.measures.rmse.value) ?? null,
      },
    ],
    [left],
  )
  return (
    <>
      <div className="panel-head">
        <h2>
          {left ? `${rows.length} of ${validation.stations.length} stations, filtered` : `${rows.length} stations`}
        </h2>
        <Switch
          isSelected={selected === null}
          onChange={(isAll) => selectStation(validation, isAll ? null : (validation.stations[0]?.id ?? null))}
        >
          All
        </Switch>
      </div>
      <p className="validate-bias text-2">
        bias on the map: <span>−{largestBias} dry</span>
        <RampSwatch ramp="difference" width={80} /> <span>+{largestBias} wet</span>
      </p>
      <div className="validate-stations">
        <DataTable
          label="Stations"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          selected={selected}
          onSelect={({ id }) => selectStation(validation, id)}
          initialSort={{ column: 'rmse', isDescending: true }}
        />
      </div>
    </>
  )
}
