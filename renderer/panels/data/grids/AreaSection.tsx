import { endpoints } from '../../../../main/contract/index.ts'
import type { Workspace } from '../../../../main/contract/index.ts'
import { call } from '../../../api/client.ts'
import { useMapExtras } from '../../../map/map-extras.ts'
import { sayFault } from '../../../state/notices.ts'
import { useSources } from '../../../state/sources.ts'
import { editWorkspace } from '../../../state/workspace.ts'
import { Button } from '../../../widgets/Button.tsx'
import { NumberField, Select } from '../../../widgets/fields.tsx'

type Extent = readonly [number, number, number, number]

const setArea = (area: Extent | null) =>
  editWorkspace('Area', (document) => ({ ...document, area: area ? [...area] : null }) as Workspace, 'area')

interface AreaProps {
  readonly area: Workspace['area']
  readonly crs: string | null
  readonly suggested: Extent | null
  readonly reason: string
}

/** The area in the working CRS: typed, drawn on the map, or taken from a dataset. */
export function AreaSection({ area, crs, suggested, reason }: AreaProps) {
  const { datasets } = useSources()
  const isDrawing = useMapExtras((state) => state.onArea !== null)
  const draw = () =>
    useMapExtras.setState({
      onArea: isDrawing
        ? null
        : ({ west, south, east, north }) => {
            setArea([west, south, east, north])
            useMapExtras.setState({ onArea: null })
          },
    })
  const ofDataset = async (dataset: string) => {
    try {
      const { extent } = await call(endpoints.moveExtent, { body: { from: { dataset }, crs: crs ?? '' } })
      setArea(extent)
    } catch (thrown) {
      sayFault(thrown)
    }
  }
  const shown = area ?? suggested
  const sides = ['West', 'South', 'East', 'North']
  return (
    <section className="panel-section">
      <h3>Area</h3>
      <div className="grid-sides">
        {sides.map((side, i) => (
          <NumberField
            key={side}
            label={side}
            value={shown ? Number(shown[i].toPrecision(9)) : null}
            isAssumed={area === null}
            onChange={(value) => {
              if (value === null || !shown || value === shown[i]) return
              const next = shown.with(i, value) as unknown as Extent
              if (next[0] < next[2] && next[1] < next[3]) setArea(next)
            }}
          />
        ))}
      </div>
      <div className="grid-buttons">
        <Button icon="edit" isDisabled={crs === null} onPress={draw}>
          {isDrawing ? 'Stop drawing' : 'Draw on the map'}
        </Button>
        {suggested && area === null && <Button onPress={() => setArea(suggested)}>Take this area</Button>}
      </div>
      {isDrawing && <p className="text-2">Drag a rectangle on the map.</p>}
      <Select
        label="Take it from a dataset"
        value={null}
        isDisabled={crs === null}
        onChange={(name) => void ofDataset(name)}
        choices={datasets.map(({ name, cellText }) => ({ id: name, name, hint: cellText }))}
      />
      {area === null && reason && <p className="text-2">Suggested: {reason}</p>}
    </section>
  )
}
