import type { Day } from '../../main/contract/index.ts'
import { Button } from '../widgets/Button.tsx'
import { nearestDay } from '../widgets/time/time-steps.ts'
import type { PaneBox } from './view/map-canvas.ts'
import type { MapPane } from './view/panes.ts'
import type { PlannedLayer } from './view/use-plans.ts'

interface PaneFramesProps {
  readonly panes: readonly MapPane[]
  readonly boxes: readonly PaneBox[]
  readonly planned: readonly PlannedLayer[]
  readonly onDay: (day: Day) => void
}

/** Letter and title of each pane, and what to do where its layers have nothing on the day. */
export function PaneFrames({ panes, boxes, planned, onDay }: PaneFramesProps) {
  return boxes.map(({ id, x, y, width, height }) => {
    const pane = panes.find((each) => each.id === id)
    if (!pane) return null
    const own = planned.filter((each) => each.pane === id)
    const without = own.length > 0 && own.every(({ hasDay }) => !hasDay) ? own.at(-1)! : null
    const times = without?.layer.tiled.times
    const nearest = without?.day && Array.isArray(times) ? nearestDay(times as readonly Day[], without.day) : null
    return (
      <div
        key={id}
        className={`map-pane${panes.length > 1 ? ' is-framed' : ''}`}
        style={{ left: x, top: y, width, height }}
      >
        {pane.letter && (
          <div className="map-pane-title">
            <b>{pane.letter}</b> {pane.title}
          </div>
        )}
        {without && (
          <div className="map-notice" role="status" data-map-control="">
            No {without.layer.name} {without.day ? `on ${without.day}` : 'without a date'}
            {nearest && (
              <Button look="quiet" onPress={() => onDay(nearest)}>
                {`Go to nearest, ${nearest}`}
              </Button>
            )}
          </div>
        )}
      </div>
    )
  })
}
