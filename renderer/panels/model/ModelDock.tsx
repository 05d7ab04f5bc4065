import { useMemo } from 'react'
import type { CSSProperties } from 'react'
import { useDraftCheck } from '../../api/recipe.ts'
import { useMapReadings } from '../../map/readings.ts'
import { useCommands } from '../../state/commands.ts'
import type { Command } from '../../state/commands.ts'
import { useDraft } from '../../state/draft.ts'
import { say } from '../../state/notices.ts'
import { useSession } from '../../state/session.ts'
import { Button } from '../../widgets/Button.tsx'
import { Chip, EmptyState, ErrorStrip, LoadingLine } from '../../widgets/PanelState.tsx'
import { ProgressBar } from '../../widgets/ProgressBar.tsx'
import { Switch } from '../../widgets/fields.tsx'
import { formatNumber, formatUnit } from '../../widgets/format.ts'
import { SplitFigure } from './SplitFigure.tsx'
import { useModel } from './model-state.ts'
import type { PreviewLayer } from './model-state.ts'
import { usePreview } from './use-preview.ts'
import './model-dock.css'

const layers: readonly { id: PreviewLayer; title: string; key: string }[] = [
  { id: 'prediction', title: 'Prediction', key: '1' },
  { id: 'interval', title: 'Interval', key: '2' },
  { id: 'applicability', title: 'Applicability', key: '3' },
]

/** Below the map: what the preview shows, the methods paragraph, and the figure of the open card. */
export function ModelDock() {
  const draft = useDraft()
  const check = useDraftCheck(draft).data
  const card = useModel((state) => state.card)
  const { isRightOpen, right } = useSession((state) => state.panels)
  usePreview(draft, check)
  useCommands(
    useMemo(
      (): Command[] =>
        layers.map(({ id, title, key }) => ({
          id: `preview.${id}`,
          title: `Preview: ${title.toLowerCase()}`,
          keys: [key],
          group: 'Model',
          run: () => useModel.setState({ previewLayer: id }),
        })),
      [],
    ),
  )
  return (
    <div
      className={`model-dock${isRightOpen ? ' has-drawer' : ''}`}
      style={{ '--drawer': `${right}px` } as CSSProperties}
    >
      <PreviewBar />
      <div className="model-dock-body">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keyboard */}
        <section className="model-methods" aria-label="Methods" tabIndex={0}>
          <div className="model-methods-head">
            <h3>Methods</h3>
            <Button
              look="quiet"
              icon="copy"
              isDisabled={!check?.methods}
              onPress={() => {
                void navigator.clipboard.writeText(check?.methods ?? '')
                say('good', 'Methods paragraph copied')
              }}
            >
              Copy
            </Button>
          </div>
          {check?.methods ? (
            <p>{check.methods}</p>
          ) : (
            <EmptyState>The cards together become the methods paragraph.</EmptyState>
          )}
        </section>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keyboard */}
        <section className="model-figure" aria-label="Figure of the card" tabIndex={0}>
          {card === 'samples' ? <SplitFigure /> : <Importance />}
        </section>
      </div>
    </div>
  )
}

function PreviewBar() {
  const { preview, isPreviewing, isPreviewOn, previewLayer, previewFault } = useModel()
  // While the view is a first look at a large area.
  const cells = useMapReadings(({ shown }) => shown.find(({ layer }) => layer.id === 'preview')?.oneOf ?? 1)
  const isOff = (id: PreviewLayer) =>
    !preview ||
    (id === 'interval' && !preview.intervalLevels) ||
    (id === 'applicability' && preview.applicabilityThreshold === null)
  return (
    <div className="preview-bar">
      <LoadingLine isShown={isPreviewing} label="Training the preview" />
      <div className="segments" role="radiogroup" aria-label="Preview shows">
        {layers.map(({ id, title, key }) => (
          <button
            key={id}
            type="button"
            role="radio"
            className="segment"
            aria-checked={id === previewLayer}
            disabled={isOff(id)}
            onClick={() => useModel.setState({ previewLayer: id })}
          >
            {title} <kbd>{key}</kbd>
          </button>
        ))}
      </div>
      <span className="preview-words" role="status">
        {previewFault !== null ? null : preview && isPreviewOn ? (
          <Chip>{`${preview.sentence}${cells > 1 ? ` · 1 of ${formatNumber(cells, 0)} cells` : ''}`}</Chip>
        ) : null}
      </span>
      <Switch isSelected={isPreviewOn} onChange={(isOn) => useModel.setState({ isPreviewOn: isOn })}>
        Live preview
      </Switch>
      {previewFault !== null && isPreviewOn && <ErrorStrip fault={previewFault} />}
    </div>
  )
}

/** Importance in the preview: shares of the fall in variance. */
function Importance() {
  const preview = useModel((state) => state.preview)
  const isPreviewOn = useModel((state) => state.isPreviewOn)
  const isPreviewing = useModel((state) => state.isPreviewing)
  if (!preview || !isPreviewOn)
    return isPreviewing ? (
      <ProgressBar label="Training the preview" value={null} text="Training on a sample" />
    ) : (
      <EmptyState>Importance is drawn from the preview, once the recipe is whole.</EmptyState>
    )
  const { predictors, outOfBag, unit, warnings, rows } = preview
  const sorted = predictors.toSorted((a, b) => (b.importance ?? 0) - (a.importance ?? 0))
  const most = Math.max(1e-9, ...sorted.map(({ importance }) => importance ?? 0))
  return (
    <section className="split-part" aria-label="Importance in the preview">
      <h3>Importance in the preview</h3>
      <table className="bar-table">
        <tbody>
          {sorted.map(({ name, importance }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="bar-cell" aria-label="bar">
                <svg width="100%" height="10" aria-hidden="true">
                  <rect width={`${(100 * (importance ?? 0)) / most}%`} height="10" rx="2" className="bar" />
                </svg>
              </td>
              <td className="number">{importance === null ? '–' : `${formatNumber(100 * importance, 0)} %`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-2">
        {preview.type === 'forest' || preview.type === 'boosting'
          ? 'Share of the fall in variance'
          : 'Share of the rise in squared error when a predictor is permuted'}
        , {rows} rows.
        {outOfBag.n > 0
          ? ` Out of bag: RMSE ${formatNumber(outOfBag.rmse)} ${formatUnit(unit)}, R² ${formatNumber(outOfBag.rSquared, 2)}, n ${outOfBag.n}; rows beside each other make this optimistic.`
          : ''}
      </p>
      {warnings.map((text) => (
        <p key={text} className="text-2">
          {text}
        </p>
      ))}
    </section>
  )
}
