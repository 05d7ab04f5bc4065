import type { GridSpec } from '../../../../main/contract/index.ts'
import { useSources } from '../../../state/sources.ts'
import { useWorkspaceStore } from '../../../state/workspace.ts'
import { Button, IconButton } from '../../../widgets/Button.tsx'
import { EmptyState, ErrorStrip, LoadingLine, Strip } from '../../../widgets/PanelState.tsx'
import { formatSignificant } from '../../../widgets/format.ts'
import { openDataPanel } from '../data-panel.ts'
import { AreaSection } from './AreaSection.tsx'
import { CrsSection } from './CrsSection.tsx'
import { GridAudit } from './GridAudit.tsx'
import { GridChoice } from './GridChoice.tsx'
import { PeriodSection } from './PeriodSection.tsx'
import { setGrid } from './set-grids.ts'
import { gridsOfRecipe, useGridAudit, useGridSuggestion } from './use-grids.ts'
import { useGridOutlines } from './use-grid-outlines.ts'
import './grids.css'

/** Working CRS, area, period and grids, and how the grids lie in each other; their outlines are on the map. */
export function GridsPanel() {
  const document = useWorkspaceStore((state) => state.document)
  const { datasets, stationSets } = useSources()
  const { crs, area } = document
  const { fine, coarse, training, hasRasterTarget } = gridsOfRecipe(document, datasets)
  const suggestion = useGridSuggestion(crs)
  const audit = useGridAudit(fine, coarse, training, crs)
  useGridOutlines(audit.data ?? null, crs)
  const suggested = suggestion.data
  const fineCell = audit.data?.grids.find(({ of }) => of === 'fine')?.grid.transform[1] ?? 30
  return (
    <>
      <div className="panel-head">
        <h2>Area and grids</h2>
        <IconButton icon="close" label="Close" keys="Esc" onPress={() => openDataPanel('card')} />
      </div>
      <LoadingLine isShown={suggestion.isFetching || audit.isFetching} label="Looking at the grids" />
      {datasets.length + stationSets.length === 0 && (
        <EmptyState>Add data first: the working CRS, the area and the grids are suggested from them.</EmptyState>
      )}
      {suggestion.error && <ErrorStrip fault={suggestion.error} onRetry={() => void suggestion.refetch()} />}
      <GridAudit audit={audit} hasCoarse={coarse !== null} />
      {suggested && (
        <>
          <CrsSection suggested={suggested} />
          <AreaSection area={area} crs={crs} suggested={suggested.area} reason={suggested.areaReason} />
          <PeriodSection period={document.period} suggested={suggested.period} reason={suggested.periodReason} />
          <section className="panel-section">
            <h3>Fine grid</h3>
            <GridChoice of="fine" grid={fine} area={area} crs={crs} ownCellSize={30} />
            {suggested.fine && JSON.stringify(fine) !== JSON.stringify(suggested.fine.spec) && (
              <Strip
                tone="info"
                action={
                  <Button onPress={() => setGrid('fine', suggested.fine?.spec as GridSpec)}>
                    {'like' in suggested.fine.spec
                      ? `Take the cells of ${suggested.fine.spec.like}`
                      : `Take cells of ${formatSignificant(suggested.fine.spec.cellSize)}`}
                  </Button>
                }
              >
                {suggested.fine.reason}
              </Strip>
            )}
          </section>
          <section className="panel-section">
            <h3>Training grid</h3>
            {hasRasterTarget ? (
              <GridChoice
                of="training"
                grid={training}
                area={area}
                crs={crs}
                ownCellSize={10 * fineCell}
                none={coarse === null ? 'of the target itself' : `of the target itself, ${coarse}`}
              />
            ) : (
              <p className="text-2">
                It holds the training rows of a coarse product. Stations are taken where they stand, so they need none.
              </p>
            )}
          </section>
        </>
      )}
    </>
  )
}
