import { Button } from '../../../widgets/Button.tsx'
import { ErrorStrip, Strip } from '../../../widgets/PanelState.tsx'
import { formatCount, formatNumber, formatSignificant } from '../../../widgets/format.ts'
import { setGrid } from './set-grids.ts'
import type { useGridAudit } from './use-grids.ts'

/** Verdicts first: they say what is to be done. */
export function GridAudit({
  audit,
  hasCoarse,
}: {
  readonly audit: ReturnType<typeof useGridAudit>
  readonly hasCoarse: boolean
}) {
  return (
    <>
      {audit.error && <ErrorStrip fault={audit.error} />}
      {audit.data && (
        <section className="panel-section" aria-label="How the grids lie in each other">
          <h3>How they lie in each other</h3>
          <div className="grid-findings">
            {audit.data.findings.map(({ tone, text, of, snap }) => (
              <Strip
                key={text}
                tone={tone}
                action={snap && <Button onPress={() => setGrid(of, snap)}>Snap to it</Button>}
              >
                {text}
              </Strip>
            ))}
          </div>
          <dl className="facts">
            {audit.data.grids.map((each) => (
              <div key={each.of} className="grid-fact">
                <dt>{{ coarse: 'Coarse', training: 'Training', fine: 'Fine' }[each.of]}</dt>
                <dd>
                  {each.cellText}, {formatCount(each.grid.rows)} × {formatCount(each.grid.cols)} cells
                  {each.of === 'coarse' && <span className="text-2"> · {each.name}</span>}
                </dd>
              </div>
            ))}
            {audit.data.scaleFactor && (
              <>
                <dt>Scale factor</dt>
                <dd>{formatSignificant((audit.data.scaleFactor.x + audit.data.scaleFactor.y) / 2, 4)}</dd>
              </>
            )}
            {audit.data.overlap !== null && (
              <>
                <dt>Overlap</dt>
                <dd>{formatNumber(Math.floor(audit.data.overlap * 1000) / 10, 1)} % of the fine grid</dd>
              </>
            )}
          </dl>
          {!hasCoarse && <p className="text-2">Without a coarse target there is nothing to nest in.</p>}
        </section>
      )}
    </>
  )
}
