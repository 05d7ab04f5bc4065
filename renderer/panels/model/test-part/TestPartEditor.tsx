import type { Draft, DraftCheck, DraftRemark } from '../../../../main/contract/index.ts'
import { useDraftCheck, useDraftFolds } from '../../../api/recipe.ts'
import { partAt } from '../../../state/draft.ts'
import { usePointer } from '../../../state/pointer.ts'
import { useWorkspaceStore } from '../../../state/workspace.ts'
import { Strip } from '../../../widgets/PanelState.tsx'
import { formatCount } from '../../../widgets/format.ts'
import { SealedArea } from './SealedArea.tsx'
import { SealedPeriod } from './SealedPeriod.tsx'
import { SealedStations } from './SealedStations.tsx'
import { sealableDraft } from './sealable-draft.ts'
import { sealedWords } from './sealed-words.ts'
import { sealedIn } from './test-stations.ts'
import './test-part.css'

interface TestPartEditorProps {
  readonly draft: Draft
  readonly remarks: readonly DraftRemark[]
}

/** What the sealed test part holds, and how much of the rows that is. */
export function TestPartEditor({ draft, remarks }: TestPartEditorProps) {
  const mapCrs = usePointer((state) => state.crs)
  const sealable = sealableDraft(draft)
  const check = useDraftCheck(sealable).data
  const gridCrs = check?.fineGrid?.crs ?? null
  const fault = (part: string) =>
    remarks.find(
      ({ path, severity }) => (severity === 'error' || severity === 'missing') && path.startsWith(`split.test.${part}`),
    )?.message ?? null
  return (
    <section className="test-part" aria-label="What is sealed">
      <Sentence draft={sealable} check={check} />
      <SealedStations draft={draft} crs={mapCrs ?? gridCrs} fault={fault('stations')} />
      <SealedArea draft={draft} gridCrs={gridCrs} fault={fault('extent')} />
      <SealedPeriod draft={draft} fault={fault('period')} />
    </section>
  )
}

function Sentence({ draft, check }: { readonly draft: Draft; readonly check: DraftCheck | undefined }) {
  const crs = useWorkspaceStore((state) => state.document.crs)
  const folds = useDraftFolds(draft, crs, check?.recipe != null)
  if (partAt(draft, 'split.test') === undefined)
    return <p className="text-2">Nothing is sealed yet. Choose stations, an area or a period.</p>
  if (!check?.recipe) return <p className="text-2">Rows are counted once the recipe is whole.</p>
  if (folds.error) return <Strip tone="bad">{folds.error.message}</Strip>
  const sealed = folds.data?.sealed
  if (!sealed || folds.isPlaceholderData)
    return (
      <p className="text-2" role="status">
        Counting the rows …
      </p>
    )
  const references = 'stations' in check.recipe.target ? 0 : sealedIn(draft).length
  if (sealed.rows === 0 && references > 0)
    return (
      <p role="status">
        Sealed: the pairs of {formatCount(references)} {references === 1 ? 'station' : 'stations'} in validation. A
        raster target has no row at a station, so the folds share all {formatCount(sealed.of)}.
      </p>
    )
  if (sealed.rows === 0)
    return (
      <Strip tone="warn">
        No row of the target lies in what is sealed, so there will be nothing to open. Look at the stations, the area
        and the dates.
      </Strip>
    )
  return (
    <p role="status">
      {sealedWords(
        sealed,
        'stations' in check.recipe.target ? 'stations' : 'coarse cells',
        folds.data?.days.length ?? 0,
      )}
      {references > 0
        ? ` Besides, the pairs of ${formatCount(references)} ${references === 1 ? 'station' : 'stations'} in validation: a raster target has no row there.`
        : ''}
      {folds.data && folds.data.daysLeft > 0
        ? ` Counted on dates spread over the training period; ${formatCount(folds.data.daysLeft)} more were not looked at.`
        : ''}
    </p>
  )
}
