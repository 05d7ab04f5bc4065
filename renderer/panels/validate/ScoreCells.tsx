import type { ScoreRow } from '../../../main/contract/index.ts'
import { formatCount } from '../../widgets/format.ts'
import { fewPairs, intervalText, measureText, shownMeasures } from './measures.ts'

/** The cells of one row of scores: n above its groups, then each measure above its 95 % interval, or that the pairs are too few. */
export function ScoreCells({ scores }: { readonly scores: ScoreRow['scores'] }) {
  const groups = `${formatCount(scores.groups)} ${scores.groups === 1 ? 'group' : 'groups'}`
  return (
    <>
      <td className="number">
        {formatCount(scores.n)} <span className="score-under">{groups}</span>
      </td>
      {scores.n < fewPairs ? (
        <td colSpan={shownMeasures.length} className="text-2">
          n {scores.n}: too few to judge by
        </td>
      ) : (
        shownMeasures.map(({ name }) => (
          <td key={name} className="number">
            {measureText({ ...scores.measures[name], low: null, high: null })}{' '}
            <span className="score-under">{intervalText(scores.measures[name])}</span>
          </td>
        ))
      )}
    </>
  )
}
