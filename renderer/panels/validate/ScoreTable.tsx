import type { ScoreRow } from '../../../main/contract/index.ts'
import { Chip } from '../../widgets/PanelState.tsx'
import { ReferenceName } from './ReferenceName.tsx'
import { ScoreCells } from './ScoreCells.tsx'
import { ScoreHead } from './ScoreHead.tsx'
import { shownMeasures } from './measures.ts'

/** The hardest split first, the optimistic one last; then what a map has to beat. */
const order = ['place and time folds', 'place folds', 'time folds', 'fine map', 'coarse product', 'random folds']

const spaced = (subject: string) => subject.replaceAll('_', ' ')
const rank = ({ subject }: ScoreRow) => {
  const at = order.indexOf(spaced(subject))
  return at < 0 ? order.length : at
}

/** Overall, then the fine map where the model knows such places and where it does not. */
const isShown = ({ part, subject }: ScoreRow) =>
  part === 'overall' || (part.startsWith('applicability:') && subject === 'fine map')
const partWords: Readonly<Record<string, string>> = {
  'applicability:inside': 'inside applicability',
  'applicability:outside': 'outside applicability',
}

/** Scores of all subjects against one reference, each with its 95 % interval; those of the fine map also inside and outside its
 *  area of applicability, where the run maps it. */
export function ScoreTable({ rows }: { readonly rows: readonly ScoreRow[] }) {
  const sorted = rows.filter(isShown).sort((a, b) => rank(a) - rank(b))
  const hasCoarse = sorted.some(({ subject }) => subject.startsWith('coarse'))
  const isCrossValidation = sorted[0]?.validation === 'crossValidation'
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keyboard
    <div className="score-table-scroll" role="region" aria-label="Scores" tabIndex={0}>
      <table className="score-table">
        <ScoreHead>
          Against {isCrossValidation ? 'rows held out' : <ReferenceName name={sorted[0]?.validation ?? ''} />}
        </ScoreHead>
        <tbody>
          {sorted.map(({ subject, part, scores, measured }) => (
            <tr key={`${subject} ${part}`}>
              <th scope="row">
                {spaced(subject)} {part in partWords && <Chip>{partWords[part]}</Chip>}
                {subject.startsWith('random') && <Chip tone="warn">optimistic</Chip>}
                {!measured && <Chip>consistency</Chip>}
              </th>
              <ScoreCells scores={scores} />
            </tr>
          ))}
          {!hasCoarse && !isCrossValidation && (
            <tr>
              <th scope="row">coarse product</th>
              <td colSpan={shownMeasures.length + 1} className="text-2">
                not given, so nobody can say whether the fine map helps
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}
