// Every state that a window shows, group by group, each by the product's own drawing and with nothing else different between them.
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { runStates } from '../../../../main/contract/index.ts'
import type { Day } from '../../../../main/contract/index.ts'
import { CoverageCalendar } from '../../../../renderer/panels/data/CoverageCalendar.tsx'
import { cardMarks } from '../../../../renderer/panels/model/card-marks.ts'
import { daySquare, stateWords } from '../../../../renderer/panels/runs/run-words.ts'
import { DayCalendar } from '../../../../renderer/widgets/DayCalendar.tsx'
import { Icon } from '../../../../renderer/widgets/Icon.tsx'
import { Chip, Strip } from '../../../../renderer/widgets/PanelState.tsx'
import { Checkbox, Switch } from '../../../../renderer/widgets/fields.tsx'
import { drawLanes, laneHeight } from '../../../../renderer/widgets/time/draw-lanes.ts'
import type { LaneDay } from '../../../../renderer/widgets/time/lanes.ts'

const day = '2018-07-04' as Day
const tones = ['plain', 'good', 'warn', 'bad', 'info'] as const
const laneMarks = [undefined, 'filled', 'conflict', 'failed', 'waiting'] as const
const days = ['done', 'waiting', 'failed'] as const
const first = '2018-01-01' as Day
const dates = {
  found: { days: [first, day] },
  missing: { days: [first], missing: [day] },
  twice: { days: [first, day], duplicated: [day] },
}
const nothing = () => {}

/** Group → state → how it is drawn. */
const groups: Readonly<Record<string, Readonly<Record<string, ReactNode>>>> = {
  chip: Object.fromEntries(tones.map((tone) => [tone, <Chip tone={tone}>state</Chip>])),
  strip: Object.fromEntries(
    tones.flatMap((tone) => (tone === 'plain' ? [] : [[tone, <Strip tone={tone}>What was seen</Strip>]])),
  ),
  run: Object.fromEntries(
    runStates.map((state) => {
      const { words, tone } = stateWords({ state, place: null, startedAtMs: null })
      return [state, <Chip tone={tone}>{words}</Chip>]
    }),
  ),
  'day of a run': Object.fromEntries(
    days.map((state) => [state, <Square>{daySquare({ day, state, message: '' })}</Square>]),
  ),
  'date of a dataset': Object.fromEntries(
    Object.entries(dates).map(([state, found]) => [
      state,
      <CoverageCalendar missing={[]} duplicated={[]} {...found} />,
    ]),
  ),
  'day of a lane': Object.fromEntries(laneMarks.map((mark) => [mark ?? 'found', <LaneOf mark={mark} />])),
  'card of the recipe': Object.fromEntries(
    Object.entries(cardMarks).map(([state, { icon }]) => [
      state,
      <div className={`model-card model-card-${state}`}>
        <Icon name={icon} />
      </div>,
    ]),
  ),
  switch: {
    on: <Switch isSelected onChange={nothing} children="Patterns" />,
    off: <Switch isSelected={false} onChange={nothing} children="Patterns" />,
  },
  checkbox: {
    on: <Checkbox isSelected onChange={nothing} children="Patterns" />,
    off: <Checkbox isSelected={false} onChange={nothing} children="Patterns" />,
  },
}

/** Without the words below, which differ too. */
function Square({ children }: { readonly children: ReturnType<typeof daySquare> }) {
  return (
    <div style={{ height: 120, overflow: 'hidden' }}>
      <DayCalendar label="Days" days={[children]} />
    </div>
  )
}

function LaneOf({ mark }: { readonly mark: LaneDay['mark'] }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const pen = canvas.current?.getContext('2d')
    if (!pen) return
    const lane = { id: 'a', name: 'a', days: [{ day, share: 1, ...(mark ? { mark } : {}) }] }
    const window = { from: 17_713, to: 17_720 }
    const style = getComputedStyle(document.documentElement)
    drawLanes(pen, { lanes: [lane], window, day: null, period: null, width: 200, height: 8 * laneHeight, style })
  }, [mark])
  return <canvas ref={canvas} width={200} height={8 * laneHeight} />
}

createRoot(document.querySelector('#root')!).render(
  Object.entries(groups).flatMap(([group, states]) =>
    Object.entries(states).map(([state, drawn]) => (
      <div key={`${group} ${state}`} className="state" data-group={group} data-state={state}>
        {drawn}
      </div>
    )),
  ),
)
