import { recipeSettings } from '../../../main/contract/index.ts'
import type { CardId, Draft, DraftRemark, Setting, SettingCondition } from '../../../main/contract/index.ts'
import { useDraftCheck } from '../../api/recipe.ts'
import { partAt, useDraft } from '../../state/draft.ts'
import { EmptyState, Strip } from '../../widgets/PanelState.tsx'
import { GridCard } from './GridCard.tsx'
import { PredictorsCard } from './PredictorsCard.tsx'
import { SettingField, concerns } from './SettingField.tsx'
import { TargetCard } from './TargetCard.tsx'
import { ValidationCard } from './ValidationCard.tsx'
import { cardTitles, useModel } from './model-state.ts'
import { TestPartEditor } from './test-part/TestPartEditor.tsx'

/** The open card's settings. */
export function ModelRight() {
  const card = useModel((state) => state.card)
  const draft = useDraft()
  const check = useDraftCheck(draft)
  if (Object.keys(draft).length === 0)
    return <EmptyState>Each card's settings stand here, with default, unit, range and why.</EmptyState>
  const remarks = (check.data?.remarks ?? []).filter((remark) => remark.card === card)
  const shown = recipeSettings().filter((setting) => setting.card === card && isShown(setting, draft))
  const isNamed = (remark: DraftRemark) => shown.some((setting) => concerns(remark, setting))
  return (
    <div className="model-right">
      <div className="panel-head">
        <h2>{cardTitles[card]}</h2>
      </div>
      <Remarks
        remarks={remarks.filter((remark) => !(isNamed(remark) && ['error', 'missing'].includes(remark.severity)))}
      />
      <div className="panel-section form">
        <Own card={card} remarks={remarks} />
        {shown
          .filter(({ path }) => !path.startsWith('split.test.'))
          .map((setting) => (
            <SettingField
              key={`${setting.path} ${setting.when?.is ?? ''} ${setting.when?.within?.is ?? ''}`}
              setting={setting}
              draft={draft}
              remarks={remarks}
            />
          ))}
        {card === 'samples' && partAt(draft, 'split.test') !== undefined && (
          <TestPartEditor draft={draft} remarks={remarks} />
        )}
      </div>
    </div>
  )
}

/** Widgets made by hand, where choosing from the project pays. */
function Own({ card, remarks }: { readonly card: CardId; readonly remarks: readonly DraftRemark[] }) {
  switch (card) {
    case 'target':
      return <TargetCard />
    case 'predictors':
      return <PredictorsCard remarks={remarks} />
    case 'output':
      return <GridCard />
    case 'validation':
      return <ValidationCard />
    default:
      return null
  }
}

const tones = { error: 'bad', missing: 'info', warning: 'warn', note: 'info' } as const

export function Remarks({ remarks }: { readonly remarks: readonly DraftRemark[] }) {
  const strips = remarks.filter(({ severity }) => severity !== 'note')
  const notes = remarks.filter(({ severity }) => severity === 'note')
  if (remarks.length === 0) return null
  const order = ['error', 'missing', 'warning', 'note']
  return (
    <div className="model-remarks">
      {strips
        .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
        .map(({ path, severity, message, remedy }) => (
          <Strip key={`${path} ${message}`} tone={tones[severity]}>
            {message} {remedy && <strong className="model-remedy">{remedy}</strong>}
          </Strip>
        ))}
      {notes.length > 0 && (
        <details className="model-notes">
          <summary>
            {notes.length} {notes.length === 1 ? 'note' : 'notes'}
          </summary>
          <ul>
            {notes.map(({ path, message, remedy }) => (
              <li key={`${path} ${message}`}>
                {message} {remedy}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** A setting whose condition does not hold would do nothing. */
function isShown({ path, when }: Setting, draft: Draft): boolean {
  if (path === 'split.blockSize' || path === 'split.leaveOneOut' || path === 'split.timeBlock') {
    const by = partAt(draft, 'split.by') ?? 'place'
    const isStations = partAt(draft, 'target.stations') !== undefined
    if (path === 'split.timeBlock') return by === 'time' || by === 'place_and_time'
    if (by !== 'place' && by !== 'place_and_time') return false
    return path === 'split.leaveOneOut' ? isStations && by === 'place' : !isStations
  }
  return holds(when, draft)
}

function holds(when: SettingCondition | null, draft: Draft): boolean {
  if (!when) return true
  const value = partAt(draft, when.path)
  return (when.is === 'on' ? value !== undefined : value === when.is) && holds(when.within, draft)
}
