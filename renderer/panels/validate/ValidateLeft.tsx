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
      {validation && validation.stations.length > 0 && <Stations validation={validation} />}
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

function Stations({ validation }: { readonly validation: ValidationSummary }) {
  useStationLooks(validation)
  const selected = useSelectedStation(validation)
  const columns = useMemo(
    (): Column<ValidatedStation>[] => [
      { id: 'name', title: 'Station', cell: ({ name, id }) => name || id, sortBy: ({ name, id }) => name || id },
      {
        id: 'n',
        title: 'n',
        width: 52,
        isNumber: true,
        cell: ({ scores }) => scores?.n ?? 0,
        sortBy: ({ scores }) => scores?.n ?? 0,
      },
      {
        id: 'rmse',
        title: 'RMSE',
        width: 78,
        isNumber: true,
        cell: ({ scores }) => formatNumber(scores?.measures.rmse.value),
        sortBy: ({ scores }) => scores?.measures.rmse.value ?? null,
      },
    ],
    [],
  )
  return (
    <>
      <div className="panel-head">
        <h2>{validation.stations.length} stations</h2>
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
          rows={validation.stations}
          keyOf={({ id }) => id}
          selected={selected}
          onSelect={({ id }) => selectStation(validation, id)}
          initialSort={{ column: 'rmse', isDescending: true }}
        />
      </div>
    </>
  )
}
