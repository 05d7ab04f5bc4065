import { Disclosure, DisclosurePanel, Heading, Button as AriaButton } from 'react-aria-components'
import { EmptyState } from '../../widgets/PanelState.tsx'
import { Icon } from '../../widgets/Icon.tsx'
import { formatNumber } from '../../widgets/format.ts'
import { fewPairs, measureText, measureTexts } from './measures.ts'
import { useSelectedStation, useValidatedRun, useValidation } from './validate-state.ts'

/** The selected station's own scores, and what each measure means. */
export function ValidateRight() {
  const run = useValidatedRun()
  const validation = useValidation(run?.id)
  const selected = useSelectedStation(validation)
  const station = validation?.stations.find(({ id }) => id === selected)
  return (
    <>
      <div className="panel-head">
        <h2>{station ? `Station ${station.name || station.id}` : 'Station'}</h2>
      </div>
      {station ? (
        <div className="panel-section">
          <dl className="facts">
            <dt>Place</dt>
            <dd>
              {formatNumber(station.x, 4)} {formatNumber(station.y, 4)} · {validation?.crs}
            </dd>
            <dt>Pairs</dt>
            <dd>{station.scores?.n ?? 0}</dd>
            {station.scores && station.scores.n >= fewPairs ? (
              measureTexts.map(({ name, title, isInUnit }) => (
                <Measure
                  key={name}
                  title={title}
                  text={
                    isInUnit
                      ? measureText(station.scores!.measures[name])
                      : formatNumber(station.scores!.measures[name].value)
                  }
                />
              ))
            ) : (
              <>
                <dt>Scores</dt>
                <dd>fewer than {fewPairs} pairs: too few to judge by</dd>
              </>
            )}
          </dl>
        </div>
      ) : (
        <EmptyState>Choose a station in the list, on the map or in a chart.</EmptyState>
      )}
      <div className="panel-section">
        <Disclosure defaultExpanded>
          <Heading level={3}>
            <AriaButton slot="trigger" className="disclosure-button">
              <Icon name="chevronRight" size={12} />
              What the measures mean
            </AriaButton>
          </Heading>
          <DisclosurePanel>
            <dl className="definitions">
              {measureTexts.map(({ name, title, definition }) => (
                <div key={name}>
                  <dt>{title}</dt>
                  <dd>{definition}</dd>
                </div>
              ))}
            </dl>
            <p className="text-3">p: predicted, o: observed.</p>
          </DisclosurePanel>
        </Disclosure>
      </div>
    </>
  )
}

function Measure({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{text}</dd>
    </>
  )
}
