import type { ValidationPairs } from '../../../main/contract/index.ts'
import { session } from '../../state/session.ts'
import { ScatterChart } from '../../widgets/charts/ScatterChart.tsx'
import { formatCount, formatNumber, formatUnit } from '../../widgets/format.ts'
import { measureText } from './measures.ts'

const subjectNames = { fine: 'Fine map', coarse: 'Coarse product', smoothed: 'Coarse product, smoothed' }

/** Predicted against observed with the 1:1 line. Choosing a point chooses its day and station everywhere. */
export function PairsChart({
  pairs,
  onStation,
}: {
  readonly pairs: ValidationPairs
  readonly onStation: (station: string) => void
}) {
  const { density, points, scores, unit, subject, of } = pairs
  const { low, high, ...counts } = density
  const r = measureText(scores.measures.pearsonR)
  const shownUnit = formatUnit(unit)
  const axis = (name: string, title: string) => ({ name, unit, title: `${title}, ${shownUnit}`, low, high })
  return (
    <ScatterChart
      {...counts}
      title={`${subjectNames[subject]} against observed`}
      description={`Scatter, ${formatCount(density.n)} pairs, R ${r}, RMSE ${measureText(scores.measures.rmse)} ${shownUnit}`}
      counted="pairs"
      countedOf={`of ${scores.groups} groups`}
      remark={`; both axes in ${shownUnit}; R ${r}; bias ${measureText(scores.measures.bias)} (predicted − observed, positive is too wet). Line: 1:1.`}
      placeWord="station"
      scope="pairs"
      x={axis('observed', 'Observed')}
      y={axis('predicted', 'Predicted')}
      of={of}
      points={
        points &&
        points.map(({ observed, predicted, day, station }) => ({ x: observed, y: predicted, day, place: station }))
      }
      wordsOf={(observed, predicted) => `observed ${formatNumber(observed)}, predicted ${formatNumber(predicted)}`}
      onPick={({ day, place }) => {
        session().set({ day })
        if (place) onStation(place)
      }}
      hasIdentityLine
    />
  )
}
