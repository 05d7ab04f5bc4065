import { useEffect, useState } from 'react'
import { ListBox, ListBoxItem } from 'react-aria-components'
import type { Draft } from '../../../../main/contract/index.ts'
import { editDraft } from '../../../state/draft.ts'
import { useSession } from '../../../state/session.ts'
import { workspace } from '../../../state/workspace.ts'
import { Button } from '../../../widgets/Button.tsx'
import { Icon } from '../../../widgets/Icon.tsx'
import { NumberField, TextField } from '../../../widgets/fields.tsx'
import { formatCount } from '../../../widgets/format.ts'
import { drawStations } from './draw-stations.ts'
import { sealedIn, testSets, useTestStations } from './test-stations.ts'
import type { TestStation } from './test-stations.ts'

const seal = (label: string, ids: readonly string[]) =>
  editDraft(label, 'split.test.stations', ids.length > 0 ? [...ids] : undefined, true)

/** More stations than this are searched rather than looked through. */
const fewStations = 8

/** Stations of the test part: ticked in a list, clicked on the map, or a share of them drawn with a seed. */
export function SealedStations({
  draft,
  crs,
  fault,
}: {
  readonly draft: Draft
  readonly crs: string | null
  readonly fault: string | null
}) {
  const sets = testSets(draft)
  const stations = useTestStations(sets, crs)
  const sealed = sealedIn(draft)
  const [wanted, setWanted] = useState('')
  const unknown = sealed.filter((id) => !stations.some((station) => station.id === id))
  const all = [...stations, ...unknown.map((id): TestStation => ({ id, name: '', sets: [], n: 0, places: [] }))]
  const shown = all.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted.trim().toLowerCase()))
  const inOrder = (ids: ReadonlySet<string>) => all.filter(({ id }) => ids.has(id)).map(({ id }) => id)
  return (
    <fieldset className="test-part-group">
      <legend>Stations</legend>
      {all.length === 0 ? (
        <p className="text-2">
          {sets.length === 0
            ? 'Neither the target nor a reference has stations. Seal an area or a period.'
            : 'Reading the stations …'}
        </p>
      ) : (
        <>
          {all.length > fewStations && (
            <TextField label="Find a station" value={wanted} onChange={setWanted} placeholder="id or name" />
          )}
          <ListBox
            aria-label="Stations to seal"
            className="test-part-stations"
            selectionMode="multiple"
            escapeKeyBehavior="none"
            selectedKeys={sealed}
            onSelectionChange={(keys) => {
              const next = new Set(keys === 'all' ? [...sealed, ...shown.map(({ id }) => id)] : [...keys].map(String))
              seal('Sealed stations', inOrder(next))
            }}
            renderEmptyState={() => <p className="text-2">No station is called so.</p>}
          >
            {shown.map((station) => (
              <ListBoxItem
                key={station.id}
                id={station.id}
                textValue={station.name || station.id}
                className="list-item"
              >
                {({ isSelected }) => (
                  <span className="test-part-station">
                    <span className={`test-part-tick${isSelected ? ' is-on' : ''}`}>
                      <Icon name="check" size={12} />
                    </span>
                    <span className="test-part-name">{station.name || station.id}</span>{' '}
                    <span className="list-hint">{factOf(station, sets)}</span>
                  </span>
                )}
              </ListBoxItem>
            ))}
          </ListBox>
          <div className="test-part-buttons">
            <PickOnMap sets={sets} />
            <Button isDisabled={sealed.length === 0} onPress={() => seal('Seal no station', [])}>
              Seal none
            </Button>
          </div>
          {stations.length > 1 && <Drawing ids={stations.map(({ id }) => id)} seed={seedOf(draft)} />}
        </>
      )}
      {fault && <p className="field-fault">{fault}</p>}
    </fieldset>
  )
}

function factOf({ id, name, sets, n }: TestStation, all: readonly string[]): string {
  if (sets.length === 0) return 'not in the project'
  return [
    name && name !== id ? id : '',
    all.length > 1 ? sets.join(', ') : '',
    `${formatCount(n)} ${n === 1 ? 'value' : 'values'}`,
  ]
    .filter(Boolean)
    .join(' · ')
}

const seedOf = ({ seed }: Draft): number => (typeof seed === 'number' ? seed : 1)

/** While it is on, a station clicked on the map is sealed, or no longer so. */
function PickOnMap({ sets }: { readonly sets: readonly string[] }) {
  const [isPicking, setPicking] = useState(false)
  const names = sets.join('\n')
  useEffect(() => {
    if (!isPicking) return
    return useSession.subscribe(({ selection }, before) => {
      if (selection === before.selection || selection.kind !== 'station') return
      const { set, station } = selection
      if (!names.split('\n').includes(set)) return
      const sealed = sealedIn(workspace().recipe)
      seal('Sealed stations', sealed.includes(station) ? sealed.filter((id) => id !== station) : [...sealed, station])
    })
  }, [isPicking, names])
  return (
    <Button icon="station" onPress={() => setPicking(!isPicking)}>
      {isPicking ? 'Stop choosing on the map' : 'Choose on the map'}
    </Button>
  )
}

function Drawing({ ids, seed: usual }: { readonly ids: readonly string[]; readonly seed: number }) {
  const [percent, setPercent] = useState<number | null>(20)
  const [seed, setSeed] = useState<number | null>(null)
  const drawn = percent === null ? [] : drawStations(ids, percent / 100, seed ?? usual)
  return (
    <>
      <div className="form-row test-part-draw">
        <NumberField label="Share" value={percent} onChange={setPercent} min={1} max={90} unit="%" />
        <NumberField
          label="Seed of the draw"
          value={seed ?? usual}
          isAssumed={seed === null}
          onChange={setSeed}
          min={0}
          step={1}
        />
      </div>
      <Button isDisabled={percent === null} onPress={() => seal('Draw sealed stations', drawn)}>
        {`Draw ${drawn.length} of ${ids.length} stations`}
      </Button>
    </>
  )
}
