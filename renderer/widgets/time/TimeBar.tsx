import { useEffect, useMemo, useRef, useState } from 'react'
import type { Day, Period } from '../../../main/contract/index.ts'
import { useCommands } from '../../state/commands.ts'
import type { Command } from '../../state/commands.ts'
import { Button, IconButton } from '../Button.tsx'
import { Select } from '../fields.tsx'
import { LaneStrip } from './LaneStrip.tsx'
import { mostLanes } from './draw-lanes.ts'
import { hasData } from './lanes.ts'
import type { Lane } from './lanes.ts'
import { speeds, usePlayback } from './playback.ts'
import { nearestDay, readDayText, stepDay, timeSteps } from './time-steps.ts'
import type { TimeStep } from './time-steps.ts'
import './time-bar.css'

interface TimeBarProps {
  /** Visible datasets with dates, the uppermost first. */
  readonly lanes: readonly Lane[]
  readonly day: Day | null
  readonly onDay: (day: Day) => void
  readonly period: Period | null
  readonly onPeriod: (period: Period | null) => void
  readonly isFolded: boolean
  /** The map has drawn the day: the next one waits for it. */
  readonly isDrawn: boolean
}

/** Moves through time: transport, a date that can be typed, and the coverage of what is visible. */
export function TimeBar({ lanes, day, onDay, period, onPeriod, isFolded, isDrawn }: TimeBarProps) {
  const playback = usePlayback()
  const allDays = useMemo(() => daysOfLanes(lanes), [lanes])
  const field = useRef<HTMLInputElement>(null)
  const drawn = useRef(isDrawn)
  useEffect(() => {
    drawn.current = isDrawn
  })

  const state = useRef({ day, allDays, onDay, step: playback.step })
  useEffect(() => {
    state.current = { day, allDays, onDay, step: playback.step }
  })
  const [commands] = useState(() => timeCommands(state, () => field.current?.select()))
  useCommands(commands)

  const { isPlaying, speed, step, isLooping } = playback
  useEffect(() => {
    usePlayback.setState({ next: isPlaying && day ? stepDay(day, step, 1, allDays) : null })
  }, [isPlaying, day, step, allDays])
  useEffect(() => {
    if (!isPlaying) return
    const timer = setInterval(() => {
      // A slow day is waited for; time is never skipped in silence.
      if (!drawn.current) return
      const now = state.current
      const to = now.day && stepDay(now.day, now.step, 1, now.allDays)
      const last = now.allDays.at(-1)
      if (to && last && to <= last) now.onDay(to)
      else if (isLooping && now.allDays.length > 0) now.onDay(now.allDays[0])
      else usePlayback.setState({ isPlaying: false })
    }, 1000 / speed)
    return () => clearInterval(timer)
  }, [isPlaying, speed, isLooping])

  const go = (direction: 1 | -1, step: TimeStep = playback.step) => {
    const to = day ? stepDay(day, step, direction, allDays) : allDays[0]
    if (to) onDay(to)
  }
  const hasDays = allDays.length > 0
  const top = lanes[0]
  const isMissing = day && top && !top.days.some((each) => each.day === day && hasData(each))
  const nearest = isMissing
    ? nearestDay(
        top.days.filter(hasData).map((each) => each.day),
        day,
      )
    : null
  const lack = isMissing && nearest ? `No ${top.name} on ${inWords(day)} · nearest ${inWords(nearest)}` : null
  const notice = hasDays ? lack : 'No dataset with dates is visible'

  return (
    <div className={`time-bar${isFolded ? ' is-folded' : ''}`}>
      <div className="time-controls" role="toolbar" aria-label="Time">
        <IconButton
          icon="first"
          label="First day"
          keys="Home"
          isDisabled={!hasDays}
          onPress={() => onDay(allDays[0])}
        />
        <IconButton icon="stepBack" label="Step back" keys="[" isDisabled={!hasDays} onPress={() => go(-1)} />
        <IconButton
          icon={isPlaying ? 'pause' : 'play'}
          label={isPlaying ? 'Pause' : 'Play'}
          keys="Space"
          isDisabled={!hasDays}
          onPress={() => usePlayback.setState({ isPlaying: !isPlaying })}
        />
        <IconButton icon="stepForward" label="Step forward" keys="]" isDisabled={!hasDays} onPress={() => go(1)} />
        <IconButton
          icon="last"
          label="Last day"
          keys="End"
          isDisabled={!hasDays}
          onPress={() => onDay(allDays.at(-1)!)}
        />
        <DateField ref={field} day={day} allDays={allDays} onDay={onDay} />
        <Select
          label="Step"
          isLabelHidden
          value={playback.step}
          onChange={(step) => usePlayback.setState({ step })}
          choices={(Object.keys(timeSteps) as TimeStep[]).map((id) => ({ id, name: timeSteps[id] }))}
        />
        <Select
          label="Speed"
          isLabelHidden
          value={String(speed)}
          onChange={(chosen) => usePlayback.setState({ speed: Number(chosen) })}
          choices={speeds.map((each) => ({ id: String(each), name: `${each} / s` }))}
        />
        <IconButton
          icon="redo"
          label="Loop"
          isActive={isLooping}
          onPress={() => usePlayback.setState({ isLooping: !isLooping })}
        />
        <span className="time-notice" role="status">
          {notice && (
            <span className="time-notice-words" title={notice}>
              {notice}
            </span>
          )}
          {isMissing && nearest && (
            <Button look="quiet" onPress={() => onDay(nearest)}>
              {`Go to ${nearest}`}
            </Button>
          )}
        </span>
        {period && (
          <span className="time-period">
            {period.from} – {period.to}
            <IconButton icon="close" label="Clear the period" keys="Esc" onPress={() => onPeriod(null)} />
          </span>
        )}
      </div>
      {!isFolded && (
        <div className="time-lanes">
          <ul className="lane-names" aria-hidden="true">
            {lanes.slice(0, mostLanes).map(({ id, name }) => (
              <li key={id}>{name}</li>
            ))}
            {lanes.length > mostLanes && <li>+{lanes.length - mostLanes}</li>}
          </ul>
          <LaneStrip {...{ lanes, allDays, day, onDay, period, onPeriod }} />
          <CoverageTable lanes={lanes} />
        </div>
      )}
    </div>
  )
}

interface DateFieldProps {
  readonly ref: React.Ref<HTMLInputElement>
  readonly day: Day | null
  readonly allDays: readonly Day[]
  readonly onDay: (day: Day) => void
}

/** A date as people write it: 2018-07-04, 2018-185, next data. */
function DateField({ ref, day, allDays, onDay }: DateFieldProps) {
  const [text, setText] = useState<string | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const take = () => {
    if (text === null) return
    const read = readDayText(text, day, allDays)
    if ('fault' in read) return setFault(read.fault)
    setText(null)
    setFault(null)
    onDay(read.day)
  }
  const leave = () => {
    setText(null)
    setFault(null)
  }
  return (
    <div className="date-field">
      <input
        ref={ref}
        className="input"
        aria-label="Date"
        aria-invalid={fault !== null}
        aria-describedby="date-fault"
        placeholder="no date"
        size={11}
        value={text ?? day ?? ''}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          else if (event.key === 'Escape') leave()
          else return
          event.stopPropagation()
        }}
        onBlur={leave}
      />
      <span id="date-fault" className={fault ? 'date-fault' : 'visually-hidden'} role={fault ? 'alert' : undefined}>
        {fault ?? 'As 2018-07-04, 2018-185, or next data'}
      </span>
    </div>
  )
}

/** What the strips show, as a table. */
function CoverageTable({ lanes }: { readonly lanes: readonly Lane[] }) {
  return (
    <div className="visually-hidden">
      <table>
        <caption>Days with data</caption>
        <thead>
          <tr>
            <th scope="col">Dataset</th>
            <th scope="col">First</th>
            <th scope="col">Last</th>
            <th scope="col">Days</th>
            <th scope="col">Filled</th>
            <th scope="col">In conflict</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map(({ id, name, days }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{days[0]?.day ?? '–'}</td>
              <td>{days.at(-1)?.day ?? '–'}</td>
              <td>{days.length}</td>
              <td>{days.filter(({ mark }) => mark === 'filled').length}</td>
              <td>{days.filter(({ mark }) => mark === 'conflict').length}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const local = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', timeZone: 'UTC' })
const inWords = (day: Day) => local.format(new Date(`${day}T00:00:00Z`))

function daysOfLanes(lanes: readonly Lane[]): Day[] {
  return [...new Set(lanes.flatMap(({ days }) => days.filter(hasData).map(({ day }) => day)))].sort()
}

interface TimeState {
  readonly day: Day | null
  readonly allDays: readonly Day[]
  readonly onDay: (day: Day) => void
  readonly step: TimeStep
}

function timeCommands(state: { readonly current: TimeState }, focusDate: () => void): Command[] {
  const step = (direction: 1 | -1, by?: TimeStep) => () => {
    const { day, allDays, onDay, step: usual } = state.current
    const to = day ? stepDay(day, by ?? usual, direction, allDays) : allDays[0]
    if (to) onDay(to)
  }
  const unavailable = () => (state.current.allDays.length > 0 ? null : 'no visible dataset has dates')
  const row = (id: string, title: string, keys: string, run: () => void): Command => ({
    id: `time.${id}`,
    title,
    keys: [keys],
    group: 'Time',
    unavailable,
    run,
  })
  return [
    row('play', 'Play or pause', 'Space', () => usePlayback.setState(({ isPlaying }) => ({ isPlaying: !isPlaying }))),
    row('back', 'Step back', '[', step(-1)),
    row('forward', 'Step forward', ']', step(1)),
    row('previousData', 'Previous day with data', '{', step(-1, 'data')),
    row('nextData', 'Next day with data', '}', step(1, 'data')),
    row('first', 'First day', 'Home', () => state.current.onDay(state.current.allDays[0])),
    row('last', 'Last day', 'End', () => state.current.onDay(state.current.allDays.at(-1)!)),
    row('type', 'Type a date', 'D', focusDate),
  ]
}
