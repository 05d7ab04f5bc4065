import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { endpoints } from '../../../main/contract/index.ts'
import type { DraftRemark, Recipe, RunEstimate } from '../../../main/contract/index.ts'
import { call } from '../../api/client.ts'
import { useHello } from '../../api/hello.ts'
import { queryClient } from '../../api/query-client.ts'
import { useDraftCheck } from '../../api/recipe.ts'
import { useDraft } from '../../state/draft.ts'
import { say, sayFault } from '../../state/notices.ts'
import { session } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { ErrorStrip, LoadingRows, Strip } from '../../widgets/PanelState.tsx'
import { Sheet } from '../../widgets/Sheet.tsx'
import { Slider } from '../../widgets/fields.tsx'
import { formatBytes, formatDuration } from '../../widgets/format.ts'
import { Remarks } from './ModelRight.tsx'
import { useModel } from './model-state.ts'

/** What a run will take and what is doubtful, before it starts. Nothing here waits for anything but the estimate. */
export function StartSheet() {
  const isOpen = useModel((state) => state.isStartOpen)
  const check = useDraftCheck(useDraft()).data
  if (!isOpen || !check?.recipe) return null
  return <Start recipe={check.recipe} remarks={check.remarks} />
}

/** Decoded input of one worker, bytes; the engine's own default. */
const usualCache = 192e6

function Start({ recipe, remarks }: { readonly recipe: Recipe; readonly remarks: readonly DraftRemark[] }) {
  const hello = useHello().data
  const cores = hello?.cores ?? 1
  const total = hello?.memoryBytes ?? 8e9
  const [workers, setWorkers] = useState(cores)
  const [limit, setLimit] = useState(Math.round((0.6 * total) / 1e8) * 1e8)
  const [fault, setFault] = useState<unknown>(null)
  const planned = usePlannedRun(recipe)
  const estimate = useQuery({
    queryKey: ['model', 'estimate', planned.data?.id, workers],
    queryFn: ({ signal }) =>
      call(endpoints.estimateRun, {
        params: { run: planned.data?.id ?? '' },
        body: { workers, cacheBytes: usualCache },
        signal,
      }),
    enabled: planned.data !== undefined,
    placeholderData: (before) => before,
  })
  const cacheBytes = cacheWithin(estimate.data, workers, limit)
  const needs = estimate.data ? estimate.data.peakMemoryBytes - workers * (usualCache - (cacheBytes ?? leastCache)) : 0
  const blockers = estimate.data ? whyNot(estimate.data, needs, limit, cacheBytes) : []

  const close = () => useModel.setState({ isStartOpen: false })
  const leave = () => {
    close()
    const id = planned.data?.id
    // Only planned: nothing was computed, so nothing is kept.
    if (id) call(endpoints.discardRun, { params: { run: id } }).catch(sayFault)
  }
  const start = async () => {
    if (!planned.data) return
    setFault(null)
    try {
      await call(endpoints.startRun, {
        params: { run: planned.data.id },
        body: { workers, ...(cacheBytes ? { cacheBytes } : {}) },
      })
      await queryClient.invalidateQueries({ queryKey: ['runs'] })
      close()
      // A drawer would lie over the run.
      const { panels } = session()
      session().set({
        place: 'runs',
        selection: { kind: 'run', run: planned.data.id },
        panels: window.innerWidth < 1200 ? { ...panels, isRightOpen: false } : panels,
      })
    } catch (thrown) {
      setFault(thrown)
    }
  }
  const copy = async () => {
    if (!planned.data || !hello?.project) return
    const command = `loam resume "${hello.project.path}" ${planned.data.id} --workers ${workers}`
    await navigator.clipboard.writeText(command)
    close()
    say(
      'good',
      `Copied: ${command}. The run is planned and waits in the list; close the project here before it starts there.`,
    )
  }
  const canStart = planned.data !== undefined && blockers.length === 0
  const startNow = useEffectEvent(() => void start())
  useEffect(() => {
    // Before the sheet's own widgets see it: Enter on a focused button would press that button.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !canStart) return
      event.preventDefault()
      event.stopPropagation()
      startNow()
    }
    window.addEventListener('keydown', onKeyDown, true)
    return () => window.removeEventListener('keydown', onKeyDown, true)
  }, [canStart])
  return (
    <Sheet
      title={`Run ${recipe.name}`}
      isOpen
      onClose={leave}
      footer={
        <>
          <Button onPress={leave}>Cancel</Button>
          <Button icon="copy" isDisabled={!planned.data} onPress={() => void copy()}>
            Copy as command
          </Button>
          {/* Made anew when it can be used, so that the focus comes to it. */}
          <Button
            key={canStart ? 'ready' : 'waiting'}
            look="primary"
            icon="play"
            autoFocus={canStart}
            isDisabled={!canStart}
            onPress={() => void start()}
          >
            Start
          </Button>
        </>
      }
    >
      <div className="form start-sheet">
        {(planned.error ?? estimate.error ?? fault) !== null && (
          <ErrorStrip fault={planned.error ?? estimate.error ?? fault} />
        )}
        {estimate.data ? (
          <Facts estimate={estimate.data} needs={needs} />
        ) : (
          !planned.error && !estimate.error && <LoadingRows rows={4} label="Measuring the pace on this machine" />
        )}
        <div className="start-sliders">
          <Slider label="Workers" value={workers} min={1} max={cores} step={1} onChange={setWorkers} />
          <Slider
            label="Memory limit, GB"
            value={limit / 1e9}
            min={0.5}
            max={Math.max(1, Math.floor(total / 1e8) / 10)}
            step={0.1}
            onChange={(next) => setLimit(next * 1e9)}
          />
        </div>
        {blockers.map((text) => (
          <Strip key={text} tone="bad">
            {text}
          </Strip>
        ))}
        <Remarks remarks={remarks.filter(({ severity }) => severity !== 'note')} />
      </div>
    </Sheet>
  )
}

/** The run, fixed once for each recipe the sheet is opened with. */
function usePlannedRun(recipe: Recipe) {
  return useQuery({
    queryKey: ['model', 'planned', useModel((state) => state.isStartOpen), JSON.stringify(recipe)],
    queryFn: () => call(endpoints.planRun, { body: { recipe } }),
    gcTime: 0,
  })
}

const leastCache = 16e6

/** Memory of a worker for decoded input that keeps the whole run under a limit; null when even the least does not. */
function cacheWithin(estimate: RunEstimate | undefined, workers: number, limit: number): number | null {
  if (!estimate) return usualCache
  const over = estimate.peakMemoryBytes - limit
  const cache = usualCache - Math.max(0, over) / workers
  return cache >= leastCache ? Math.round(cache) : null
}

function whyNot(estimate: RunEstimate, needs: number, limit: number, cache: number | null): string[] {
  const reasons: string[] = []
  if (cache === null)
    reasons.push(
      `The run needs ${formatBytes(needs)} at least, ${formatBytes(limit)} are allowed. Use fewer workers or raise the limit.`,
    )
  if (estimate.diskBytes > estimate.freeDiskBytes)
    reasons.push(
      `The run writes ${formatBytes(estimate.diskBytes)}, ${formatBytes(estimate.freeDiskBytes)} are free. Free some space or shorten the dates of the maps.`,
    )
  return reasons
}

function Facts({ estimate, needs }: { readonly estimate: RunEstimate; readonly needs: number }) {
  const { secondsFrom, secondsTo, diskBytes, freeDiskBytes, blocks, blocksReused } = estimate
  // The time of the estimate: it would creep with every drawing.
  const [now] = useState(() => Date.now())
  const at = (seconds: number) =>
    new Date(now + 1000 * seconds).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return (
    <dl className="facts start-facts">
      <dt>Time</dt>
      <dd>
        <strong>
          {formatDuration(secondsFrom)} – {formatDuration(secondsTo)}
        </strong>
        , ready {at(secondsFrom) === at(secondsTo) ? `about ${at(secondsTo)}` : `${at(secondsFrom)} – ${at(secondsTo)}`}
      </dd>
      <dt>Memory</dt>
      <dd>{formatBytes(needs)} at the peak</dd>
      <dt>Disk</dt>
      <dd>
        {formatBytes(diskBytes)} of {formatBytes(freeDiskBytes)} free
      </dd>
      <dt>Reused</dt>
      <dd>
        {blocksReused} of {blocks} parts are computed already
      </dd>
    </dl>
  )
}
