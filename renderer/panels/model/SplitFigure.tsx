import { useEffect, useMemo, useState } from 'react'
import { endpoints } from '../../../main/contract/index.ts'
import type { Day, DraftFolds, Measure, OptimismGap } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { useDraftCheck, useDraftFolds } from '../../api/recipe.ts'
import { cancelTask, taskResult, useTask } from '../../api/tasks.ts'
import { useDraft } from '../../state/draft.ts'
import { setOverlay, useMapExtras } from '../../map/map-extras.ts'
import { session, useSession } from '../../state/session.ts'
import { useTheme } from '../../state/use-theme.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { DayCalendar } from '../../widgets/DayCalendar.tsx'
import type { CalendarDay } from '../../widgets/DayCalendar.tsx'
import { EmptyState, ErrorStrip, LoadingLine, LoadingRows, Strip } from '../../widgets/PanelState.tsx'
import { ProgressBar } from '../../widgets/ProgressBar.tsx'
import { formatCount, formatNumber } from '../../widgets/format.ts'
import { foldCss, foldOverlay } from './fold-colours.ts'
import { useModel } from './model-state.ts'
import { sealableDraft } from './test-part/sealable-draft.ts'
import { sealedIn, testSets, useTestStations } from './test-part/test-stations.ts'
import { sealPeriod } from './test-part/seal-period.ts'

/** The split on calendar and map, what its folds share, and how much better random rows would score. */
export function SplitFigure() {
  const draft = sealableDraft(useDraft())
  const check = useDraftCheck(draft).data
  const crs = useWorkspaceStore((state) => state.document.crs)
  const folds = useDraftFolds(draft, crs, check?.recipe != null)
  const isDark = useTheme() === 'dark'
  const stations = useTestStations(testSets(draft), folds.data?.crs ?? null)
  const ids = sealedIn(draft).join('\n')
  const sealed = useMemo(() => new Set(ids.split('\n')), [ids])
  useEffect(() => {
    const held = stations.filter(({ id }) => sealed.has(id))
    const places = held.flatMap((station) => station.places)
    setOverlay('folds', folds.data ? foldOverlay(folds.data, places, isDark) : null)
    // A station's own mark lies over the hatching, so its name carries it too.
    const looks = held.flatMap(({ id, sets }) => sets.map((set) => [`${set}/${id}`, { colour: null, words: '//' }]))
    if (looks.length > 0) useMapExtras.setState({ stationLooks: Object.fromEntries(looks) })
    return () => {
      setOverlay('folds', null)
      useMapExtras.setState({ stationLooks: null })
    }
  }, [folds.data, stations, sealed, isDark])
  if (!check?.recipe) return <EmptyState>The folds are drawn once target, predictors and dates are chosen.</EmptyState>
  return (
    <div className="split-figure">
      <LoadingLine isShown={folds.isFetching && folds.data !== undefined} label="Dealing the folds" />
      {folds.error && <ErrorStrip fault={folds.error} onRetry={() => void folds.refetch()} />}
      {folds.isLoading && <LoadingRows label="Reading the target and dealing the folds" />}
      {folds.data && <Folds folds={folds.data} />}
      <Gap />
    </div>
  )
}

function Folds({ folds }: { readonly folds: DraftFolds }) {
  const day = useSession((state) => state.day)
  const isBrushing = useModel((state) => state.isBrushingTest)
  const { description, rows, days, daysLeft, foldOfDay, leakage, sealed } = folds
  const squares = useMemo(
    (): CalendarDay[] =>
      [
        ...(sealed?.days ?? []).map((each) => ({
          day: each,
          colour: 'none',
          isHatched: true,
          words: 'sealed test part',
        })),
        ...days.map((each, i) => {
          const fold = foldOfDay[i]
          return {
            day: each,
            colour: foldCss(fold),
            ...(fold >= 0 ? { mark: String(fold + 1) } : {}),
            words: fold >= 0 ? `tested by fold ${fold + 1}` : 'tested by several folds',
          }
        }),
      ].toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    [days, foldOfDay, sealed],
  )
  return (
    <section className="split-part" aria-label="Folds">
      <h3>Folds</h3>
      <p className="text-2">
        {description} {formatCount(rows)} rows with a target
        {daysLeft > 0 ? `; ${daysLeft} further dates were not looked at` : ''}.
      </p>
      <DayCalendar
        label="Folds by day"
        days={squares}
        selected={day}
        onSelect={(next) => session().set({ day: next })}
        {...(isBrushing
          ? {
              onBrush: (from: Day, to: Day) => {
                sealPeriod({ from, to })
                useModel.setState({ isBrushingTest: false })
              },
            }
          : {})}
      />
      <table className="small-table">
        <thead>
          <tr>
            <th scope="col">Fold</th>
            <th scope="col">Tests</th>
            <th scope="col">Trains on</th>
            <th scope="col">Places</th>
            <th scope="col">Dates</th>
          </tr>
        </thead>
        <tbody>
          {folds.folds.slice(0, 30).map(({ fold, test, train, places, days: dates }) => (
            <tr key={fold}>
              <th scope="row">
                <span className="fold-swatch" style={{ background: foldCss(fold) }} /> {fold + 1}
              </th>
              <td>{formatCount(test)}</td>
              <td>{formatCount(train)}</td>
              <td>{formatCount(places)}</td>
              <td>{formatCount(dates)}</td>
            </tr>
          ))}
          {sealed && (
            <tr>
              <th scope="row">
                <span className="fold-swatch is-sealed" /> Sealed
              </th>
              <td>{formatCount(sealed.rows)}</td>
              <td>–</td>
              <td>{formatCount(sealed.places)}</td>
              <td>{formatCount(sealed.days.length)}</td>
            </tr>
          )}
        </tbody>
      </table>
      <h3>What test and training share</h3>
      {leakage.map(({ text, isBad }) => (
        <Strip key={text} tone={isBad ? 'warn' : 'good'}>
          {text}
        </Strip>
      ))}
    </section>
  )
}

function Gap() {
  const draft = useDraft()
  const known = useModel((state) => state.gap)
  const [taskId, setTaskId] = useState<string | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const task = useTask(taskId)
  const key = JSON.stringify(draft)
  const measure = async () => {
    setFault(null)
    try {
      const begun = await call(endpoints.optimismGap, { body: { recipe: draft, rows: 4000 } })
      setTaskId(begun.id)
      const result = await taskResult<OptimismGap>(begun)
      useModel.setState({ gap: { of: key, result } })
    } catch (thrown) {
      setFault(thrown)
    } finally {
      setTaskId(null)
    }
  }
  return (
    <section className="split-part" aria-label="Optimism gap">
      <h3>Optimism gap</h3>
      <p className="text-2">
        The same rows and learner, held out three ways. The nearer to what the maps must do, the more honest.
      </p>
      {known && <GapDots gap={known.result} />}
      {known && known.of !== key && <p className="text-2">The recipe changed since this was measured.</p>}
      {fault !== null && <ErrorStrip fault={fault} />}
      {task ? (
        <>
          <ProgressBar
            label="Measuring the optimism gap"
            value={task.total > 0 ? task.done / task.total : null}
            text={task.doing || 'Starting'}
          />
          <Button onPress={() => void cancelTask(task.id)}>Stop</Button>
        </>
      ) : (
        <Button onPress={() => void measure()}>{known ? 'Measure again' : 'Measure on a sample'}</Button>
      )}
    </section>
  )
}

function GapDots({ gap }: { readonly gap: OptimismGap }) {
  const all = gap.splits.flatMap(({ pearsonR }) => (pearsonR ? [pearsonR.value, pearsonR.low ?? pearsonR.value] : []))
  const low = Math.min(0, ...all)
  const x = (value: number) => 8 + (284 * (value - low)) / (1 - low)
  const words = gap.splits.map(({ title, pearsonR }) => `${title} ${measureWords(pearsonR)}`).join('; ')
  return (
    <figure className="gap-figure">
      <svg viewBox="0 0 420 84" role="img" aria-label={`Pearson R: ${words}`}>
        <line x1={x(low)} x2={x(1)} y1={72} y2={72} className="gap-axis" />
        {[low, 0.5, 1].map((tick) => (
          <text key={tick} x={x(tick)} y={82} textAnchor="middle" className="gap-tick">
            {Number(tick.toFixed(1))}
          </text>
        ))}
        {gap.splits.map(({ by, title, pearsonR }, i) => {
          const y = 12 + 22 * i
          return (
            <g key={by}>
              {pearsonR && (
                <>
                  <line
                    x1={x(pearsonR.low ?? pearsonR.value)}
                    x2={x(pearsonR.high ?? pearsonR.value)}
                    y1={y}
                    y2={y}
                    className="gap-bar"
                  />
                  <circle cx={x(pearsonR.value)} cy={y} r={5} className="gap-dot" />
                </>
              )}
              <text x={304} y={y + 4} className="gap-label">
                {title} {pearsonR ? formatNumber(pearsonR.value, 2) : 'not known'}
              </text>
            </g>
          )
        })}
      </svg>
      <figcaption className="text-2">
        R with 95 % interval, {formatCount(gap.rows)} rows of {gap.days} dates
        {gap.trees > 1 ? `, ${gap.trees} trees` : ''}.
        {gap.splits
          .filter(({ pearsonR }) => !pearsonR)
          .map(({ title, why }) => ` ${title}: ${why}`)
          .join('')}
      </figcaption>
    </figure>
  )
}

function measureWords(measure: Measure | null): string {
  if (!measure) return 'not known'
  const interval =
    measure.low === null || measure.high === null
      ? ''
      : ` [${formatNumber(measure.low, 2)}, ${formatNumber(measure.high, 2)}]`
  return `${formatNumber(measure.value, 2)}${interval}`
}
