import type { ScoreRow } from '../../../main/contract/index.ts'
import { formatCount } from '../../widgets/format.ts'
import { fewPairs, measureText, shownMeasures } from './measures.ts'

/** The cells of one row of scores: n with its groups, then each measure with its 95 % interval, or that the pairs are too few. */
export function ScoreCells({ scores }: { readonly scores: ScoreRow['scores'] }) {
  return (
    <>
      <td className="number">
        {formatCount(scores.n)} ({scores.groups})
      </td>
      {scores.n < fewPairs ? (
        <td colSpan={shownMeasures.length} className="text-2">
          n {scores.n}: too few to judge by
        </td>
      ) : (
        shownMeasures.map(({ name }) => (
          <td key={name} className="number">
            {measureText(scores.measures[name])}
          </td>
        ))
      )}
    </>
  )
}
