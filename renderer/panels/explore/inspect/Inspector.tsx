import { useMemo } from 'react'
import type { Inspection } from '../../../../main/contract/index.ts'
import { useInspection } from '../../../api/inspect.ts'
import { useStationSets } from '../../../api/stations.ts'
import { say } from '../../../state/notices.ts'
import { useSession } from '../../../state/session.ts'
import { editWorkspace, useWorkspaceStore } from '../../../state/workspace.ts'
import { IconButton } from '../../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingLine, LoadingRows } from '../../../widgets/PanelState.tsx'
import { formatReading, formatUnit } from '../../../widgets/format.ts'
import { ModelFacts } from './ModelFacts.tsx'
import { PlaceSeries } from './PlaceSeries.tsx'
import { inspectionCsv } from './inspection-csv.ts'
import { useInspectedLayers } from './use-inspected-layers.ts'
import './inspector.css'

interface InspectorProps {
  /** In the map's CRS. */
  readonly x: number
  readonly y: number
  readonly crs: string
  /** Such as a station's name; else the pin or "Cell". */
  readonly title?: string
}

/** Everything about one place on the window's date, and its history. */
export function Inspector({ x, y, crs, title }: InspectorProps) {
  const day = useSession((state) => state.day)
  const period = useSession((state) => state.period)
  const pins = useWorkspaceStore((state) => state.document.pins)
  const { all, dated, days } = useInspectedLayers(day, period)
  const place = useMemo(() => ({ x, y, crs }), [x, y, crs])
  const { data, error, isFetching, refetch } = useInspection(place, day, all)
  const stationSets = useStationSets().data ?? noSets
  const pin = pins.find((each) => each.x === x && each.y === y)
  const head = title ?? (pin ? `Cell ${pin.name}` : 'Cell')
  if (all.length === 0) return <EmptyState>Show a layer to read its values here.</EmptyState>
  return (
    <section className="inspector" aria-label={`Inspect ${head}`}>
      <div className="panel-head">
        <h2>{head}</h2>
        <IconButton icon="copy" label="Copy as CSV" isDisabled={!data} onPress={() => data && copy(data)} />
        <IconButton
          icon="pin"
          label={pin ? `Take pin ${pin.name} off` : 'Pin this place'}
          isActive={pin !== undefined}
          isDisabled={!pin && pins.length >= 5}
          onPress={() => togglePin(x, y)}
        />
      </div>
      <LoadingLine isShown={isFetching && data !== undefined} label="Reading this place" />
      {error && <ErrorStrip fault={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows label="Reading this place" />}
      {data && <Facts inspection={data} />}
      <div className="panel-section">
        <h3>Series</h3>
        <PlaceSeries place={place} day={day} layers={dated} days={days} stationSets={stationSets} />
        {dated.length === 0 && <p className="text-2">No visible layer has dates.</p>}
      </div>
    </section>
  )
}

const noSets: never[] = []

function Facts({ inspection: { day, layers, models } }: { readonly inspection: Inspection }) {
  const cell = layers[0]?.cell
  return (
    <>
      <div className="panel-section">
        <p className="text-2">
          {day === 'static' ? 'no date' : day}
          {cell && ` · row ${cell.row} col ${cell.col}`}
        </p>
        <table className="inspect-layers">
          <caption className="visually-hidden">Values of the visible layers</caption>
          <tbody>
            {layers.map(({ layer, name, unit, value, reasonText, fault, lineage }) => (
              <tr key={layer} title={lineage}>
                <th scope="row">{name}</th>
                <td className="number">
                  {fault ? (
                    <span className="text-2">{fault.message}</span>
                  ) : value === null ? (
                    <span className="text-2">{reasonText}</span>
                  ) : (
                    <>
                      <b>{formatReading(value, unit)}</b> {formatUnit(unit)}
                      {reasonText && <span className="text-2"> · {reasonText}</span>}
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {models.map((model) => (
        <div key={JSON.stringify(model.of)} className="panel-section">
          <h3>{'run' in model.of ? `Run ${model.of.run}` : 'Preview'}</h3>
          <ModelFacts model={model} />
        </div>
      ))}
    </>
  )
}

function copy(inspection: Inspection): void {
  navigator.clipboard.writeText(inspectionCsv(inspection)).then(
    () => say('good', 'Copied as CSV with units'),
    () => say('bad', 'The clipboard refused the text. Allow it for this page and copy again.'),
  )
}

const pinNames = ['A', 'B', 'C', 'D', 'E']

function togglePin(x: number, y: number): void {
  editWorkspace('Pin a place', (document) => {
    const others = document.pins.filter((pin) => pin.x !== x || pin.y !== y)
    if (others.length < document.pins.length) return { ...document, pins: others }
    const name = pinNames.find((each) => !others.some((pin) => pin.name === each))
    return name ? { ...document, pins: [...others, { name, x, y }] } : document
  })
}
