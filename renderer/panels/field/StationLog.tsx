import { useMemo, useState } from 'react'
import type { FieldNote } from '../../../main/contract/index.ts'
import { useCrs } from '../../api/crs.ts'
import { useInspection } from '../../api/inspect.ts'
import { projectionOf } from '../../map/base/projection.ts'
import { useMapExtras } from '../../map/map-extras.ts'
import { usePointer } from '../../state/pointer.ts'
import { say } from '../../state/notices.ts'
import { useSession } from '../../state/session.ts'
import { editWorkspace, newId, useWorkspaceStore } from '../../state/workspace.ts'
import { Button, IconButton } from '../../widgets/Button.tsx'
import { download } from '../../widgets/figures/save-figure.ts'
import { EmptyState, Strip } from '../../widgets/PanelState.tsx'
import { NumberField, Select, TextField } from '../../widgets/fields.tsx'
import { formatCoordinate, formatNumber, formatReading, formatUnit } from '../../widgets/format.ts'
import { useInspectedLayers } from '../explore/inspect/use-inspected-layers.ts'
import { notesCsv } from './note-csv.ts'
import { usePosition } from './use-position.ts'
import './field.css'

const depths = [
  { id: '0 0.05', name: '0–5 cm' },
  { id: '0.05 0.1', name: '5–10 cm' },
  { id: '0.1 0.2', name: '10–20 cm' },
  { id: '0.2 0.3', name: '20–30 cm' },
  { id: 'none', name: 'not said' },
]

/** Writes down an observation where one stands, with the map's value beside it. */
export function StationLog() {
  const crs = usePointer((state) => state.crs)
  const camera = useSession((state) => state.camera)
  const selection = useSession((state) => state.selection)
  const notes = useWorkspaceStore((state) => state.document.notes)
  const [isReceiving, setReceiving] = useState(false)
  const { position, fault } = usePosition(isReceiving)
  const definition = useCrs(crs).data
  const projection = useMemo(() => (definition ? projectionOf(definition) : null), [definition])
  const [value, setValue] = useState<number | null>(null)
  const [depth, setDepth] = useState('0 0.05')
  const [note, setNote] = useState('')
  if (!crs || !camera) return <EmptyState>Show a map first; then observations can be logged on it.</EmptyState>

  const received = position && projection ? projection.forward([position.longitude, position.latitude]) : null
  const chosen = selection.kind === 'cell' ? ([selection.x, selection.y] as const) : null
  const [x, y] = received ?? chosen ?? ([camera.x, camera.y] as const)
  const from = received ? 'receiver' : chosen ? 'chosen cell' : 'middle of the map'

  const isGeographic = definition?.isGeographic ?? false

  const save = () => {
    const observed: FieldNote = {
      id: newId('n'),
      x,
      y,
      observedAt: new Date().toISOString(),
      depth: depth === 'none' ? null : (depth.split(' ').map(Number) as [number, number]),
      value,
      unit: 'm3 m-3',
      note: received && position ? [note, `±${Math.round(position.accuracy)} m`].filter(Boolean).join(', ') : note,
    }
    editWorkspace('Log an observation', (document) => ({ ...document, notes: [...document.notes, observed] }))
    setValue(null)
    setNote('')
    say('good', 'Logged and saved on this machine.')
  }
  return (
    <div className="station-log">
      <div className="station-log-place">
        <div>
          <strong>
            {formatCoordinate(x, isGeographic)} {formatCoordinate(y, isGeographic)}
          </strong>
          <p className="text-2">
            {from}
            {received && position ? `, ± ${Math.round(position.accuracy)} m` : ''} · {crs}
          </p>
        </div>
        <Button
          icon="station"
          onPress={() => {
            setReceiving(!isReceiving)
            if (received)
              useMapExtras.setState({ goTo: { west: x - 100, east: x + 100, south: y - 100, north: y + 100 } })
          }}
        >
          {isReceiving ? 'Stop receiver' : 'Use receiver'}
        </Button>
      </div>
      {isReceiving && fault && <Strip tone="warn">{fault}</Strip>}
      {isReceiving && !position && !fault && <p role="status">Waiting for a position …</p>}
      <MapValue x={x} y={y} crs={crs} observed={value} />
      <NumberField
        label="Observed"
        value={value}
        onChange={setValue}
        min={0}
        max={1}
        step={0.001}
        unit={formatUnit('m3 m-3')}
        hint="Volumetric soil moisture, 0 to 1"
      />
      <Select label="Depth" value={depth} onChange={setDepth} choices={depths} />
      <TextField label="Note" value={note} onChange={setNote} />
      <Button look="primary" isDisabled={value === null && note.trim() === ''} onPress={save}>
        Log observation
      </Button>
      <NoteList notes={notes} crs={crs} />
    </div>
  )
}

/** What the uppermost layer says here, and how far the observation is from it. */
function MapValue({
  x,
  y,
  crs,
  observed,
}: {
  readonly x: number
  readonly y: number
  readonly crs: string
  readonly observed: number | null
}) {
  const day = useSession((state) => state.day)
  const period = useSession((state) => state.period)
  const { all } = useInspectedLayers(day, period)
  const place = useMemo(() => ({ x, y, crs }), [x, y, crs])
  const top = useInspection(place, day, all.slice(0, 1)).data?.layers[0]
  if (!top) return null
  const difference = top.value !== null && observed !== null && top.unit === 'm3 m-3' ? top.value - observed : null
  return (
    <p className="station-log-value">
      <span className="text-2">{top.name}</span>
      <strong>
        {top.value === null ? top.reasonText : `${formatReading(top.value, top.unit)} ${formatUnit(top.unit)}`}
      </strong>
      {difference !== null && <span>map − observed {formatNumber(difference)}</span>}
    </p>
  )
}

function NoteList({ notes, crs }: { readonly notes: readonly FieldNote[]; readonly crs: string }) {
  if (notes.length === 0) return <p className="text-2">Nothing is logged yet.</p>
  const remove = ({ id }: FieldNote) =>
    editWorkspace('Take out an observation', (document) => ({
      ...document,
      notes: document.notes.filter((each) => each.id !== id),
    }))
  const save = () => download(new Blob([notesCsv(notes, crs)], { type: 'text/csv' }), 'observations.csv')
  return (
    <section aria-label="Logged observations">
      <div className="panel-head">
        <h2>{notes.length} logged</h2>
        <Button icon="download" onPress={save}>
          Save as CSV
        </Button>
      </div>
      <ul>
        {notes.toReversed().map((each) => (
          <li key={each.id} className="station-log-row">
            <span>
              <strong>{each.value === null ? '–' : formatNumber(each.value)}</strong>{' '}
              {each.depth && `${each.depth.join('–')} m`} {each.note}
              <br />
              <span className="text-2">{each.observedAt.slice(0, 16).replace('T', ' ')} UTC</span>
            </span>
            <IconButton icon="trash" label="Take this observation out" onPress={() => remove(each)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
