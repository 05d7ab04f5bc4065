import type { ValidationPairs } from '../../../main/contract/index.ts'
import { useChartFilter } from '../../state/chart-filter.ts'
import { Strip } from '../../widgets/PanelState.tsx'
import { formatCount } from '../../widgets/format.ts'
import './filtered-scores.css'
import { ScoreCells } from './ScoreCells.tsx'
import { ScoreHead } from './ScoreHead.tsx'

const names = { fine: 'fine map', coarse: 'coarse product', smoothed: 'coarse product, smoothed' }

/** Scores of what the filter leaves, computed anew from its pairs; they stand apart from those the run keeps. */
export function FilteredScores({ pairs }: { readonly pairs: ValidationPairs }) {
  const { ranges, lasso } = useChartFilter()
  const line = lasso.pairs
  const byError = [...Object.keys(ranges.pairs), ...(line ? [line.x, line.y] : [])].filter((of) => of !== 'observed')
  return (
    <section aria-label="Scores of what is filtered" className="filtered-scores">
      <h3>
        Filtered, n = {formatCount(pairs.density.n)} of {formatCount(pairs.of)} pairs
      </h3>
      <p className="text-2">
        Computed anew from the pairs that are left, the coarse product on the same ones. The tables below are the run's
        own scores.
      </p>
      {byError.length > 0 && (
        <Strip tone="warn">
          These pairs were chosen by {[...new Set(byError)].join(' and ')}, so by how well they fit. Their scores
          describe them and say nothing of how good the map is.
        </Strip>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keyboard */}
      <div className="score-table-scroll" role="region" aria-label="Filtered scores" tabIndex={0}>
        <table className="score-table">
          <ScoreHead>Filtered pairs</ScoreHead>
          <tbody>
            {pairs.subjects.map(({ subject, scores }) => (
              <tr key={subject}>
                <th scope="row">{names[subject]}</th>
                <ScoreCells scores={scores} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
