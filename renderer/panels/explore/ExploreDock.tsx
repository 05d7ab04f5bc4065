import { useState } from 'react'
import { session } from '../../state/session.ts'
import { useWorkspaceStore } from '../../state/workspace.ts'
import { Button } from '../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingLine, LoadingRows } from '../../widgets/PanelState.tsx'
import { CorrelationChart } from './CorrelationChart.tsx'
import { ColumnChart } from './ColumnChart.tsx'
import { SampleScatterChart } from './SampleScatterChart.tsx'
import { BiplotChart } from './BiplotChart.tsx'
import { isSampled, useComponents, useCorrelation, useSampleLights, useSampleScatter } from './use-sample.ts'
import './explore-dock.css'

/** Charts of a sample of the training rows: correlation → scatter → histogram. */
export function ExploreDock() {
  const recipe = useWorkspaceStore((state) => state.document.recipe)
  const matrix = useCorrelation()
  const components = useComponents()
  useSampleLights(matrix.isPlaceholderData ? undefined : matrix.data)
  const [pair, setPair] = useState<readonly [string, string] | null>(null)
  const names = matrix.data?.names ?? []
  const known = pair && names.includes(pair[0]) && names.includes(pair[1]) ? pair : null
  const shown = known ?? (names.length > 1 ? ([names[0], names[names.length - 1]] as const) : null)
  const scatter = useSampleScatter(shown?.[0] ?? null, shown?.[1] ?? null)
  if (!isSampled(recipe))
    return (
      <EmptyState
        action={
          <Button look="primary" onPress={() => session().set({ place: 'model' })}>
            Choose target and predictors
          </Button>
        }
      >
        Correlations and scatters are of the training rows. Choose a target and a predictor to see them.
      </EmptyState>
    )
  if (matrix.isLoading) return <LoadingRows rows={6} label="Sampling the training rows" />
  return (
    <div className="explore-dock">
      <LoadingLine isShown={matrix.isFetching || scatter.isFetching} label="Sampling the training rows" />
      {matrix.error && <ErrorStrip fault={matrix.error} onRetry={() => void matrix.refetch()} />}
      {matrix.data && (
        <div className={matrix.data.names.length > 6 ? 'explore-wide' : undefined}>
          <CorrelationChart matrix={matrix.data} onPick={(x, y) => setPair([x, y])} />
        </div>
      )}
      {scatter.error && <ErrorStrip fault={scatter.error} onRetry={() => void scatter.refetch()} />}
      {scatter.data && <SampleScatterChart scatter={scatter.data} />}
      {components.error && <ErrorStrip fault={components.error} onRetry={() => void components.refetch()} />}
      {components.data && <BiplotChart components={components.data} />}
      {matrix.data && shown && <ColumnChart matrix={matrix.data} column={shown[0]} />}
    </div>
  )
}
